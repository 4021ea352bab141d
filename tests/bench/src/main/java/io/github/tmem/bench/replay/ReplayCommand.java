package io.github.tmem.bench.replay;

import io.github.tmem.api.GetMode;
import io.github.tmem.api.config.StoreConfig;
import io.github.tmem.bench.report.PhaseLines;
import io.github.tmem.bench.trace.Amount;
import io.github.tmem.bench.trace.SampleTraces;
import io.github.tmem.bench.trace.Trace;
import io.github.tmem.bench.trace.TraceReader;
import io.github.tmem.node.console.ExitCode;
import io.github.tmem.node.console.Figures;
import io.github.tmem.node.console.OutputFile;
import io.github.tmem.node.console.Progress;
import io.github.tmem.node.console.Table;
import io.github.tmem.node.console.TerminalBar;
import io.github.tmem.node.console.UserMistakeException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
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
                    + " the file, which then share those pages' bytes in the proportions written there; with --tiers it"
                    + " has tiers that share the pages so.",
            "--peers compares: LRU, SIEVE, S3-FIFO, ARC and Belady's optimum are simulated, W-TinyLFU is Caffeine. Unless"
                    + " you say otherwise it takes both sorts of gets, four sizes each, and all sample traces.",
            "",
            "Exit code: 0 all is well, 1 the store gave wrong bytes, 2 your mistake."
        })
public final class ReplayCommand implements Callable<Integer> {
    static final String CAPACITY = "--capacity";
    static final String GUEST = "--guest";

    private static final String NAME = "tmem replay";
    private static final String TIERS = "--tiers";
    private static final String GUEST_DEFAULT = "10%";

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before call()
    private CommandSpec spec;

    @Parameters(paramLabel = "TRACE", arity = "0..*", description = "the traces; needed without --peers")
    private List<Path> files = List.of();

    @Option(
            names = CAPACITY,
            paramLabel = "SIZE",
            split = ",",
            description = "sizes of the store: shares of each trace's distinct pages (10%%,30%%) or numbers of pages")
    private List<String> capacities = List.of();

    @Option(names = "--get", paramLabel = "MODE", description = "inclusive or exclusive; needed without --peers")
    private @Nullable String get;

    @Option(
            names = GUEST,
            paramLabel = "SIZE",
            description = "size of the guest's page cache, for exclusive gets (default: " + GUEST_DEFAULT + "%)")
    private @Nullable String guest;

    @Option(names = "--config", paramLabel = "FILE", description = "the tiers to use")
    private @Nullable Path config;

    @Option(
            names = TIERS,
            paramLabel = "SHARES",
            split = ",",
            description = "tiers that share the capacity so, the first tier first (10:90); with --peers several"
                    + " chains can be given (10:90,10:30:60)")
    private List<String> tiers = List.of();

    @Option(names = "--peers", description = "compares with other policies that have as many pages")
    private boolean peers;

    @Option(names = "--json", paramLabel = "FILE", description = "writes the figures to this file too")
    private @Nullable Path json;

    /** The command, for one use. */
    public ReplayCommand() {}

    @Override
    public Integer call() {
        if (json != null) {
            OutputFile.checkWritable(json);
        }
        try {
            if (peers) {
                compare();
            } else {
                replay();
            }
        } catch (OutOfMemoryError e) {
            throw new UserMistakeException(
                    "too little memory (" + e.getMessage()
                            + "); allow more, for example TMEM_JAVA_OPTS=-Xmx4g, or replay fewer traces at once",
                    e);
        }
        return ExitCode.OK;
    }

