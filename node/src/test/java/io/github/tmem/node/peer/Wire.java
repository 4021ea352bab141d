package io.github.tmem.node.peer;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;

/** A plain client on a socket. */
public final class Wire implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 20_000;

    private final Socket socket;
    private final InputStream in;

    /** A client on a socket that is connected. */
    public Wire(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.setTcpNoDelay(true);
        in = new BufferedInputStream(socket.getInputStream());
    }

    /** A client of the node at this address. */
    public static Wire to(InetSocketAddress address) throws IOException {
        return new Wire(new Socket(address.getAddress(), address.getPort()));
    }

    /** Sends bytes as they are. */
    public void send(String bytes) throws IOException {
        socket.getOutputStream().write(bytes.getBytes(ISO_8859_1));
    }

    /** Sends a request; returns its answer. */
    public String ask(String... arguments) throws IOException {
        send(Talk.request(arguments));
        return answer();
    }

    /** The next answer, to the byte. */
    public String answer() throws IOException {
        String line = line();
        StringBuilder answer = new StringBuilder(line);
        int number = line.charAt(0) == '$' || line.charAt(0) == '*' || line.charAt(0) == '%'
                ? Integer.parseInt(line.substring(1).strip())
                : 0;
        if (line.charAt(0) == '$' && number >= 0) {
            answer.append(new String(in.readNBytes(number + 2), ISO_8859_1));
        } else {
            for (int i = 0; i < (line.charAt(0) == '%' ? 2 * number : number); i++) {
                answer.append(answer());
            }
        }
        return answer.toString();
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        while (line.length() < 2 || !line.substring(line.length() - 2).equals("\r\n")) {
            int letter = in.read();
            if (letter < 0) {
                throw new EOFException("ended behind \"" + line + '"');
            }
            line.append((char) letter);
        }
        return line.toString();
    }

    /** Whether nothing comes for as long as an answer would take that is not held up. */
    public boolean isSilent() throws IOException {
        socket.setSoTimeout(300);
        in.mark(1);
        try {
            int letter = in.read();
            in.reset();
            return letter < 0;
        } catch (SocketTimeoutException e) {
            return true;
        } finally {
            socket.setSoTimeout(PATIENCE_MILLIS);
        }
    }

    /** Waits until the node ends the connection; returns what it said before. */
    public String rest() throws IOException {
        StringBuilder rest = new StringBuilder();
        try {
            for (int letter = in.read(); letter >= 0; letter = in.read()) {
                rest.append((char) letter);
            }
        } catch (SocketException e) {
            return rest + "(reset)";
        }
        return rest.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
