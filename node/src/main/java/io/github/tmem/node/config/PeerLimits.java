package io.github.tmem.node.config;

import java.time.Duration;

/**
 * The bounds of connections and requests.
 *
 * @param connections the most connections at a time
 * @param request the most bytes of one request, and of one answer
 * @param output the unsent bytes of a connection above which nothing more is read from it
 * @param login how long a connection may take to log in
 * @param idle how long a connection may be silent; zero for ever
 * @param stalled how long a client may leave its answers unread
 */
public record PeerLimits(int connections, int request, int output, Duration login, Duration idle, Duration stalled) {

    /** The bounds of a node that chooses none. */
    public static final PeerLimits DEFAULT =
            new PeerLimits(1000, 16 << 20, 1 << 20, Duration.ofSeconds(10), Duration.ZERO, Duration.ofSeconds(60));

    /** These bounds with another number of connections. */
    public PeerLimits withConnections(int count) {
        return new PeerLimits(count, request, output, login, idle, stalled);
    }

    /** These bounds with another limit of a request and an answer, in bytes. */
    public PeerLimits withRequest(int bytes) {
        return new PeerLimits(connections, bytes, output, login, idle, stalled);
    }

    /** These bounds with another limit of unsent bytes. */
    public PeerLimits withOutput(int bytes) {
        return new PeerLimits(connections, request, bytes, login, idle, stalled);
    }

    /** These bounds with another time to log in. */
    public PeerLimits withLogin(Duration time) {
        return new PeerLimits(connections, request, output, time, idle, stalled);
    }

    /** These bounds with another time of silence; zero for ever. */
    public PeerLimits withIdle(Duration time) {
        return new PeerLimits(connections, request, output, login, time, stalled);
    }

    /** These bounds with another time to leave answers unread. */
    public PeerLimits withStalled(Duration time) {
        return new PeerLimits(connections, request, output, login, idle, time);
    }
}
