package io.github.tmem.remote.line;

import io.github.tmem.remote.server.Access;
import io.github.tmem.remote.server.ServerAddress;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.time.Duration;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/** Makes lines to one server: with TLS, a secret and a name, as the settings say. For one thread. */
final class Dialing {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

    private final Access access;
    private final String name;
    private @Nullable SSLSocketFactory tls;

    /** Lines will have this name at the server. */
    Dialing(Access access, String name) {
        this.access = access;
        this.name = name;
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
            Line line = new Line(encrypted(connected(socket)), access.timeout().toNanos());
            introduce(line);
            made = true;
            return line;
        } finally {
            if (!made) {
                socket.close();
            }
        }
    }

    private Socket connected(Socket socket) throws IOException {
        ServerAddress.Node node = access.address().nodes().getFirst();
        socket.setSendBufferSize(Line.SEND_BUFFER);
        socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
        socket.connect(new InetSocketAddress(node.host(), node.port()), (int) CONNECT_TIMEOUT.toMillis());
        socket.setSoTimeout(Math.clamp(access.timeout().toMillis(), 1, Integer.MAX_VALUE));
        return socket;
    }

    private Socket encrypted(Socket socket) throws IOException {
        if (access.address().transport() == ServerAddress.Transport.PLAIN) {
            return socket;
        }
        if (tls == null) {
            tls = factory();
        }
        ServerAddress.Node node = access.address().nodes().getFirst();
        SSLSocket encrypted = (SSLSocket) tls.createSocket(socket, node.host(), node.port(), true);
        SSLParameters parameters = encrypted.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
        encrypted.setSSLParameters(parameters);
        encrypted.startHandshake();
        return encrypted;
    }

    private SSLSocketFactory factory() throws IOException {
        SslContextBuilder builder = SslContextBuilder.forClient().sslProvider(SslProvider.JDK);
        if (access.trust() != null) {
            builder.trustManager(access.trust().toFile());
        }
        if (access.identity() != null) {
            builder.keyManager(
                    access.identity().certificate().toFile(),
                    access.identity().key().toFile());
        }
        return ((JdkSslContext) builder.build()).context().getSocketFactory();
    }

    private void introduce(Line line) throws IOException {
        String secret = access.address().secret();
        String user = access.address().user();
        if (secret != null && user != null) {
            line.tell("AUTH", user, secret);
        } else if (secret != null) {
            line.tell("AUTH", secret);
        }
        line.tell("CLIENT", "SETNAME", name);
    }
}
