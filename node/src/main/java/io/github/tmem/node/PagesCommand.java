package io.github.tmem.node;

import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.api.config.Size;
import io.github.tmem.api.config.StoreConfig;
import io.github.tmem.api.config.TierConfig;
import io.github.tmem.api.spi.StoreProvider;
import io.github.tmem.node.console.ExitCode;
import io.github.tmem.node.console.Figures;
import io.github.tmem.node.console.OutputFile;
import io.github.tmem.node.console.Progress;
import io.github.tmem.node.console.TerminalBar;
import io.github.tmem.node.console.UserMistakeException;
import io.github.tmem.node.pages.PageFiles;
import io.github.tmem.node.pages.PagesReport;
import io.github.tmem.node.pages.PagesText;
import io.github.tmem.node.pages.Survey;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tmem pages}: how densely the pages of files are kept, and what that costs. */
@Command(
        name = "pages",
        description = "Stores the 4 KiB pages of files, reads them back, and shows density and cost.",
        mixinStandardHelpOptions = true,
        footer = {"", "Exit code: 0 all is well, 1 a page came back wrong, 2 your mistake."})
final class PagesCommand implements Callable<Integer> {
    /** More than the slabs of any mixture of pages waste. */
    private static final long SPARE_BYTES = 16L << 20;

    private final Installation installation;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before call()
    private CommandSpec spec;

    @Parameters(
            paramLabel = "FILE",
            arity = "1..*",
            description = "files of any size; a last page is filled with zeros")
    private List<Path> paths = List.of();

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "the store; what does not fit is reported (default: enough off-heap memory for all pages)")
    private @Nullable Path config;

    @Option(names = "--json", paramLabel = "FILE", description = "writes the figures to this file too")
    private @Nullable Path json;

    PagesCommand(Installation installation) {
        this.installation = installation;
    }

    @Override
    public Integer call() {
        StoreProvider provider = installation.store().get();
        @Nullable StoreConfig read = config == null ? null : provider.read(config);
        if (json != null) {
            OutputFile.checkWritable(json);
        }
        try (PageFiles files = new PageFiles(paths)) {
            return survey(files, read == null ? enoughFor(files) : read, provider);
        } catch (OutOfMemoryError e) {
            throw new UserMistakeException(
                    "too little memory for these pages (" + e.getMessage() + "); give fewer, or a smaller store", e);
        }
    }

    private int survey(PageFiles files, StoreConfig store, StoreProvider provider) {
        String chain = chainOf(store);
        PrintWriter out = spec.commandLine().getOut();
        out.println(
                Figures.count(files.count()) + " pages of " + paths.size() + (paths.size() == 1 ? " file" : " files")
                        + (files.padded() == 0 ? "" : ", the last page of " + files.padded() + " filled up with zeros")
                        + "; store: " + describe(store.chains().getOrDefault(chain, List.of())));
        out.flush();
        PoolConfig pool = PoolConfig.persistent("pages").withChain(chain);
        Survey survey = new Survey(files, () -> provider.open(store), pool);
        PagesReport report = survey.run(PagesCommand::progress);
        PagesText.lines(report).forEach(out::println);
        if (survey.wrong() > 0) {
            out.println("WRONG     " + Figures.count(survey.wrong()) + " pages did not come back as they were");
        }
        out.flush();
        if (json != null) {
            OutputFile.writeJson(report, json);
        }
        return survey.wrong() == 0 ? ExitCode.OK : ExitCode.BROKEN;
    }

    /** A chain of one tier that has room for every page even if none shrinks. */
    private static StoreConfig enoughFor(PageFiles files) {
        long bytes = files.byteSize() + files.byteSize() / 16 + SPARE_BYTES;
        return StoreConfig.ofChain(List.of(TierConfig.of("offheap", Size.ofBytes(bytes))), List.of());
    }

    private static String chainOf(StoreConfig store) {
        return store.chains().containsKey(PoolConfig.CHAIN_DEFAULT)
                ? PoolConfig.CHAIN_DEFAULT
                : store.chains().keySet().stream().sorted().findFirst().orElseThrow();
    }

    private static String describe(List<TierConfig> tiers) {
        return tiers.stream()
                .map(tier -> tier.type() + " "
                        + (tier.capacity().isPercent()
                                ? tier.capacity()
                                : Figures.bytes(tier.capacity().bytes())))
                .collect(Collectors.joining(" > "));
    }

    private static Progress progress(long pages) {
        return TerminalBar.isUseful() ? new TerminalBar(System.err, "tmem pages", pages) : Progress.silent();
    }
}
