package io.github.tmem.node;

import io.github.tmem.api.PageStore;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.api.config.Size;
import io.github.tmem.api.config.TierConfig;
import io.github.tmem.api.spi.StoreProvider;
import io.github.tmem.node.console.ExitCode;
import io.github.tmem.node.console.Figures;
import io.github.tmem.node.console.OutputFile;
import io.github.tmem.node.console.Progress;
import io.github.tmem.node.console.TerminalBar;
import io.github.tmem.node.console.UserMistakeException;
import io.github.tmem.node.demo.Course;
import io.github.tmem.node.demo.Demo;
import io.github.tmem.node.demo.DemoPlan;
import io.github.tmem.node.demo.DemoReport;
import io.github.tmem.node.demo.ReportText;
import io.github.tmem.node.serve.NodeProcess;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tmem demo}: real pages through a chain by several threads, every byte checked. */
@Command(
        name = "demo",
        description = "Sends real pages through a chain, checks every byte, and shows what each tier and pool did.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Where a tier may lose persistent pages (persistent: accept-loss), losses are counted, and no broken law.",
            "Exit code: 0 all is well, 1 a law was broken, 2 your mistake."
        })
final class DemoCommand implements Callable<Integer> {
    /** The store introduces its tiers in the log; here the report does that. Held, or the level would be forgotten. */
    private static final Logger STORE_LOG = Logger.getLogger("io.github.tmem");

    /** The report counts refusals by reason. */
    private static final Logger REFUSAL_LOG = Logger.getLogger("io.github.tmem.tiering.chain.RefusalLog");
    /** What the client of a server has to say, our own tier says in one line. */
    private static final List<Logger> CLIENT_LOGS =
            List.of(Logger.getLogger("io.lettuce"), Logger.getLogger("io.netty"));

    private static final Size PEER_CAPACITY = Size.parse("128MiB");

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

    @Option(
            names = "--remote",
            description = "heap 4 MiB, off-heap 8 MiB, and 64 MiB in a node that it starts in another process")
    private boolean remote;

    @Option(
            names = "--redis",
            paramLabel = "URI",
            description = "the same with a Redis or Valkey server: redis://host:port, rediss:// for TLS,"
                    + " redis+cluster://host:port,host:port for a cluster")
    private @Nullable String redis;

    @Option(names = "--secret-file", paramLabel = "FILE", description = "the secret of the server of --redis")
    private @Nullable Path secretFile;

    @Option(
            names = "--trust-file",
            paramLabel = "FILE",
            description = "certificates that vouch for the server of --redis (default: those of Java)")
    private @Nullable Path trustFile;

    @Option(names = "--live", description = "changes the tiers while the threads work, and says what moved")
    private boolean live;

    @Option(names = "--json", paramLabel = "FILE", description = "writes the figures to this file too")
    private @Nullable Path json;

    DemoCommand(Installation installation) {
        this.installation = installation;
    }

    @Override
    public Integer call() throws InterruptedException {
        checkOptions();
        StoreProvider provider = installation.store().get();
        if (json != null) {
            OutputFile.checkWritable(json);
        }
        STORE_LOG.setLevel(Level.WARNING);
        REFUSAL_LOG.setLevel(Level.SEVERE);
        CLIENT_LOGS.forEach(log -> log.setLevel(Level.OFF));
        if (remote) {
            return callOverPeer(provider);
        }
        if (redis != null) {
            return call(provider, DemoPlan.remote(serverSettings(redis)), report -> List.of());
        }
        return call(
                provider,
                config == null ? DemoPlan.standard() : DemoPlan.of(provider.read(config)),
                report -> List.of());
    }

    private void checkOptions() {
        if (remote && redis != null) {
            throw mistake("--remote starts a peer of its own; leave out --redis");
        }
        if (config != null && (remote || redis != null)) {
            throw mistake((remote ? "--remote" : "--redis") + " brings its own chain; leave out --config");
        }
        if (redis == null && (secretFile != null || trustFile != null)) {
            throw mistake((secretFile != null ? "--secret-file" : "--trust-file") + " is for the server of --redis");
        }
    }

    private ParameterException mistake(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    private Map<String, String> serverSettings(String uri) {
        Map<String, String> settings = new HashMap<>(Map.of("uri", uri));
        if (secretFile != null) {
            settings.put("secret-file", secretFile.toString());
        }
        if (trustFile != null) {
            settings.put("trust-file", trustFile.toString());
        }
        return settings;
    }

    private int callOverPeer(StoreProvider provider) throws InterruptedException {
        try (NodeProcess peer = NodeProcess.start(Main.class, PEER_CAPACITY)) {
            PrintWriter out = spec.commandLine().getOut();
            out.println("peer " + peer.address() + ", pid " + peer.pid() + ": a node in a process of its own, offheap "
                    + PEER_CAPACITY);
            // the peer is ready, and on a busy machine may still need more time than a server that is there is given
            DemoPlan plan = DemoPlan.remote(Map.of("uri", "redis://" + peer.address(), "reach", "later"));
            return call(
                    provider, plan, report -> lastWords(peer, report.verdict().losses()));
        }
    }

    /** What there is to say of a peer that has ended too early: what could not be reached is lost with it. */
    private static List<String> lastWords(NodeProcess peer, DemoReport.@Nullable Losses losses) {
        OptionalInt exitCode = peer.exitCode();
        if (exitCode.isEmpty() || losses == null) {
            return List.of();
        }
        return List.of("peer ended in the middle of the run (exit code " + exitCode.getAsInt() + "), and with it "
                + Figures.count(losses.unavailable()) + " persistent pages that nobody else has");
    }

    private int call(StoreProvider provider, DemoPlan plan, Function<DemoReport, List<String>> afterwards)
            throws InterruptedException {
        DemoReport report = run(provider, plan.withCourse(live ? Course.LIVE : Course.STEADY));
        PrintWriter out = spec.commandLine().getOut();
        afterwards.apply(report).forEach(out::println);
        out.println("pages " + Figures.bytes(report.sourceBytes()) + " of " + report.source());
        out.println();
        ReportText.lines(report).forEach(out::println);
        out.flush();
        if (json != null) {
            OutputFile.writeJson(report, json);
        }
        return report.verdict().clean() ? ExitCode.OK : ExitCode.BROKEN;
    }

    private DemoReport run(StoreProvider provider, DemoPlan plan) throws InterruptedException {
        try {
            return new Demo(plan, pages, DemoCommand::progress).run(settings -> {
                PageStore store = provider.open(settings);
                introduce(plan);
                return store;
            });
        } catch (OutOfMemoryError e) {
            throw new UserMistakeException(
                    "too little memory for this chain (" + e.getMessage()
                            + "); allow more, for example TMEM_JAVA_OPTS=-Xmx512m, or configure less",
                    e);
        }
    }

    private void introduce(DemoPlan plan) {
        PrintWriter out = spec.commandLine().getOut();
        if (plan.acceptsLoss()) {
            out.println(
                    "tier remote is configured persistent: accept-loss: it may lose persistent pages, which is counted");
        }
        out.println("chain " + describe(plan) + "; " + plan.threads() + " threads");
        out.flush();
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
