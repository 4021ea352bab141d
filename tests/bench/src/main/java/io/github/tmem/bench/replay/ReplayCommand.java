package io.github.tmem.bench.replay;

import io.github.tmem.api.GetMode;
import io.github.tmem.api.config.ConfigException;
import io.github.tmem.api.config.StoreConfig;
import io.github.tmem.bench.trace.Amount;
import io.github.tmem.bench.trace.Trace;
import io.github.tmem.bench.trace.TraceReader;
import io.github.tmem.node.console.ExitCode;
import io.github.tmem.node.console.Figures;
import io.github.tmem.node.console.JsonFile;
import io.github.tmem.node.console.Progress;
import io.github.tmem.node.console.Table;
import io.github.tmem.node.console.TerminalBar;
import io.github.tmem.node.console.UserMistakeException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tmem replay}: recorded traces through a store, and the hit ratios that come of it. */
@Command(
        name = "replay",
        description = "Sends recorded page accesses through a store and shows the hit ratios.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "A trace is text, gzipped or not: lines \"R 4711 8\" or \"W 4711 8\" (read or write, first page, pages);"
                    + " lines that begin with # are comments.",
            "Inclusive: every access is a get, and after a miss a put. Exclusive: a guest's page cache stands in front;"
                    + " what it gives up is a put, what it misses a get, or a flush when it writes.",
            "The store holds exactly the pages of the capacity, all of one size. With --config it has the tiers of"
                    + " the file, which then share those pages' bytes in the proportions written there.",
            "",
            "Exit code: 0 all is well, 1 the store gave wrong bytes, 2 your mistake."
        })
public final class ReplayCommand implements Callable<Integer> {
    private static final String CAPACITY = "--capacity";
    private static final String GUEST = "--guest";
    private static final String GUEST_DEFAULT = "10%";

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before call()
    private CommandSpec spec;

    @Parameters(paramLabel = "TRACE", arity = "1..*", description = "the traces")
    private List<Path> files = List.of();

    @Option(
            names = CAPACITY,
            paramLabel = "SIZE",
            split = ",",
            description = "sizes of the store: shares of each trace's distinct pages (10%%,30%%) or numbers of pages")
    private List<String> capacities = List.of();

    @Option(names = "--get", paramLabel = "MODE", required = true, description = "inclusive or exclusive")
    @SuppressWarnings("NullAway.Init") // required: set by picocli before call()
    private String get;

    @Option(
            names = GUEST,
            paramLabel = "SIZE",
            description = "size of the guest's page cache, for exclusive gets (default: " + GUEST_DEFAULT + "%)")
    private @Nullable String guest;

    @Option(names = "--config", paramLabel = "FILE", description = "the tiers to use")
    private @Nullable Path config;

    @Option(names = "--json", paramLabel = "FILE", description = "writes the figures to this file too")
    private @Nullable Path json;

    /** The command, for one use. */
    public ReplayCommand() {}

    @Override
    public Integer call() {
        GetMode mode = mode();
        Amount guestSize = guestSize(mode);
        List<@Nullable Amount> sizes = sizes();
        if (json != null) {
            JsonFile.checkWritable(json);
        }
        try {
            Stores stores = config == null ? Stores.exact() : Stores.of(config);
            run(mode, guestSize, jobs(stores, sizes, guestSize));
        } catch (OutOfMemoryError e) {
            throw new UserMistakeException(
                    "too little memory (" + e.getMessage()
                            + "); allow more, for example TMEM_JAVA_OPTS=-Xmx4g, or replay fewer traces at once",
                    e);
        }
        return ExitCode.OK;
    }

    private GetMode mode() {
        return Arrays.stream(GetMode.values())
                .filter(mode -> mode.word().equals(get))
                .findFirst()
                .orElseThrow(() -> new UserMistakeException("--get \"" + get + "\"; allowed: inclusive, exclusive"));
    }

