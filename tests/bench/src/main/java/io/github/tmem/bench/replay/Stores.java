package io.github.tmem.bench.replay;

import io.github.tmem.api.PageStore;
import io.github.tmem.api.config.ConfigException;
import io.github.tmem.api.config.FullAction;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.api.config.Size;
import io.github.tmem.api.config.StoreConfig;
import io.github.tmem.api.config.TierConfig;
import io.github.tmem.api.spi.BackendProvider;
import io.github.tmem.node.console.Figures;
import io.github.tmem.tiering.store.TieredStoreProvider;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Collectors;

/**
 * The stores a trace is replayed through: of one tier that holds exactly the pages asked for, or of the tiers of a
 * configuration file. Their hash seeds are always the same.
 */
final class Stores {
    private static final long SEED = 0x746d656dL;
    private static final TieredStoreProvider PROVIDER = new TieredStoreProvider(() -> SEED);

    /** Far more than the entries of a tier of uncompressed pages, so that the tier alone decides what leaves. */
    private static final Size DIRECTORY = Size.ofPercent(100);

    private final List<TierConfig> tiers;
    private final Size directory;

    private Stores(List<TierConfig> tiers, Size directory) {
        this.tiers = tiers;
        this.directory = directory;
    }

    /** Stores of one tier that evicts when it is full, and never before. */
    static Stores exact() {
        TierConfig tier = TierConfig.of(SlotsProvider.TYPE, Size.ofBytes(SlotsBackend.SLOT_BYTES))
                .withWatermarks(100, 100)
                .withWhenFull(FullAction.EVICT, FullAction.FORWARD)
                .withCodec("none");
        return new Stores(List.of(tier), DIRECTORY);
    }

    /**
     * Stores of the tiers in {@code file}: those of the chain {@value PoolConfig#CHAIN_DEFAULT}, or of the first by name.
     *
     * @throws ConfigException if the file is wrong
     */
    static Stores of(Path file) {
        StoreConfig config = PROVIDER.read(file);
        List<TierConfig> first = config.chains().entrySet().stream()
                .min((a, b) -> a.getKey().compareTo(b.getKey()))
                .orElseThrow()
                .getValue();
        return new Stores(config.chains().getOrDefault(PoolConfig.CHAIN_DEFAULT, first), config.directory());
    }

    /**
     * The tiers with the capacities they are written with.
     *
     * @throws ConfigException if a capacity does not fit this machine
     */
    StoreConfig asWritten() {
        return config(tiers.stream().map(Stores::capacity).toList());
    }

    /**
     * The tiers in the same proportions, with together the bytes of {@code pages} uncompressed pages.
     *
     * @throws ConfigException if a tier cannot be as small or as large as that
     */
    StoreConfig holding(int pages) {
        long bytes = (long) pages * SlotsBackend.SLOT_BYTES;
        if (tiers.size() == 1) {
            return config(List.of(bytes));
        }
        List<Long> written = tiers.stream().map(Stores::capacity).toList();
        double factor =
                (double) bytes / written.stream().mapToLong(Long::longValue).sum();
        List<Long> scaled = new ArrayList<>();
        long left = bytes;
        for (Long capacity : written.subList(0, written.size() - 1)) {
            long share = Math.clamp((long) (capacity * factor), 1, Math.max(1, left - 1));
            scaled.add(share);
            left -= share;
        }
        scaled.add(Math.max(1, left));
        return config(scaled);
    }

    private StoreConfig config(List<Long> capacities) {
        List<TierConfig> sized = new ArrayList<>();
        for (int i = 0; i < tiers.size(); i++) {
            sized.add(sized(tiers.get(i), capacities.get(i)));
        }
        sized.forEach(Stores::capacity);
        return StoreConfig.ofChain(sized, List.of()).withDirectory(directory);
    }

    private static TierConfig sized(TierConfig tier, long bytes) {
        return tier.withCapacity(Size.ofBytes(bytes));
    }

    private static long capacity(TierConfig tier) {
        return ServiceLoader.load(BackendProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(provider -> provider.type().equals(tier.type()))
                .findFirst()
                .orElseThrow(() -> new ConfigException("no backend for tier \"" + tier.type() + "\""))
                .capacity(tier);
    }

    /** Opens a store. */
    static PageStore open(StoreConfig config) {
        return PROVIDER.open(config);
    }

    /** The tiers of a store in words. */
    static String describe(StoreConfig config) {
        return config.chains().getOrDefault(PoolConfig.CHAIN_DEFAULT, List.of()).stream()
                .map(tier -> tier.type() + " " + Figures.bytes(tier.capacity().bytes()))
                .collect(Collectors.joining(" > "));
    }
}
