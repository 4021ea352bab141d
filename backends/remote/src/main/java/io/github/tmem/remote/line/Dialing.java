package io.github.tmem.remote.line;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.time.Duration;
import java.util.List;

/** Makes lines to one server that speaks plain text: with a secret and a name, if there are any. Immutable. */
public final class Dialing {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

    private final String host;
    private final int port;
    private final Duration timeout;
    private final List<List<String>> introduction;

    /**
     * How to make lines to this port of this host.
     *
     * @param timeout how long each answer may take
     * @param introduction the commands, each in its words, that a line begins with; all are to be answered by OK
     */
    public Dialing(String host, int port, Duration timeout, List<List<String>> introduction) {
        this.host = host;
        this.port = port;
        this.timeout = timeout;
        this.introduction = List.copyOf(introduction);
    }

    /**
     * Makes a line.
     *
     * @throws IOException if the server cannot be reached
     * @throws io.lettuce.core.RedisCommandExecutionException if it does not want this program
     */
    Line dial() throws IOException {
        Socket socket = new Socket();
        boolean made = false;
        try {
            connect(socket);
            Line line = new Line(socket, timeout.toNanos());
            for (List<String> command : introduction) {
                line.tell(command.toArray(String[]::new));
            }
            made = true;
            return line;
        } finally {
            if (!made) {
                socket.close();
            }
        }
    }

    private void connect(Socket socket) throws IOException {
        socket.setSendBufferSize(Line.SEND_BUFFER);
        socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
        socket.connect(new InetSocketAddress(host, port), (int) CONNECT_TIMEOUT.toMillis());
    }
}
