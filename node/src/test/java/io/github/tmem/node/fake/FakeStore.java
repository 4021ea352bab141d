package io.github.tmem.node.fake;

import io.github.tmem.api.BlobPool;
import io.github.tmem.api.EphemeralPool;
import io.github.tmem.api.GetMode;
import io.github.tmem.api.PageKind;
import io.github.tmem.api.PagePool;
import io.github.tmem.api.PageStore;
import io.github.tmem.api.PersistentPool;
import io.github.tmem.api.config.ConfigValue;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.api.config.Size;
import io.github.tmem.api.config.StoreConfig;
import io.github.tmem.api.config.TierConfig;
import io.github.tmem.api.live.TierChain;
import io.github.tmem.api.spi.Recorder;
import io.github.tmem.api.spi.StoreProvider;
import io.github.tmem.api.stats.StoreStats;
import io.github.tmem.api.stats.TierState;
import io.github.tmem.api.stats.TierStats;
import io.github.tmem.node.config.Lending;
import io.github.tmem.tiering.yaml.ConfigFile;
import io.github.tmem.tiering.yaml.Vocabulary;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** A page store in a map, with one tier called {@code fake}. Pools are opened by their settings only. */
public final class FakeStore implements PageStore {
    private final Flaw flaw;
    private final Map<String, PagePool> pools = new TreeMap<>();
    private boolean closed;
    private long unanswered;

    /** An empty store that has {@code flaw}. */
    public FakeStore(Flaw flaw) {
        this.flaw = flaw;
    }

    /** A node over such a store may lend all of it; these pools are declared. */
    public static Lending lending(PoolConfig... pools) {
        return Lending.of(
                StoreConfig.ofChain(List.of(TierConfig.of("fake", Size.parse("1MiB"))), List.of(pools)), List.of());
    }

    /** A provider that opens {@code store}, and reads files for the tiers heap, offheap, remote and far. */
    public static StoreProvider provider(FakeStore store) {
        return new StoreProvider() {
            @Override
            public PageStore open(StoreConfig config) {
                return store;
            }

            @Override
            public StoreConfig read(Path file) {
                Vocabulary vocabulary = new Vocabulary(
                        Map.of("heap", Set.of(), "offheap", Set.of(), "remote", Set.of("persistent"), "far", Set.of()),
                        Set.of("lz4", "none"));
                return ConfigFile.read(file, vocabulary);
            }

            @Override
            public Optional<ConfigValue> section(Path file, String key) {
                return ConfigFile.section(file, key);
            }
        };
    }

    /** Whether {@link #close()} was called. */
    public boolean isClosed() {
        return closed;
    }

    /** The names of the pools that were opened. */
    public Set<String> poolNames() {
        return pools.keySet();
    }

    @Override
    public PagePool pool(PoolConfig settings) {
        FakePages pages = new FakePages(settings, flaw);
        PagePool pool = settings.kind() == PageKind.EPHEMERAL
                ? new FakeEphemeralPool(settings, pages)
                : new FakePersistentPool(settings, pages);
        pools.put(settings.name(), pool);
        return pool;
    }

    @Override
    public EphemeralPool ephemeral(String name) {
        throw new UnsupportedOperationException();
    }

    @Override
    public EphemeralPool ephemeral(String name, GetMode mode) {
        throw new UnsupportedOperationException();
    }

    @Override
    public PersistentPool persistent(String name) {
        throw new UnsupportedOperationException();
    }

    @Override
    public PersistentPool persistent(String name, GetMode mode) {
        throw new UnsupportedOperationException();
    }

    @Override
    public BlobPool blobs(String name) {
        throw new UnsupportedOperationException();
    }

    @Override
    public BlobPool blobs(PoolConfig settings) {
        return new FakeBlobs(1000);
    }

    @Override
    public TierChain chain(String name) {
        throw new UnsupportedOperationException();
    }

    @Override
    public StoreStats stats() {
        TierStats tier = new TierStats(
                "default",
                "fake",
                "none",
                TierState.OPEN,
                1000,
                500,
                400,
                1200,
                7,
                8,
                15,
                0,
                0,
                0,
                0,
                0,
                0,
                flaw == Flaw.HIDES ? ++unanswered : 0,
                9,
                1,
                2,
                3,
                4,
                5,
                0,
                0,
                0,
                0,
                0,
                flaw == Flaw.LOSES_ABOVE ? 1 : 0,
                0,
                0);
        return new StoreStats(
                List.of(tier), pools.values().stream().map(PagePool::stats).toList(), List.of());
    }

    @Override
    public void record(Recorder recorder) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
        closed = true;
    }
}
