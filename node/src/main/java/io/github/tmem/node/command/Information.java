package io.github.tmem.node.command;

import io.github.tmem.api.stats.StoreStats;
import io.github.tmem.api.stats.TierStats;
import java.util.List;
import java.util.Locale;

/** What a node says about itself, in the words of {@code INFO}. */
final class Information {
    /** The Redis whose commands and answers ours are modelled on, for clients that ask before they speak. */
    static final String REDIS_VERSION = "7.0.15";

    /** The longest name a client gives itself. */
    static final int WORD_MAX = 128;

    private static final int QUOTE_MAX = 64;
    private static final String END = "\r\n";

    private final NodeState node;

    Information(NodeState node) {
        this.node = node;
    }

    /** The sections asked for; all if none is named. */
    String sections(List<String> names, Client client) {
        StringBuilder text = new StringBuilder();
        for (String section :
                List.of("server", "clients", "memory", "stats", "replication", "cluster", "keyspace", "tmem")) {
            if (names.isEmpty() || names.contains(section)) {
                if (!text.isEmpty()) {
                    text.append(END);
                }
                text.append("# ").append(title(section)).append(END);
                text.append(section(section, client));
            }
        }
        return text.toString();
    }

    private static String title(String section) {
        return section.substring(0, 1).toUpperCase(Locale.ROOT) + section.substring(1);
    }

    private String section(String name, Client client) {
        return switch (name) {
            case "server" -> server();
            case "clients" ->
                lines(
                        "connected_clients", node.clients().size(),
                        "maxclients", node.config().limits().connections());
            case "memory" -> memory();
            case "stats" ->
                lines(
                        "total_connections_received", node.connectionCount(),
                        "total_commands_processed", node.commandCount(),
                        "rejected_connections", node.rejectedCount());
            case "replication" -> lines("role", "master", "connected_slaves", 0, "master_replid", node.runId());
            case "cluster" -> lines("cluster_enabled", 0);
            case "keyspace" -> keyspace(client);
            default -> tmem();
        };
    }

    private static String lines(Object... pairs) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < pairs.length; i += 2) {
            text.append(pairs[i]).append(':').append(pairs[i + 1]).append(END);
        }
        return text.toString();
    }

    private String server() {
        long uptime = (node.now() - node.started()) / 1000;
        return lines(
                "redis_version",
                REDIS_VERSION,
                "redis_mode",
                "standalone",
                "server_name",
                "tmem",
                "os",
                System.getProperty("os.name") + " " + System.getProperty("os.arch"),
                "process_id",
                ProcessHandle.current().pid(),
                "run_id",
                node.runId(),
                "tcp_port",
                node.port(),
                "uptime_in_seconds",
                uptime,
                "uptime_in_days",
                uptime / 86_400);
    }

    private String memory() {
        StoreStats stats = node.stats();
        long used = stats.tiers().stream().mapToLong(TierStats::usedBytes).sum();
        return lines("used_memory", used, "maxmemory", capacity(stats), "maxmemory_policy", ServerCommands.POLICY);
    }

    static long capacity(StoreStats stats) {
        return stats.tiers().stream().mapToLong(TierStats::capacityBytes).sum();
    }

    private static String keyspace(Client client) {
        long keys = client.values().pool().count();
        return keys == 0 ? "" : "db0:keys=" + keys + ",expires=0,avg_ttl=0" + END;
    }

    private String tmem() {
        String own = lines(
                "sessions",
                node.sessions().count(),
                "pages_unclaimed",
                node.taken().unclaimed());
        return own + tiers(node.stats());
    }

    private static String tiers(StoreStats stats) {
        StringBuilder text = new StringBuilder();
        for (TierStats tier : stats.tiers()) {
            text.append("tier:chain=").append(tier.chain());
            text.append(",tier=").append(tier.tier());
            text.append(",used=").append(tier.usedBytes());
            text.append(",capacity=").append(tier.capacityBytes());
            text.append(",ephemeral=").append(tier.ephemeralPages());
            text.append(",persistent=").append(tier.persistentPages());
            text.append(",evicted=").append(tier.evicted());
            text.append(",lost=").append(tier.lost()).append(END);
        }
        return text.toString();
    }

    /** A connection in one line. */
    static String line(Client client, long now) {
        var user = client.user();
        return "id=" + client.id() + " addr=" + client.address() + " name=" + client.name() + " age="
                + (now - client.since()) / 1000 + " db=0 cmd="
                + client.command().toLowerCase(Locale.ROOT) + " user=" + (user == null ? "" : user.name())
                + " lib-name="
                + client.library() + " lib-ver=" + client.libraryVersion() + " resp="
                + client.protocol().number() + "\n";
    }

    /** What a client wrote, fit for a log or an error: short, in one line, printable. */
    static String printable(String text) {
        String line = text.length() > QUOTE_MAX ? text.substring(0, QUOTE_MAX) + "..." : text;
        return line.replaceAll("[^\\x21-\\x7E]", "?");
    }
}
