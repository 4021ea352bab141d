package io.github.tmem.kit.process;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** One connection through a {@link WireProxy}, with a thread for each direction. */
final class ProxiedConnection {
    private final WireProxy proxy;
    private final Socket client;
    private final Socket server;
    private final LinkedBlockingQueue<List<String>> asked = new LinkedBlockingQueue<>();
    private final AtomicInteger running = new AtomicInteger(2);
    private volatile boolean deserted;

    ProxiedConnection(WireProxy proxy, Socket client, Socket server) throws IOException {
        this.proxy = proxy;
        this.client = client;
        this.server = server;
        client.setTcpNoDelay(true);
        server.setTcpNoDelay(true);
    }

    void start() {
        Thread.ofPlatform().daemon().name("wire-proxy-requests").start(() -> run(this::requests));
        Thread.ofPlatform().daemon().name("wire-proxy-answers").start(() -> run(this::answers));
    }

    /** One direction. */
    @FunctionalInterface
    private interface Direction {
        void pass() throws IOException;
    }

    private void run(Direction direction) {
        try {
            direction.pass();
        } catch (IOException e) {
            end(); // one of the two has gone; so does the other
        } finally {
            if (running.decrementAndGet() == 0) {
                end();
                proxy.ended(this);
            }
        }
    }

    private void requests() throws IOException {
        RespFrames frames = new RespFrames(new BufferedInputStream(client.getInputStream()));
        OutputStream out = server.getOutputStream();
        try {
            for (byte[] frame = frames.next(); frame != null; frame = frames.next()) {
                List<String> points = proxy.pointsOf(frame);
                asked.add(points);
                byte[] passed = pass(points, "", frame);
                if (passed == null) {
                    end();
                    return;
                }
                out.write(passed);
            }
        } catch (IOException e) {
            if (!deserted) {
                throw e;
            }
        }
        server.shutdownOutput(); // the answers to what was sent are still to come
    }

    private void answers() throws IOException {
        RespFrames frames = new RespFrames(new BufferedInputStream(server.getInputStream()));
        for (byte[] frame = frames.next(); frame != null; frame = frames.next()) {
            byte[] passed = pass(asked.remove(), WireProxy.ANSWER, frame);
            if (passed == null) {
                end();
                return;
            }
            write(passed);
        }
        client.close();
    }

    private void write(byte[] answer) throws IOException {
        try {
            client.getOutputStream().write(answer);
        } catch (IOException e) {
            if (!deserted) {
                throw e;
            }
        }
    }

    private byte @Nullable [] pass(List<String> points, String suffix, byte[] frame) {
        byte[] passed = frame;
        for (String point : points) {
            passed = passed == null ? null : proxy.pass(point + suffix, passed);
        }
        return passed;
    }

    /** Ends both sides. */
    void end() {
        close(client);
        close(server);
    }

    /** Ends the side of the client. */
    void desert() {
        deserted = true;
        close(client);
    }

    boolean isDeserted() {
        return deserted;
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
