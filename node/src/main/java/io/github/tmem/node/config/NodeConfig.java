package io.github.tmem.node.config;

import io.github.tmem.api.config.ConfigException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a node serves, and to whom.
 *
 * @param bind the address of the peer port
 * @param users who may log in; if there are none, everybody who reaches the port is the user {@value #DEFAULT_USER}
 * @param tls null if the port speaks in plain text
 * @param limits the bounds of connections and requests
 */
public record NodeConfig(
        InetSocketAddress bind,
        List<NodeUser> users,
        @Nullable PeerTls tls,
        PeerLimits limits) {
    /** The port of a node that does not choose. */
    public static final int DEFAULT_PORT = 7390;

    /** Who connects to a node without users, and whom {@code AUTH} with a secret alone means. */
    public static final String DEFAULT_USER = "default";

    /** A node on loopback for everybody on this machine. */
    public static final NodeConfig DEFAULT = new NodeConfig(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), DEFAULT_PORT), List.of(), null, PeerLimits.DEFAULT);

    /** Copies the users; beyond loopback there must be TLS and a user. */
    public NodeConfig {
        users = List.copyOf(users);
        if (!bind.getAddress().isLoopbackAddress() && (tls == null || users.isEmpty())) {
            throw new ConfigException("bind " + bind.getHostString() + " reaches beyond this machine without "
                    + (tls != null ? "users" : users.isEmpty() ? "tls and users" : "tls")
                    + "; allowed: tls and at least one user, or an address of loopback (127.0.0.1, ::1)");
        }
    }
}
