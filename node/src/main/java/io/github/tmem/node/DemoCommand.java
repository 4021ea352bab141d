package io.github.tmem.node;

import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.api.config.TierConfig;
import io.github.tmem.api.spi.StoreProvider;
import io.github.tmem.node.console.ExitCode;
import io.github.tmem.node.console.Figures;
import io.github.tmem.node.console.JsonFile;
import io.github.tmem.node.console.Progress;
import io.github.tmem.node.console.TerminalBar;
import io.github.tmem.node.console.UserMistakeException;
import io.github.tmem.node.demo.Course;
import io.github.tmem.node.demo.Demo;
import io.github.tmem.node.demo.DemoPlan;
import io.github.tmem.node.demo.DemoReport;
import io.github.tmem.node.demo.ReportText;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tmem demo}: real pages through a chain by several threads, every byte checked. */
@Command(
        name = "demo",
        description = "Sends real pages through a chain, checks every byte, and shows what each tier and pool did.",
        mixinStandardHelpOptions = true,
        footer = {"", "Exit code: 0 all is well, 1 a law was broken, 2 your mistake."})
final class DemoCommand implements Callable<Integer> {
    /** The store introduces its tiers in the log; here the report does that. Held, or the level would be forgotten. */
    private static final Logger STORE_LOG = Logger.getLogger("io.github.tmem");

    private final Installation installation;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before call()
    private CommandSpec spec;

    @Option(names = "--config", paramLabel = "FILE", description = "the store (default: heap 32 MiB, off-heap 64 MiB)")
    private @Nullable Path config;

    @Option(
            names = "--pages",
            paramLabel = "FILE",
            arity = "1..*",
            description = "files to take pages from (default: the files of the running JDK)")
    private List<Path> pages = List.of();

    @Option(names = "--live", description = "changes the tiers while the threads work, and says what moved")
    private boolean live;

    @Option(names = "--json", paramLabel = "FILE", description = "writes the figures to this file too")
    private @Nullable Path json;

    DemoCommand(Installation installation) {
        this.installation = installation;
    }

    @Override
    public Integer call() throws InterruptedException {
        StoreProvider provider = installation.store().get();
        DemoPlan plan = (config == null ? DemoPlan.standard() : DemoPlan.of(provider.read(config)))
                .withCourse(live ? Course.LIVE : Course.STEADY);
        if (json != null) {
            JsonFile.checkWritable(json);
        }
        STORE_LOG.setLevel(Level.WARNING);
        PrintWriter out = spec.commandLine().getOut();
        out.println("chain " + describe(plan) + "; " + plan.threads() + " threads");
        DemoReport report = run(provider, plan);
        out.println("pages " + Figures.bytes(report.sourceBytes()) + " of " + report.source());
        out.println();
        ReportText.lines(report).forEach(out::println);
        out.flush();
        if (json != null) {
            JsonFile.write(report, json);
        }
        return report.verdict().clean() ? ExitCode.OK : ExitCode.BROKEN;
    }

    private DemoReport run(StoreProvider provider, DemoPlan plan) throws InterruptedException {
        try {
            return new Demo(plan, pages, DemoCommand::progress).run(provider::open);
        } catch (OutOfMemoryError e) {
            throw new UserMistakeException(
                    "too little memory for this chain (" + e.getMessage()
                            + "); allow more, for example TMEM_JAVA_OPTS=-Xmx512m, or configure less",
                    e);
        }
    }

    private static Progress progress(long steps) {
        return TerminalBar.isUseful() ? new TerminalBar(System.err, "tmem demo", steps) : Progress.silent();
    }

    private static String describe(DemoPlan plan) {
        return Stream.of(plan.ephemeral(), plan.persistent())
                .map(PoolConfig::chain)
                .distinct()
                .map(chain -> describe(plan.config().chains().getOrDefault(chain, List.of())))
                .collect(Collectors.joining(" and "));
    }

    private static String describe(List<TierConfig> tiers) {
        return tiers.stream().map(tier -> tier.type() + " " + tier.capacity()).collect(Collectors.joining(" > "));
    }
}
