package io.github.tmem.node.serve;

import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.api.config.Size;
import io.github.tmem.api.stats.StoreStats;
import io.github.tmem.api.stats.TierStats;
import io.github.tmem.node.config.NodeConfig;
import io.github.tmem.node.config.NodeText;
import io.github.tmem.node.console.Figures;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a node says when it starts. */
final class StartReport {
    private StartReport() {}

    static List<String> lines(NodeConfig config, StoreStats stats, List<PoolConfig> pools, InetSocketAddress address) {
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
        lines.addAll(NodeText.lines(config, address));
        return lines;
    }
}
