package io.github.tmem.kit.process;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Answers each request with its last word. */
final class EchoServer implements AutoCloseable {
    private final ServerSocket door = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    private final List<String> heard = new CopyOnWriteArrayList<>();

    EchoServer() throws IOException {
        Thread.ofPlatform().daemon().start(this::accept);
    }

    private void accept() {
        while (!door.isClosed()) {
            try {
                Socket client = door.accept();
                Thread.ofPlatform().daemon().start(() -> serve(client));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            RespFrames frames = new RespFrames(new BufferedInputStream(client.getInputStream()));
            for (byte[] frame = frames.next(); frame != null; frame = frames.next()) {
                String last = new String(RespFrames.words(frame).getLast(), StandardCharsets.US_ASCII);
                heard.add(last);
                client.getOutputStream()
                        .write(("$" + last.length() + "\r\n" + last + "\r\n").getBytes(StandardCharsets.US_ASCII));
            }
        } catch (IOException e) {
            heard.add("(cut)");
        }
    }

    int port() {
        return door.getLocalPort();
    }

    /** The last words of all requests. */
    List<String> heard() {
        return heard;
    }

    @Override
    public void close() throws IOException {
        door.close();
    }
}
