package io.github.tmem.tiering.chain;

import io.github.tmem.api.config.ConfigException;
import io.github.tmem.api.config.Size;
import io.github.tmem.api.config.TierConfig;
import io.github.tmem.api.spi.Backend;
import io.github.tmem.api.spi.BackendProvider;
import io.github.tmem.tiering.codec.Codecs;
import io.github.tmem.tiering.directory.Directory;
import io.github.tmem.tiering.directory.Stamps;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToIntFunction;

/** Opens chains from their configuration. */
public final class ChainOpener {
    private static final System.Logger LOG = System.getLogger(ChainOpener.class.getName());
    private static final int PAGE_BYTES_EXPECTED = 4096;
    private static final int ENTRIES_MIN = 64;
    private static final int ENTRIES_LIMIT = Integer.MAX_VALUE - 4096;

    private final Map<String, BackendProvider> providers;
    private final Maintenance maintenance;
    private final Lifecycle lifecycle;
    private final Stamps stamps = new Stamps();
    private final AtomicLong copyIds = new AtomicLong();

    /**
     * An opener for the chains of one store.
     *
     * @param providers the backends there are, by tier type
     * @param lifecycle of the store
     */
    public ChainOpener(Map<String, BackendProvider> providers, Maintenance maintenance, Lifecycle lifecycle) {
        this.lifecycle = lifecycle;
        this.providers = Map.copyOf(providers);
        this.maintenance = maintenance;
    }

    /**
     * Opens a chain.
     *
     * @throws ConfigException if a tier cannot be opened; those opened before are closed
     */
    public Chain open(String name, List<TierConfig> configs, Size directorySize) {
        Codecs codecs = new Codecs(configs.stream().map(TierConfig::codec).toList());
        List<Tier> tiers = new ArrayList<>();
        try {
            for (TierConfig config : configs) {
                tiers.add(openTier(nameFor(config, tiers), tiers.size(), config, codecs::numberOf));
            }
            return assemble(name, tiers, codecs, directorySize);
        } catch (RuntimeException | Error failure) {
            tiers.forEach(tier -> tier.backend().close());
            throw failure;
        }
    }

    /** The name of a tier that is to stand beside others: its type, with a number from the second on. */
    static String nameFor(TierConfig config, List<Tier> others) {
        String name = config.type();
        for (int nth = 2; isTaken(name, others); nth++) {
            name = config.type() + "#" + nth;
        }
        return name;
    }

    private static boolean isTaken(String name, List<Tier> others) {
        return others.stream().anyMatch(other -> other.name().equals(name));
    }

    /**
     * Opens a tier.
     *
     * @param codecs gives the codec of this name its number; called when nothing can be refused any more
     * @throws ConfigException if it cannot be opened
     */
    Tier openTier(String name, int number, TierConfig config, ToIntFunction<String> codecs) {
        BackendProvider provider = provider(config);
        long capacity = provider.capacity(config);
        Backend backend = provider.open(config);
        Tier.Setup setup = new Tier.Setup(number, name, config, codecs.applyAsInt(config.codec()), capacity);
        LOG.log(Level.DEBUG, "tier {0}: {1} bytes, codec {2}", name, Long.toString(capacity), config.codec());
        return new Tier(setup, backend, copyIds, maintenance::wake);
    }

    /** The capacity in bytes that a tier of this configuration has on this machine. */
    long capacity(TierConfig config) {
        return provider(config).capacity(config);
    }

    private BackendProvider provider(TierConfig config) {
        BackendProvider provider = providers.get(config.type());
        if (provider == null) {
            throw new ConfigException("tier type \"" + config.type() + "\" is not on the class path; allowed: "
                    + String.join(", ", providers.keySet().stream().sorted().toList())
                    + "; add the artifact that brings it");
        }
        for (String key : config.settings().keySet()) {
            if (!provider.settingKeys().contains(key)) {
                throw new ConfigException("tier " + config.type() + " has no setting \"" + key + "\"; allowed: "
                        + String.join(
                                ", ", provider.settingKeys().stream().sorted().toList()));
            }
        }
        return provider;
    }

    /** How many entries a directory of this size has for tiers of so many bytes. */
    static int entriesMax(Size directorySize, long capacity) {
        return Math.clamp(directorySize.resolve(capacity) / Directory.BYTES_PER_ENTRY, ENTRIES_MIN, ENTRIES_LIMIT);
    }

    private Chain assemble(String name, List<Tier> tiers, Codecs codecs, Size directorySize) {
        long capacity = tiers.stream().mapToLong(Tier::capacity).sum();
        Directory directory = new Directory(
                entriesMax(directorySize, capacity),
                capacity / PAGE_BYTES_EXPECTED,
                Runtime.getRuntime().availableProcessors());
        ChainParts parts = new ChainParts(
                directory,
                new Tiers(tiers),
                new ScratchPool(codecs),
                stamps,
                new DirectoryCounters(),
                new Sampler(name));
        return new Chain(name, parts, codecs, maintenance, new Surroundings(this, lifecycle, directorySize));
    }
}
