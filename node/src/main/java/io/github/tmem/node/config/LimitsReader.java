package io.github.tmem.node.config;

import io.github.tmem.api.config.ConfigValue;
import java.util.List;
import java.util.Map;

/** Reads the bounds of connections and requests. */
final class LimitsReader {
    static final List<String> KEYS = List.of("connections", "request", "output", "login", "idle", "stalled");
    private static final String ALLOWED = "a map with the keys " + String.join(", ", KEYS);

    private static final int CONNECTIONS_MAX = 100_000;
    private static final int REQUEST_MIN = 2 << 20;
    private static final int REQUEST_MAX = 512 << 20;
    private static final int OUTPUT_MIN = 64 << 10;

    private LimitsReader() {}

    static PeerLimits limits(ConfigValue value) {
        PeerLimits limits = PeerLimits.DEFAULT;
        for (Map.Entry<String, ? extends ConfigValue> entry :
                value.map(KEYS, ALLOWED).entrySet()) {
            limits = with(limits, entry.getKey(), entry.getValue());
        }
        return limits;
    }

    private static PeerLimits with(PeerLimits limits, String key, ConfigValue value) {
        return switch (key) {
            case "connections" -> limits.withConnections((int) Numbers.whole(value, 1, CONNECTIONS_MAX));
            case "request" -> limits.withRequest(Numbers.bytes(value, REQUEST_MIN, REQUEST_MAX));
            case "output" -> limits.withOutput(Numbers.bytes(value, OUTPUT_MIN, REQUEST_MAX));
            case "login" -> limits.withLogin(Numbers.positive(value));
            case "idle" -> limits.withIdle(Numbers.duration(value));
            default -> limits.withStalled(Numbers.positive(value));
        };
    }
}
