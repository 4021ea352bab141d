package io.github.tmem.node.store;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;

/** A network between a client and a node, which can lose answers, hold them back, change them, and break. */
final class Relay implements AutoCloseable {
    private final InetSocketAddress node;
    private final ServerSocket listening;
    private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();
    private volatile UnaryOperator<String> change = answer -> answer;
    private volatile Hold hold = new Hold();

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
                Socket server = new Socket(node.getAddress(), node.getPort());
                client.setTcpNoDelay(true);
                server.setTcpNoDelay(true);
                sockets.add(client);
                sockets.add(server);
                Thread.ofVirtual().start(() -> copy(client, server, bytes -> bytes));
                Thread.ofVirtual().start(() -> copy(server, client, this::pass));
            }
        } catch (IOException e) {
            sockets.forEach(Relay::end); // closed
        }
    }

    private static void copy(Socket from, Socket to, UnaryOperator<byte[]> through) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[1 << 16];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                out.write(through.apply(java.util.Arrays.copyOf(buffer, count)));
            }
        } catch (IOException e) {
            end(to);
        }
    }

    private byte[] pass(byte[] answer) {
        Hold now = hold;
        if (now.on) {
            now.came.countDown();
            await(now.goes);
        }
        return now.lost ? new byte[0] : change.apply(new String(answer, ISO_8859_1)).getBytes(ISO_8859_1);
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
        sockets.forEach(Relay::end);
        before.goes.countDown();
    }

    /** From now on answers are other ones. */
    void change(UnaryOperator<String> newChange) {
        change = newChange;
    }

    private static void end(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        sockets.forEach(Relay::end);
        hold.goes.countDown();
    }
}
