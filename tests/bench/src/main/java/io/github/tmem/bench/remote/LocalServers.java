package io.github.tmem.bench.remote;

import io.github.tmem.bench.remote.LocalServer.Transport;
import io.github.tmem.kit.process.Certificate;
import io.github.tmem.kit.process.ServerProcess;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Starts servers for one measurement, in a folder that goes with it: nodes of ours and those of Redis, both in memory alone.
 * For one thread.
 */
public final class LocalServers implements AutoCloseable {
    private static final Pattern NODE_READY = Pattern.compile("(?m)^ready 127\\.0\\.0\\.1:(\\d+) pid ");
    private static final Pattern REDIS_READY = Pattern.compile("Ready to accept connections");
    private static final String NODE_CAPACITY = "512MiB";

    private final Path folder;
    private final Thread atExit = new Thread(this::delete);
    private final List<LocalServer> servers = new ArrayList<>();
    private @Nullable Certificate certificate;

    /** No servers yet. */
    public LocalServers() {
        try {
            folder = Files.createTempDirectory("tmem-bench");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /** Starts a node, as {@code ./tmem serve} does, with one tier off the heap. */
    public LocalServer node(Transport transport) {
        Certificate own = certificate(transport);
        String tls = own == null ? "" : ", tls: {certificate: '" + own.certificate() + "', key: '" + own.key() + "'}";
        Path place = place("node");
        Path config = write(place.resolve("node.yaml"), """
                chains: {default: [{tier: offheap, capacity: %s}]}
                node: {port: 0%s}
                """.formatted(NODE_CAPACITY, tls));
        return started(
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-Djava.util.logging.SimpleFormatter.format=tmem: %5$s%n",
                        "-cp",
                        classPath(),
                        "io.github.tmem.node.Main",
                        "serve",
                        "--config",
                        config.toString()),
                place,
                transport,
                NODE_READY,
                0);
    }

    /** Ours, with nothing in it that is seen from the current folder: the node has another. */
    private static String classPath() {
        return Pattern.compile(File.pathSeparator, Pattern.LITERAL)
                .splitAsStream(System.getProperty("java.class.path"))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
    }

    /**
     * Starts a redis-server that writes nothing to disk.
     *
     * @throws IllegalStateException if it does not start, for example because it was built without TLS
     */
    public LocalServer redis(Transport transport) {
        int port = freePort();
        Path place = place("redis");
        List<String> command = new ArrayList<>(List.of(
                RedisPrograms.SERVER,
                "--bind",
                "127.0.0.1",
                "--save",
                "",
                "--appendonly",
                "no",
                "--dir",
                place.toString()));
        Certificate own = certificate(transport);
        if (own == null) {
            command.addAll(List.of("--port", Integer.toString(port)));
        } else {
            command.addAll(List.of("--port", "0", "--tls-port", Integer.toString(port)));
            command.addAll(List.of("--tls-cert-file", own.certificate().toString()));
            command.addAll(List.of("--tls-key-file", own.key().toString()));
            command.addAll(List.of("--tls-auth-clients", "no"));
            command.addAll(List.of("--tls-protocols", "TLSv1.3"));
            command.addAll(List.of("--tls-ca-cert-file", own.certificate().toString()));
        }
        return started(command, place, transport, REDIS_READY, port);
    }

    /** Who has signed the certificates of servers that speak TLS; null in plain text. */
    public @Nullable Path trust(Transport transport) {
        Certificate own = certificate(transport);
        return own == null ? null : own.certificate();
    }

    private @Nullable Certificate certificate(Transport transport) {
        if (transport == Transport.TLS && certificate == null) {
            certificate = Certificate.make(place("tls"), "server");
        }
        return transport == Transport.TLS ? certificate : null;
    }

    private LocalServer started(List<String> command, Path place, Transport transport, Pattern ready, int port) {
        LocalServer server = LocalServer.ready(ServerProcess.start(place, command), transport, ready, port);
        servers.add(server);
        return server;
    }

    /** A port of the loopback that nobody listens at, at this moment. */
    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path place(String name) {
        try {
            return Files.createTempDirectory(folder, name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path write(Path file, String text) {
        try {
            return Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void delete() {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends all servers and deletes what they left. */
    @Override
    public void close() {
        servers.forEach(LocalServer::close);
        delete();
        Runtime.getRuntime().removeShutdownHook(atExit);
    }
}
