package io.github.tmem.node.demo;

import io.github.tmem.api.PageKind;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.api.config.Size;
import io.github.tmem.api.config.StoreConfig;
import io.github.tmem.api.config.TierConfig;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the demo runs over.
 *
 * @param config the store
 * @param ephemeral the pool for one half of the pages
 * @param persistent the pool for the other half
 * @param threads the number of threads, each with pages of its own
 * @param course what happens to the tiers meanwhile
 */
public record DemoPlan(StoreConfig config, PoolConfig ephemeral, PoolConfig persistent, int threads, Course course) {
    private static final int THREADS_MIN = 2;
    private static final int THREADS_MAX = 4;
    private static final String REMOTE = "remote";
    /** Setting of a tier: what becomes of persistent pages. */
    private static final String PERSISTENT = "persistent";

    private static final String ACCEPT_LOSS = "accept-loss";
    /** A busy machine may keep an answer for longer than is good for every day. */
    private static final String REMOTE_TIMEOUT = "2s";
    /** A demo that is killed leaves pages behind, but not for long. */
    private static final String REMOTE_TTL = "5m";

    /** A chain of heap and off-heap memory that is too small for the files of a JDK, so that pages have to give way. */
    public static DemoPlan standard() {
        List<TierConfig> tiers =
                List.of(TierConfig.of("heap", Size.parse("32MiB")), TierConfig.of("offheap", Size.parse("64MiB")));
        return of(StoreConfig.ofChain(tiers, List.of()));
    }

    /**
     * A chain whose last tier is on a server, with so little memory before it that most pages go there.
     *
     * @param server the settings of the tier that say where the server is and how to be let in
     */
    public static DemoPlan remote(Map<String, String> server) {
        Map<String, String> settings = new HashMap<>(server);
        settings.put(PERSISTENT, ACCEPT_LOSS);
        settings.put("timeout", REMOTE_TIMEOUT);
        settings.put("ttl", REMOTE_TTL);
        List<TierConfig> tiers = List.of(
                TierConfig.of("heap", Size.parse("4MiB")),
                TierConfig.of("offheap", Size.parse("8MiB")),
                TierConfig.of(REMOTE, Size.parse("64MiB")).withSettings(settings));
        return of(StoreConfig.ofChain(tiers, List.of()));
    }

    /** The first pool of each kind that {@code config} declares, or else one with the defaults. */
    public static DemoPlan of(StoreConfig config) {
        int threads = Math.clamp(Runtime.getRuntime().availableProcessors(), THREADS_MIN, THREADS_MAX);
        return new DemoPlan(
                config,
                pool(config, PageKind.EPHEMERAL, PoolConfig.ephemeral("demo-ephemeral")),
                pool(config, PageKind.PERSISTENT, PoolConfig.persistent("demo-persistent")),
                threads,
                Course.STEADY);
    }

    /** The same plan, with another course. */
    public DemoPlan withCourse(Course newCourse) {
        return new DemoPlan(config, ephemeral, persistent, threads, newCourse);
    }

    private static PoolConfig pool(StoreConfig config, PageKind kind, PoolConfig otherwise) {
        boolean hasDefault = config.chains().containsKey(PoolConfig.CHAIN_DEFAULT);
        String chain = hasDefault
                ? PoolConfig.CHAIN_DEFAULT
                : config.chains().keySet().stream().sorted().findFirst().orElseThrow();
        return config.pools().stream()
                .filter(pool -> pool.kind() == kind)
                .findFirst()
                .orElse(otherwise.withChain(chain));
    }

    /** Whether persistent pages go to a chain with a tier that may lose them, and says so when it has. */
    public boolean acceptsLoss() {
        return config.chains().getOrDefault(persistent.chain(), List.of()).stream()
                .anyMatch(tier -> isLossy(tier.type())
                        && ACCEPT_LOSS.equals(tier.settings().get(PERSISTENT)));
    }

    /** Whether a tier of this type may lose persistent pages if it is configured so. */
    static boolean isLossy(String type) {
        return type.equals(REMOTE);
    }

    /** The largest page in use, in bytes. */
    int pageSizeMax() {
        return Math.max(ephemeral.pageSize(), persistent.pageSize());
    }
}