    private @Nullable Amount guestSize(GetMode mode) {
        if (mode == GetMode.INCLUSIVE) {
            if (guest != null) {
                throw new UserMistakeException(GUEST + " goes with --get exclusive; an inclusive replay has no guest");
            }
            return null;
        }
        return Amount.parse(GUEST, guest == null ? GUEST_DEFAULT : guest);
    }

    /** The sizes asked for; null stands for that of the configuration. */
    private List<@Nullable Amount> sizes() {
        List<@Nullable Amount> sizes = new ArrayList<>();
        capacities.forEach(text -> sizes.add(Amount.parse(CAPACITY, text)));
        if (sizes.isEmpty()) {
            if (config == null) {
                throw new UserMistakeException("give " + CAPACITY + ", for example 10%, or tiers with --config");
            }
            sizes.add(null);
        }
        return sizes;
    }

    /** Everything is read and checked before the first run. */
    private List<ReplayJob> jobs(Stores stores, List<@Nullable Amount> sizes, @Nullable Amount guestSize) {
        List<ReplayJob> jobs = new ArrayList<>();
        for (Path file : files) {
            Trace trace = TraceReader.read(file);
            int guestPages = guestSize == null ? 0 : guestSize.pagesOf(trace, GUEST);
            for (Amount size : sizes) {
                int pages = size == null ? 0 : size.pagesOf(trace, CAPACITY);
                StoreConfig store = size == null ? stores.asWritten() : sized(stores, pages, size, trace);
                jobs.add(new ReplayJob(trace, size, pages, store, guestPages));
            }
        }
        return jobs;
    }

    private static StoreConfig sized(Stores stores, int pages, Amount size, Trace trace) {
        try {
            return stores.holding(pages);
        } catch (ConfigException e) {
            throw new UserMistakeException(
                    CAPACITY + " " + size.typed() + " of " + trace.name() + ": " + e.getMessage(), e);
        }
    }

    private void run(GetMode mode, @Nullable Amount guestSize, List<ReplayJob> jobs) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(mode.word() + " gets"
                + (guestSize == null ? "" : ", behind a guest's page cache of " + guestSize.typed())
                + "; " + (config == null ? "one tier that evicts" : "the tiers of " + config));
        out.flush();
        List<ReplayFigures> figures = new ArrayList<>();
        Table table = new Table("trace", "capacity", "pages", "gets", "hits", "hit ratio", "accesses/s");
        List<String> notes = new ArrayList<>();
        try (Progress progress = progress(jobs)) {
            for (ReplayJob job : jobs) {
                progress.phase(job.trace().name());
                ReplayResult result = job.run(progress);
                figures.add(job.figures(mode, guestSize, result));
                addRow(table, job, result);
                notes.addAll(notes(job, result));
            }
        }
        out.println();
        table.lines().forEach(out::println);
        notes.forEach(out::println);
        out.flush();
        if (json != null) {
            JsonFile.write(figures, json);
        }
    }

    private static Progress progress(List<ReplayJob> jobs) {
        long accesses = jobs.stream().mapToLong(job -> job.trace().length()).sum();
        return TerminalBar.isUseful() ? new TerminalBar(System.err, "tmem replay", accesses) : Progress.silent();
    }

    private static void addRow(Table table, ReplayJob job, ReplayResult result) {
        table.row(
                job.trace().name(),
                job.capacity() == null ? "as written" : job.capacity().typed(),
                job.pages() == 0 ? "-" : Figures.count(job.pages()),
                Figures.count(result.gets()),
                Figures.count(result.hits()),
                String.format(Locale.ROOT, "%.2f %%", result.hitRatio() * 100),
                Figures.count(Math.round(job.trace().length() * 1e9 / result.nanos())));
    }

    private List<String> notes(ReplayJob job, ReplayResult result) {
        List<String> notes = new ArrayList<>();
        String run = job.trace().name()
                + (job.capacity() == null ? "" : " " + job.capacity().typed());
        if (config != null) {
            notes.add(run + ": " + Stores.describe(job.store()));
        }
        if (result.refused() > 0) {
            notes.add(run + ": " + Figures.count(result.refused()) + " puts were refused");
        }
        return notes;
    }
}
