package io.github.tmem.node;

import io.github.tmem.api.spi.StoreProvider;
import io.github.tmem.node.config.Lending;
import io.github.tmem.node.config.NodeConfig;
import io.github.tmem.node.config.NodeReader;
import io.github.tmem.node.console.ExitCode;
import io.github.tmem.node.console.UserMistakeException;
import io.github.tmem.node.serve.Node;
import io.github.tmem.node.serve.Signals;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tmem serve}: a node that other machines put pages into, until it is told to stop. */
@Command(
        name = "serve",
        description = "Runs a node: its store serves the clients of its peer port, which speak the Redis protocol.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "SIGTERM or SIGINT ends it in good order, a second one at once.",
            "Exit code: 0 stopped, 1 stopped with requests cut off, or a bug, 2 your mistake."
        })
final class ServeCommand implements Callable<Integer> {
    private static final Duration GRACE = Duration.ofSeconds(10);
    private static final int EXIT_AT_ONCE = 130;
    /** Reading a file for an embedded store would say that it ignores our section. Held, or the level would be forgotten. */
    private static final Logger READER_LOG = Logger.getLogger("io.github.tmem.tiering.yaml");

    private final Installation installation;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before call()
    private CommandSpec spec;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            required = true,
            description = "chains, pools and the section node; see docs/node.md")
    @SuppressWarnings("NullAway.Init") // required: set by picocli before call()
    private Path config;

    /** For a program that starts a node of its own, which is not to outlive it even if it is killed. */
    @Option(
            names = "--until-input-ends",
            hidden = true,
            description = "also ends in good order when the standard input ends")
    private boolean untilInputEnds;

    ServeCommand(Installation installation) {
        this.installation = installation;
    }

    @Override
    public Integer call() throws InterruptedException {
        READER_LOG.setLevel(Level.WARNING);
        StoreProvider provider = installation.store().get();
        Lending lending =
                Lending.of(provider.read(config), installation.backends().get());
        NodeConfig settings = NodeReader.read(provider, config);
        CountDownLatch asked = new CountDownLatch(1);
        AtomicInteger times = new AtomicInteger();
        Signals.onEnd(() -> {
            if (times.incrementAndGet() > 1) {
                Runtime.getRuntime().halt(EXIT_AT_ONCE);
            }
            asked.countDown();
        });
        if (untilInputEnds) {
            Thread.ofPlatform().daemon().name("tmem-input").start(() -> {
                awaitEndOfInput();
                asked.countDown();
            });
        }
        Node node = start(provider, lending, settings);
        PrintWriter out = spec.commandLine().getOut();
        node.report().forEach(out::println);
        out.println("ready " + node.reachableAt() + " pid "
                + ProcessHandle.current().pid());
        out.flush();
        asked.await();
        out.println("stopping");
        out.flush();
        return node.stop(GRACE) ? ExitCode.OK : ExitCode.BROKEN;
    }

    private static void awaitEndOfInput() {
        try {
            System.in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            Logger.getLogger(ServeCommand.class.getName())
                    .log(Level.FINE, "the input cannot be read, so it ends here", e);
        }
    }

    private static Node start(StoreProvider provider, Lending lending, NodeConfig settings) {
        try {
            return Node.start(settings, lending, provider::open);
        } catch (OutOfMemoryError e) {
            throw new UserMistakeException(
                    "too little memory for these tiers (" + e.getMessage()
                            + "); allow more, for example TMEM_JAVA_OPTS=-Xmx512m, or configure less",
                    e);
        }
    }
}
