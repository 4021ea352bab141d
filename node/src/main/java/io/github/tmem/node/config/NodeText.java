package io.github.tmem.node.config;

import io.github.tmem.node.config.PeerTls.ClientCertificates;
import io.github.tmem.node.console.Figures;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a node is told to be, in lines for people. */
public final class NodeText {
    private NodeText() {}

    /** The lines of a node that does not run. */
    public static List<String> lines(NodeConfig config) {
        return lines(config, config.bind());
    }

    /** The lines of a node that listens at {@code address}. */
    public static List<String> lines(NodeConfig config, InetSocketAddress address) {
        List<String> lines = new ArrayList<>();
        lines.add("peer port  " + text(address) + ", " + tls(config.tls()));
        if (config.users().isEmpty()) {
            lines.add("users      everybody on this machine, without a secret");
        }
        for (NodeUser user : config.users()) {
            lines.add("user       " + user.name() + ": own values, " + pools(user.pools()));
        }
        PeerLimits limits = config.limits();
        lines.add("limits     " + Figures.count(limits.connections()) + " connections, requests of "
                + Figures.bytes(limits.request()) + ", " + Figures.bytes(limits.output()) + " unsent, login in "
                + time(limits.login()) + ", stalled for " + time(limits.stalled())
                + (limits.idle().isZero() ? "" : ", idle for " + time(limits.idle())));
        return lines;
    }

    private static String tls(@Nullable PeerTls tls) {
        if (tls == null) {
            return "plain text";
        }
        boolean asked = tls.clients() != ClientCertificates.NONE;
        return "TLS 1.3" + (asked ? ", client certificates " + tls.clients().word() : "");
    }

    private static String pools(@Nullable Set<String> pools) {
        if (pools == null) {
            return "all pools";
        }
        return pools.isEmpty()
                ? "no pools"
                : "pools " + String.join(", ", pools.stream().sorted().toList());
    }

    private static String time(Duration time) {
        return time.toMillis() % 1000 == 0 ? time.toSeconds() + " s" : time.toMillis() + " ms";
    }

    /** Address and port, as clients write them; a port of 0 is any. */
    public static String text(InetSocketAddress address) {
        String host = address.getAddress().getHostAddress();
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
    }
}
