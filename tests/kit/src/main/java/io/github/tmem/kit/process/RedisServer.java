package io.github.tmem.kit.process;

import io.github.tmem.kit.Race;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * A real {@code redis-server} on a free port of the loopback, without files unless a test asks for them, in a folder of its
 * own that goes when it is closed. For one thread.
 */
public final class RedisServer implements AutoCloseable {
    private static final String PROGRAM = "redis-server";
    private static final long POLL_NANOS = 1_000_000;

    private final Path folder;
    private final int port;
    private final List<String> options;
    private ServerProcess process;

    private RedisServer(Path folder, int port, List<String> options) {
        this.folder = folder;
        this.port = port;
        this.options = options;
        process = launch();
    }

    /**
     * Starts a server and waits until it answers. The test is skipped where {@code redis-server} is not installed.
     *
     * @param options as on its command line, for example {@code "--maxmemory", "4mb"}; {@code %port%} and {@code %folder%}
     *     stand for those of the server
     */
    public static RedisServer start(String... options) {
        Assumptions.assumeTrue(ServerProcess.isInstalled(PROGRAM), "needs " + PROGRAM);
        try {
            return new RedisServer(Files.createTempDirectory("tmem-redis"), freePort(), List.of(options));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A port of the loopback that nobody listens at, at this moment. */
    public static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ServerProcess launch() {
        List<String> command = new ArrayList<>(List.of(
                PROGRAM,
                "--port",
                Integer.toString(port),
                "--bind",
                "127.0.0.1",
                "--save",
                "",
                "--dir",
                folder.toString()));
        options.forEach(option ->
                command.add(option.replace("%port%", Integer.toString(port)).replace("%folder%", folder.toString())));
        ServerProcess started = ServerProcess.start(folder, command);
        try {
            Race.until(() -> !started.isAlive() || answers());
            if (!started.isAlive()) {
                throw new IllegalStateException(PROGRAM + " ended: " + started.output());
            }
            return started;
        } catch (RuntimeException | Error failure) {
            started.close();
            throw failure;
        }
    }

    /** Whether somebody accepts connections and, unless it wants TLS, has loaded what it has to. */
    private boolean answers() {
        try (Resp client = new Resp(port)) {
            return options.contains("--tls-port") || !client.command("PING").startsWith("-LOADING");
        } catch (IOException notYet) {
            LockSupport.parkNanos(POLL_NANOS); // the server is to have this processor
            return false;
        }
    }

    /** Where it listens. */
    public int port() {
        return port;
    }

    /** Its address for clients. */
    public String uri() {
        return "redis://127.0.0.1:" + port;
    }

    /** Its folder. */
    public Path folder() {
        return folder;
    }

    /** Its process at this moment. */
    public ServerProcess process() {
        return process;
    }

    /** Sends one command, on a connection of its own, and gives the answer as {@link Resp#command}. */
    public String command(String... words) {
        try (Resp client = new Resp(port)) {
            return client.command(words);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Kills it. */
    public void kill() {
        process.close();
    }

    /** Starts it again on the same port, after {@link #kill}. */
    public void restart() {
        process = launch();
    }

    @Override
    public void close() {
        process.close();
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(java.io.File::delete);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
