package io.github.tmem.node.serve;

import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.api.config.Size;
import io.github.tmem.api.stats.StoreStats;
import io.github.tmem.api.stats.TierStats;
import io.github.tmem.node.config.NodeConfig;
import io.github.tmem.node.config.NodeUser;
import io.github.tmem.node.config.PeerTls;
import io.github.tmem.node.config.PeerTls.ClientCertificates;
import io.github.tmem.node.console.Figures;
import io.github.tmem.node.peer.Pace;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What a node says when it starts. */
final class StartReport {
    private StartReport() {}

    static List<String> lines(
            NodeConfig config, StoreStats stats, List<PoolConfig> pools, Pace pace, InetSocketAddress address) {
        List<String> lines = new ArrayList<>();
        for (TierStats tier : stats.tiers()) {
            lines.add(String.format(
                    Locale.ROOT,
                    "tier       %s %s: %s, codec %s",
                    tier.chain(),
                    tier.tier(),
                    Figures.bytes(tier.capacityBytes()),
                    tier.codec()));
        }
        for (PoolConfig pool : pools) {
            lines.add("pool       " + pool.name() + ": " + pool.kind().word() + ", "
                    + pool.getMode().word() + " gets, pages of " + Size.ofBytes(pool.pageSize()) + ", chain "
                    + pool.chain());
        }
        long kept = stats.tiers().stream()
                .mapToLong(tier -> tier.ephemeralPages() + tier.persistentPages())
                .sum();
        lines.add("recovered  " + (kept == 0 ? "nothing" : Figures.count(kept) + " pages"));
        lines.add("peer port  " + text(address) + ", " + tls(config) + ", "
                + (pace == Pace.LOCAL ? "local tiers" : "slow tiers") + ", at most "
                + Figures.count(config.limits().connections()) + " connections");
        lines.add("users      " + users(config));
        return lines;
    }

    private static String tls(NodeConfig config) {
        PeerTls tls = config.tls();
        if (tls == null) {
            return "plain text";
        }
        return "TLS 1.3"
                + (tls.clients() == ClientCertificates.NONE
                        ? ""
                        : ", client certificates " + tls.clients().word());
    }

    private static String users(NodeConfig config) {
        return config.users().isEmpty()
                ? "everybody on this machine, without a secret"
                : config.users().stream().map(NodeUser::name).collect(Collectors.joining(", "));
    }

    /** Address and port, as clients write them. */
    static String text(InetSocketAddress address) {
        String host = address.getAddress().getHostAddress();
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
    }
}
