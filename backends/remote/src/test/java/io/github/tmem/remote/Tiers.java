package io.github.tmem.remote;

import io.github.tmem.api.config.Size;
import io.github.tmem.api.config.TierConfig;
import io.github.tmem.kit.process.RedisServer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Opens tiers on a server of a test, patient ones unless the test says otherwise. */
final class Tiers {
    static final long CAPACITY = 64L << 20;

    /** The background in a hurry. */
    static final Pace QUICK =
            new Pace(Duration.ofMillis(100), Duration.ofMillis(300), Duration.ofMillis(5), Duration.ofMillis(50));

    private Tiers() {}

    /** Settings for this server; further keys and values in turn. */
    static Map<String, String> settings(RedisServer server, String... more) {
        Map<String, String> settings = new HashMap<>(Map.of("uri", server.uri(), "timeout", "10s"));
        for (int i = 0; i < more.length; i += 2) {
            settings.put(more[i], more[i + 1]);
        }
        return settings;
    }

    static TierConfig config(Map<String, String> settings) {
        return TierConfig.of("remote", Size.ofBytes(CAPACITY)).withSettings(settings);
    }

    static RemoteBackend open(RedisServer server, String... more) {
        return open(QUICK, server, more);
    }

    /** Several servers; further keys and values in turn. */
    static PeersBackend openAll(List<RedisServer> servers, String... more) {
        Map<String, String> settings = settings(servers.getFirst(), more);
        settings.put("uri", uri(servers));
        return PeersBackend.open(RemoteSettings.of(config(settings)), CAPACITY, QUICK);
    }

    /** The address of several servers. */
    static String uri(List<RedisServer> servers) {
        return servers.stream()
                .map(server -> "127.0.0.1:" + server.port())
                .collect(Collectors.joining(",", "redis://", ""));
    }

    static RemoteBackend open(Pace pace, RedisServer server, String... more) {
        return RemoteBackend.open(RemoteSettings.of(config(settings(server, more))), CAPACITY, pace);
    }
}
