package io.github.tmem.bench.replay;

import io.github.tmem.api.PageStore;
import io.github.tmem.api.config.ConfigException;
import io.github.tmem.api.config.FullAction;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.api.config.Size;
import io.github.tmem.api.config.StoreConfig;
import io.github.tmem.api.config.TierConfig;
import io.github.tmem.api.spi.BackendProvider;
import io.github.tmem.bench.trace.Amount;
import io.github.tmem.bench.trace.Trace;
import io.github.tmem.node.console.Figures;
import io.github.tmem.node.console.UserMistakeException;
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

    /** The least bytes of a tier that shares a capacity with others. */
    private final long least;

    private Stores(List<TierConfig> tiers, Size directory, long least) {
        this.tiers = tiers;
        this.directory = directory;
        this.least = least;
    }

    /** Stores of one tier that evicts when it is full, and never before. */
    static Stores exact() {
        TierConfig tier = TierConfig.of(SlotsProvider.TYPE, Size.ofBytes(SlotsBackend.SLOT_BYTES))
                .withCodec("none");
        return new Stores(List.of(evicting(tier)), DIRECTORY, SlotsBackend.SLOT_BYTES);
    }

    /** Stores of tiers in these proportions, each at least a page: pages move down, and out of the last tier. */
    static Stores chain(TierShares shares) {
        List<TierConfig> tiers = new ArrayList<>();
        for (int share : shares.shares()) {
            Size size = Size.ofBytes((long) share * SlotsBackend.SLOT_BYTES);
            tiers.add(TierConfig.of(SlotsProvider.TYPE, size).withCodec("none"));
        }
        tiers.add(evicting(tiers.removeLast()));
        return new Stores(tiers, DIRECTORY, SlotsBackend.SLOT_BYTES);
    }

    private static TierConfig evicting(TierConfig tier) {
        return tier.withWatermarks(100, 100).withWhenFull(FullAction.EVICT, FullAction.FORWARD);
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
        return new Stores(config.chains().getOrDefault(PoolConfig.CHAIN_DEFAULT, first), config.directory(), 1);
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
            long share = Math.clamp(wholePages((long) (capacity * factor)), least, Math.max(least, left - 1));
            scaled.add(share);
            left -= share;
        }
        scaled.add(Math.max(1, left));
        return config(scaled);
    }

    /**
     * The same, as a share of the pages of {@code trace} or their number.
     *
     * @throws UserMistakeException if a tier cannot be as small or as large as that
     */
    StoreConfig holding(Amount size, Trace trace) {
        try {
            return holding(size.pagesOf(trace, ReplayCommand.CAPACITY));
        } catch (ConfigException e) {
            throw new UserMistakeException(
                    ReplayCommand.CAPACITY + " " + size.typed() + " of " + trace.name() + ": " + e.getMessage(), e);
        }
    }

    /** Bytes in whole pages, so that no part of a page is left over; less than a page as they are. */
    private static long wholePages(long bytes) {
        return bytes < SlotsBackend.SLOT_BYTES ? bytes : bytes - bytes % SlotsBackend.SLOT_BYTES;
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

    /** The tiers of a store's only chain, first to last. */
    static List<TierConfig> tiers(StoreConfig config) {
        return config.chains().getOrDefault(PoolConfig.CHAIN_DEFAULT, List.of());
    }

    /** The tiers of a store in words. */
    static String describe(StoreConfig config) {
        return tiers(config).stream()
                .map(tier -> tier.type() + " " + Figures.bytes(tier.capacity().bytes()))
                .collect(Collectors.joining(" > "));
    }
}
