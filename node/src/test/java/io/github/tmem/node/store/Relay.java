package io.github.tmem.node.store;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;

/**
 * A network between a client and a node. It can lose answers, hold them back, and change them; break; and deliver requests after
 * it broke.
 */
final class Relay implements AutoCloseable {
    private final InetSocketAddress node;
    private final ServerSocket listening;
    private final Queue<Way> ways = new ConcurrentLinkedQueue<>();
    private volatile UnaryOperator<String> change = answer -> answer;
    private volatile Hold hold = new Hold();
    private volatile boolean cut;

    /** Answers that wait: {@code came} when there is one, {@code goes} when they may go on. */
    private static final class Hold {
        final CountDownLatch came = new CountDownLatch(1);
        final CountDownLatch goes = new CountDownLatch(1);
        volatile boolean on;
        volatile boolean lost;
    }

    Relay(InetSocketAddress node) throws IOException {
        this.node = node;
        listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return listening.getLocalPort();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listening.accept();
                if (cut) {
                    close(client);
                    continue;
                }
                Way way = new Way(client, new Socket(node.getAddress(), node.getPort()));
                ways.add(way);
                Thread.ofVirtual().start(way::there);
                Thread.ofVirtual().start(way::back);
            }
        } catch (IOException e) {
            ways.forEach(Way::end); // closed
        }
    }

    /** One connection, of which the part to the node may outlive the part to the client. */
    private final class Way {
        private final Socket client;
        private final Socket server;
        private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
        private final CountDownLatch keptSome = new CountDownLatch(1);
        private final CountDownLatch settled = new CountDownLatch(1);
        private boolean keeps; // guarded by this
        private volatile boolean haunts;

        Way(Socket client, Socket server) throws IOException {
            this.client = client;
            this.server = server;
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
        }

        void there() {
            byte[] buffer = new byte[1 << 16];
            try {
                InputStream in = client.getInputStream();
                for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                    send(buffer, count);
                }
            } catch (IOException e) {
                close(client);
            }
            endServer();
        }

        private synchronized void send(byte[] bytes, int count) throws IOException {
            if (keeps) {
                kept.write(bytes, 0, count);
                keptSome.countDown();
            } else {
                server.getOutputStream().write(bytes, 0, count);
            }
        }

        private synchronized void endServer() {
            if (!keeps) {
                close(server);
            }
        }

        void back() {
            byte[] buffer = new byte[1 << 16];
            try {
                InputStream in = server.getInputStream();
                for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                    if (haunts) {
                        settled.countDown();
                    } else {
                        client.getOutputStream().write(pass(Arrays.copyOf(buffer, count)));
                    }
                }
            } catch (IOException e) {
                close(server);
            }
            close(client);
            settled.countDown();
        }

        synchronized void keep() {
            keeps = true;
        }

        void haunt() {
            haunts = true;
            try {
                server.getOutputStream().write(kept.toByteArray());
            } catch (IOException e) {
                settled.countDown(); // the node has ended the connection
            }
            await(settled);
        }

        void end() {
            close(client);
            close(server);
        }
    }

    private byte[] pass(byte[] answer) {
        Hold now = hold;
        if (now.on) {
            now.came.countDown();
            await(now.goes);
        }
        return now.lost
                ? new byte[0]
                : change.apply(new String(answer, ISO_8859_1)).getBytes(ISO_8859_1);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** From now on answers wait. */
    void hold() {
        hold.on = true;
    }

    /** Waits until the node has answered. */
    void awaitAnswer() {
        await(hold.came);
    }

    /** Lets the answers go on, and those that follow. */
    void release() {
        Hold before = hold;
        hold = new Hold();
        before.goes.countDown();
    }

    /** Loses the answers that wait, and breaks all connections. */
    void lose() {
        hold.lost = true;
        Hold before = hold;
        hold = new Hold();
        ways.forEach(Way::end);
        before.goes.countDown();
    }

    /** Breaks all connections, and those that come. */
    void cut() {
        cut = true;
        ways.forEach(Way::end);
    }

    /** Connections are made again. */
    void mend() {
        cut = false;
    }

    /** From now on answers are other ones. */
    void change(UnaryOperator<String> newChange) {
        change = newChange;
    }

    /** From now on requests of the connections there are stay on the way. */
    void keepRequests() {
        ways.forEach(Way::keep);
    }

    /** Waits until a request is on the way, and breaks the connections as the client sees them. */
    void breakBehindARequest() {
        ways.forEach(way -> {
            if (!way.server.isClosed()) {
                await(way.keptSome);
                close(way.client);
            }
        });
    }

    /** What was on the way arrives; returns when the node has answered it, or has ended the connection. */
    void haunt() {
        ways.stream().filter(way -> way.kept.size() > 0).forEach(Way::haunt);
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        ways.forEach(Way::end);
        hold.goes.countDown();
    }
}
