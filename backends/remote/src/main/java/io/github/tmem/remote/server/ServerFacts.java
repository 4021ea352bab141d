package io.github.tmem.remote.server;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What one server says of itself in its answer to INFO.
 *
 * @param version of the protocol it follows, for example {@code 7.0.15}
 * @param mode {@code standalone}, {@code cluster} or {@code sentinel}
 * @param role {@code master} or {@code slave}
 * @param runId the name of this run of the server: another one after each start
 * @param maxmemory the bound of its memory in bytes, 0 for none
 * @param policy what it evicts when that is reached
 * @param replicas how many replicas are connected
 */
public record ServerFacts(
        String version, String mode, String role, String runId, long maxmemory, String policy, int replicas) {
    /** The oldest version that does all that is asked of a server here. */
    public static final String VERSION_MIN = "6.2";

    private static final Pattern VERSION = Pattern.compile("(\\d{1,4})\\.(\\d{1,4}).*");
    private static final int MAJOR_MIN = 6;
    private static final int MINOR_MIN = 2;

    /** The facts in the text that INFO answers; of those it does not name, the most careful value. */
    public static ServerFacts parse(String info) {
        Map<String, String> lines = new HashMap<>();
        info.lines().forEach(line -> {
            int colon = line.indexOf(':');
            if (colon > 0) {
                lines.put(line.substring(0, colon), line.substring(colon + 1).strip());
            }
        });
        return new ServerFacts(
                lines.getOrDefault("redis_version", "unknown"),
                lines.getOrDefault("redis_mode", "standalone"),
                lines.getOrDefault("role", "master"),
                lines.getOrDefault("run_id", ""),
                number(lines.getOrDefault("maxmemory", "1")),
                lines.getOrDefault("maxmemory_policy", "unknown"),
                (int) number(lines.getOrDefault("connected_slaves", "0")));
    }

    private static long number(String digits) {
        return digits.matches("\\d{1,18}") ? Long.parseLong(digits) : 1;
    }

    /** Whether a page without a time to live stays until it is deleted. */
    public boolean evictsPersistent() {
        return maxmemory > 0 && !policy.equals("noeviction") && !policy.startsWith("volatile-");
    }

    /** Why this server cannot be used; null if it can. */
    public @Nullable String fault(ServerAddress.Layout layout) {
        if (mode.equals("sentinel")) {
            return "is a sentinel and keeps no pages; allowed: the port of a server";
        }
        if (mode.equals("cluster") && layout == ServerAddress.Layout.SINGLE) {
            return "is part of a cluster; allowed: redis+cluster://";
        }
        if (role.equals("slave")) {
            return "is a replica and takes no writes; allowed: its master";
        }
        return tooOld();
    }

    private @Nullable String tooOld() {
        Matcher matcher = VERSION.matcher(version);
        if (!matcher.matches()) {
            return "does not say its version; allowed: Redis " + VERSION_MIN + " or newer, or Valkey";
        }
        int major = Integer.parseInt(matcher.group(1));
        int minor = Integer.parseInt(matcher.group(2));
        boolean old = major < MAJOR_MIN || (major == MAJOR_MIN && minor < MINOR_MIN);
        return old
                ? "speaks version " + version + " of the Redis protocol; allowed: " + VERSION_MIN + " or newer"
                : null;
    }
}
