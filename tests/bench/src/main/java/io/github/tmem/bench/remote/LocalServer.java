package io.github.tmem.bench.remote;

import io.github.tmem.kit.process.ServerProcess;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server in a process of its own, on a port of the loopback. It ends when it is closed, at the latest with this process. */
public final class LocalServer implements AutoCloseable {
    private static final long POLL_NANOS = 5_000_000;
    private static final long START_NANOS_MAX = 60_000_000_000L;

    private final ServerProcess process;
    private final Transport transport;
    private final int port;

    /** How one talks to it. */
    public enum Transport {
        /** In plain text. */
        PLAIN("redis"),
        /** Over TLS 1.3. */
        TLS("rediss");

        private final String scheme;

        Transport(String scheme) {
            this.scheme = scheme;
        }
    }

    private LocalServer(ServerProcess process, Transport transport, int port) {
        this.process = process;
        this.transport = transport;
        this.port = port;
    }

    /**
     * Waits until a process has said that it is ready.
     *
     * @param ready what it says then; the first group, if there is one, is its port
     * @param port its port, if it does not say that
     * @throws IllegalStateException if it ends, or takes a minute; it is ended then
     */
    static LocalServer ready(ServerProcess process, Transport transport, Pattern ready, int port) {
        long deadline = System.nanoTime() + START_NANOS_MAX;
        while (process.isAlive() && System.nanoTime() - deadline < 0) {
            Matcher said = ready.matcher(process.output());
            if (said.find()) {
                return new LocalServer(
                        process, transport, said.groupCount() > 0 ? Integer.parseInt(said.group(1)) : port);
            }
            LockSupport.parkNanos(POLL_NANOS); // the server is to have this processor
        }
        String output = process.output();
        process.close();
        throw new IllegalStateException("a server did not start: "
                + output.lines().filter(line -> !line.isBlank()).reduce("nothing was said", (before, last) -> last));
    }

    /** Its address for clients. */
    public String uri() {
        return transport.scheme + "://127.0.0.1:" + port;
    }

    /** Its port. */
    public int port() {
        return port;
    }

    /** Its process. */
    ProcessHandle handle() {
        return ProcessHandle.of(process.pid())
                .orElseThrow(() -> new IllegalStateException("a server has ended: " + process.output()));
    }

    @Override
    public void close() {
        process.close();
    }
}