    private void replay() {
        if (files.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "Missing required parameter: 'TRACE'");
        }
        if (get == null) {
            throw new ParameterException(spec.commandLine(), "Missing required option: '--get=MODE'");
        }
        GetMode mode = mode(get);
        Amount guestSize = guestSize(mode);
        List<@Nullable Amount> sizes = sizes();
        run(mode, guestSize, jobs(stores(), sizes, guestSize));
    }

    private Stores stores() {
        List<TierShares> chains = chains();
        if (chains.size() > 1) {
            throw new UserMistakeException(TIERS + " of several chains goes with --peers");
        }
        if (chains.isEmpty()) {
            return config == null ? Stores.exact() : Stores.of(config);
        }
        return Stores.chain(chains.getFirst());
    }

    private List<TierShares> chains() {
        if (!tiers.isEmpty() && config != null) {
            throw new UserMistakeException(TIERS + " does not go with --config, which has tiers of its own");
        }
        return tiers.stream().map(text -> TierShares.parse(TIERS, text)).toList();
    }

    private static GetMode mode(String word) {
        return Arrays.stream(GetMode.values())
                .filter(mode -> mode.word().equals(word))
                .findFirst()
                .orElseThrow(() -> new UserMistakeException("--get \"" + word + "\"; allowed: inclusive, exclusive"));
    }

    /** Everything is read and checked before the first run, here too. */
    private void compare() {
        if (config != null) {
            throw new UserMistakeException("--peers does not go with --config; give tiers with " + TIERS);
        }
        List<GetMode> modes = get == null ? List.of(GetMode.INCLUSIVE, GetMode.EXCLUSIVE) : List.of(mode(get));
        Map<TierShares, Stores> chains = new LinkedHashMap<>();
        chains().forEach(shares -> chains.put(shares, Stores.chain(shares)));
        List<Trace> traces = files().stream().map(TraceReader::read).toList();
        List<PolicyComparisons> all = new ArrayList<>();
        for (GetMode mode : modes) {
            Amount guestSize = mode == GetMode.INCLUSIVE && modes.size() > 1 ? null : guestSize(mode);
            List<String> sizes = capacities.isEmpty() ? PolicyComparisons.usualSizes(mode) : capacities;
            all.add(PolicyComparisons.of(
                    traces,
                    sizes.stream().map(text -> Amount.parse(CAPACITY, text)).toList(),
                    guestSize,
                    chains));
        }
        compare(all);
    }

    private List<Path> files() {
        List<Path> all = files.isEmpty() ? SampleTraces.all() : files;
        if (all.isEmpty()) {
            throw new UserMistakeException("give a TRACE; there are no samples, files traces/*.pt.gz in the folder that"
                    + " the build property tmem.samples names");
        }
        return all;
    }

    private void compare(List<PolicyComparisons> all) {
        PrintWriter out = spec.commandLine().getOut();
        List<PolicyFigures> figures = new ArrayList<>();
        List<String> lines = new ArrayList<>();
        long accesses = all.stream().mapToLong(PolicyComparisons::accesses).sum();
        try (Progress progress =
                progress(accesses, new PhaseLines(NAME, spec.commandLine().getErr()))) {
            for (PolicyComparisons comparisons : all) {
                List<Standings> standings = comparisons.run(progress);
                Amount guestSize = comparisons.guest();
                standings.forEach(one -> figures.add(one.figures(guestSize == null ? null : guestSize.typed())));
                lines.add("hit ratios in per cent; " + comparisons.title());
                lines.add("");
                lines.addAll(PolicyText.lines(standings));
                lines.add("");
            }
            progress.phase("done");
        }
        lines.subList(0, lines.size() - 1).forEach(out::println);
        out.flush();
        if (json != null) {
            OutputFile.writeJson(figures, json);
        }
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
            Course course = guestSize == null
                    ? Course.direct(trace)
                    : Course.behindGuest(trace, guestSize.pagesOf(trace, GUEST));
            for (Amount size : sizes) {
                int pages = size == null ? 0 : size.pagesOf(trace, CAPACITY);
                StoreConfig store = size == null ? stores.asWritten() : stores.holding(size, trace);
                jobs.add(new ReplayJob(course, size, pages, store));
            }
        }
        return jobs;
    }

    private void run(GetMode mode, @Nullable Amount guestSize, List<ReplayJob> jobs) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(mode.word() + " gets"
                + (guestSize == null ? "" : ", behind a guest's page cache of " + guestSize.typed())
                + "; " + tiersInWords());
        out.flush();
        List<ReplayFigures> figures = new ArrayList<>();
        Table table = new Table("trace", "capacity", "pages", "gets", "hits", "hit ratio", "accesses/s");
        List<String> notes = new ArrayList<>();
        long accesses =
                jobs.stream().mapToLong(job -> job.course().trace().length()).sum();
        try (Progress progress = progress(accesses, Progress.silent())) {
            for (ReplayJob job : jobs) {
                progress.phase(job.course().trace().name());
                ReplayResult result = job.run(progress);
                figures.add(job.figures(guestSize, result));
                addRow(table, job, result);
                notes.addAll(notes(job, result));
            }
        }
        out.println();
        table.lines().forEach(out::println);
        notes.forEach(out::println);
        out.flush();
        if (json != null) {
            OutputFile.writeJson(figures, json);
        }
    }

    private String tiersInWords() {
        if (config != null) {
            return "the tiers of " + config;
        }
        return tiers.isEmpty() ? "one tier that evicts" : "tiers of " + tiers.getFirst();
    }

    private static Progress progress(long accesses, Progress withoutTerminal) {
        return TerminalBar.isUseful() ? new TerminalBar(System.err, NAME, accesses) : withoutTerminal;
    }

    private static void addRow(Table table, ReplayJob job, ReplayResult result) {
        table.row(
                job.course().trace().name(),
                job.capacity() == null ? "as written" : job.capacity().typed(),
                job.pages() == 0 ? "-" : Figures.count(job.pages()),
                Figures.count(result.hits().gets()),
                Figures.count(result.hits().hits()),
                String.format(Locale.ROOT, "%.2f %%", result.hits().ratio() * 100),
                Figures.count(Math.round(job.course().trace().length() * 1e9 / result.nanos())));
    }

    private List<String> notes(ReplayJob job, ReplayResult result) {
        List<String> notes = new ArrayList<>();
        String run = job.course().trace().name()
                + (job.capacity() == null ? "" : " " + job.capacity().typed());
        if (config != null || !tiers.isEmpty()) {
            notes.add(run + ": " + Stores.describe(job.store()));
        }
        if (result.refused() > 0) {
            notes.add(run + ": " + Figures.count(result.refused()) + " puts were refused");
        }
        return notes;
    }
}
