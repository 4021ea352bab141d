package io.github.tmem.kit.process;

import io.github.tmem.kit.Race;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A node, that is {@code tmem serve}, in a JVM of its own on a free port, in a folder of its own that goes when it is closed.
 * The node and its tiers have to be on the class path of the test. Beyond loopback it speaks TLS and knows one user. For
 * one thread.
 */
public final class NodeProcess implements PeerProcess {
    private static final String MAIN = "io.github.tmem.node.Main";
    private static final String USER = "peer";
    private static final String SECRET = "secret-of-the-peer";
    private static final long POLL_NANOS = 5_000_000;

    private final Path folder = ServerFolder.make("tmem-node");
    private final Place place;
    private final int port = ServerFolder.freePort();
    private final @Nullable Certificate certificate;
    private final Path config;
    private ServerProcess process;

    private NodeProcess(Place place, String chains, List<String> settings) {
        this.place = place;
        List<String> section = new ArrayList<>(List.of("bind: " + place.host(), "port: " + port));
        section.addAll(settings);
        try {
            certificate = place.equals(Place.LOOPBACK) ? null : Certificate.make(folder, "server", place.host());
            if (certificate != null) {
                Path secret = Files.writeString(folder.resolve("secret"), SECRET);
                section.add("users: [{name: " + USER + ", secret-file: " + secret + ", pools: all}]");
                section.add("tls: {certificate: " + certificate.certificate() + ", key: " + certificate.key() + "}");
            }
            String yaml = chains.strip() + "\nnode: {" + String.join(", ", section) + "}\n";
            config = Files.writeString(folder.resolve("tmem.yaml"), yaml);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        process = launch();
    }

    /**
     * Starts a node and waits until it is ready.
     *
     * @param chains its configuration, as YAML, but for the section {@code node}
     * @param settings further entries of that section
     */
    public static NodeProcess start(String chains, String... settings) {
        return startAt(Place.LOOPBACK, chains, settings);
    }

    /** As {@link #start}, somewhere else. */
    public static NodeProcess startAt(Place place, String chains, String... settings) {
        return new NodeProcess(place, chains, List.of(settings));
    }

    private ServerProcess launch() {
        List<String> command = new ArrayList<>(place.prefix());
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "-Djava.util.logging.SimpleFormatter.format=tmem: %5$s%n",
                "-cp",
                System.getProperty("java.class.path"),
                MAIN,
                "serve",
                "--config",
                config.toString()));
        ServerProcess started = ServerProcess.start(folder, command);
        try {
            Race.until(() -> !started.isAlive() || isReady(started));
            if (!started.isAlive()) {
                throw new IllegalStateException("the node ended: " + started.output());
            }
            return started;
        } catch (RuntimeException | Error failure) {
            started.close();
            throw failure;
        }
    }

    private static boolean isReady(ServerProcess started) {
        boolean ready = started.output().contains(" pid " + started.pid() + "\n");
        if (!ready) {
            LockSupport.parkNanos(POLL_NANOS); // the node is to have this processor
        }
        return ready;
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public String uri() {
        return certificate == null
                ? "redis://" + place.host() + ":" + port
                : "rediss://" + USER + ":" + SECRET + "@" + place.host() + ":" + port;
    }

    /**
     * The file of the certificate that it shows.
     *
     * @throws IllegalStateException if it shows none
     */
    public Path certificate() {
        if (certificate == null) {
            throw new IllegalStateException("the node speaks plain text");
        }
        return certificate.certificate();
    }

    @Override
    public ServerProcess process() {
        return process;
    }

    /** @throws IllegalStateException if it speaks TLS */
    @Override
    public String command(String... words) {
        if (certificate != null) {
            throw new IllegalStateException("the node speaks TLS");
        }
        try (Resp client = new Resp(place.host(), port)) {
            return client.command(words);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void restart() {
        process = launch();
    }

    @Override
    public void close() {
        process.close();
        ServerFolder.delete(folder);
    }
}
