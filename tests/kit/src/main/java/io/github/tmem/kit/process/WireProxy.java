package io.github.tmem.kit.process;

import io.github.tmem.kit.Gate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Stands on the way to a server that speaks the Redis protocol, and passes every request and every answer on as it is and
 * in its order, unless a test wants otherwise at that point of the way:
 *
 * <ul>
 *   <li>requests and answers can be held up at a {@link Gate}, whole, and with all that comes behind them on their connection;
 *   <li>the connection can end exactly there, so that a request does not arrive, or its answer does not;
 *   <li>one request or answer can be changed on its way;
 *   <li>all connections can be cut, and no new ones let through, until the way is healed;
 *   <li>clients can be cut off from what they have sent, which arrives nevertheless, some time.
 * </ul>
 *
 * <p>The points of a request are what {@link Points} says; those of its answer are the same with {@value #ANSWER} behind.
 * Thread-safe.
 */
public final class WireProxy implements AutoCloseable {
    /** What the point of an answer ends with. */
    public static final String ANSWER = " answer";

    private final int target;
    private final Points points;
    private final Gate gate = new Gate();
    private final ServerSocket door;
    private final Set<ProxiedConnection> connections = ConcurrentHashMap.newKeySet();
    private final Map<String, Integer> ends = new ConcurrentHashMap<>();
    private final Map<String, UnaryOperator<byte[]>> changes = new ConcurrentHashMap<>();
    private volatile boolean cut;

    /** Names the points that a request comes by. Called once for each request that arrives, by several threads. */
    @FunctionalInterface
    public interface Points {
        /** The points of a request of these words, in the order in which it comes by them; none to let it pass. */
        List<String> of(List<byte[]> words);
    }

    private WireProxy(int target, Points points) {
        this.target = target;
        this.points = points;
        try {
            door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofPlatform().daemon().name("wire-proxy").start(this::accept);
    }

    /** Stands before a port of this machine. */
    public static WireProxy to(int port, Points points) {
        return new WireProxy(port, points);
    }

    private void accept() {
        while (!door.isClosed()) {
            try {
                Socket client = door.accept();
                if (cut) {
                    client.close();
                } else {
                    connect(client);
                }
            } catch (IOException e) {
                if (door.isClosed()) {
                    return;
                } // else the server is not there, and the client has been told
            }
        }
    }

    private void connect(Socket client) throws IOException {
        Socket server = new Socket();
        try {
            server.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target));
        } catch (IOException e) {
            client.close();
            throw e;
        }
        ProxiedConnection connection = new ProxiedConnection(this, client, server);
        connections.add(connection);
        connection.start();
        if (cut) {
            connection.end();
        }
    }

    /** The address for clients. */
    public String uri() {
        return "redis://127.0.0.1:" + door.getLocalPort();
    }

    /** Where requests and answers can be held up. */
    public Gate gate() {
        return gate;
    }

    /** The next time that something comes by {@code point}, its connection ends, and it goes no further. */
    public void endAt(String point) {
        endAt(point, 1);
    }

    /** As {@link #endAt(String)}, so many times. */
    public void endAt(String point, int times) {
        ends.merge(point, times, Integer::sum);
    }

    /** The next request or answer that comes by {@code point} goes on as {@code change} makes it: the bytes of a whole one. */
    public void changeAt(String point, UnaryOperator<byte[]> change) {
        changes.put(point, change);
    }

    /** Ends all connections, and lets nobody through until {@link #heal}. */
    public void cut() {
        cut = true;
        connections.forEach(ProxiedConnection::end);
    }

    /** Ends the connections of all clients; what they have sent goes on its way, and nobody hears the answers. */
    public void desert() {
        connections.forEach(ProxiedConnection::desert);
    }

    /** Lets clients through again. */
    public void heal() {
        cut = false;
    }

    /** How many connections there are. */
    public int connections() {
        return connections.size();
    }

    /** How many connections of clients that were cut off still have something on its way. */
    public long deserted() {
        return connections.stream().filter(ProxiedConnection::isDeserted).count();
    }

    /** Ends everything; fails as {@link Gate#close} does. */
    @Override
    public void close() {
        cut();
        try {
            door.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        gate.close();
    }

    List<String> pointsOf(byte[] request) {
        return points.of(RespFrames.words(request));
    }

    /**
     * Brings a request or an answer by a point.
     *
     * @return what goes on; null: the connection ends here
     */
    byte @Nullable [] pass(String point, byte[] frame) {
        gate.arrive(point);
        UnaryOperator<byte[]> change = changes.remove(point);
        if (ends.containsKey(point)) {
            ends.computeIfPresent(point, (same, left) -> left > 1 ? left - 1 : null);
            return null;
        }
        return change == null ? frame : change.apply(frame);
    }

    void ended(ProxiedConnection connection) {
        connections.remove(connection);
    }
}
