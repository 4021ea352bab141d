package io.github.tmem.kit.process;

import io.github.tmem.kit.Race;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Assumptions;

/**
 * A real {@code redis-server} on a free port, of the loopback unless a test wants another place, without files unless a
 * test asks for them, in a folder of its own that goes when it is closed. For one thread.
 */
public final class RedisServer implements PeerProcess {
    private static final String PROGRAM = "redis-server";
    private static final long POLL_NANOS = 1_000_000;

    private final Path folder = ServerFolder.make("tmem-redis");
    private final Place place;
    private final int port;
    private final List<String> options;
    private ServerProcess process;

    private RedisServer(Place place, int port, List<String> options) {
        this.place = place;
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
        return startAt(Place.LOOPBACK, options);
    }

    /** As {@link #start}, somewhere else. */
    public static RedisServer startAt(Place place, String... options) {
        Assumptions.assumeTrue(ServerProcess.isInstalled(PROGRAM), "needs " + PROGRAM);
        return new RedisServer(place, freePort(), List.of(options));
    }

    /** A port of the loopback that nobody listens at, at this moment. */
    public static int freePort() {
        return ServerFolder.freePort();
    }

    private ServerProcess launch() {
        List<String> command = new ArrayList<>(place.prefix());
        command.addAll(List.of(
                PROGRAM,
                "--port",
                Integer.toString(port),
                "--bind",
                place.host(),
                "--protected-mode",
                "no",
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
        try (Resp client = new Resp(place.host(), port)) {
            return options.contains("--tls-port") || !client.command("PING").startsWith("-LOADING");
        } catch (IOException notYet) {
            LockSupport.parkNanos(POLL_NANOS); // the server is to have this processor
            return false;
        }
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public String uri() {
        return "redis://" + place.host() + ":" + port;
    }

    /** Its folder. */
    public Path folder() {
        return folder;
    }

    @Override
    public ServerProcess process() {
        return process;
    }

    @Override
    public String command(String... words) {
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
