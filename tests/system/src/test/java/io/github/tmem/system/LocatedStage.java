package io.github.tmem.system;

import io.github.tmem.api.EphemeralPool;
import io.github.tmem.api.GetMode;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PageStore;
import io.github.tmem.api.PersistentPool;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.api.config.Size;
import io.github.tmem.api.live.Evacuated;
import io.github.tmem.api.live.Progress;
import io.github.tmem.api.live.TierChain;
import io.github.tmem.api.spi.SelfChecking;
import io.github.tmem.kit.PageKey;
import io.github.tmem.kit.Pages;
import io.github.tmem.kit.backend.LocatedTestBackend;
import io.github.tmem.kit.provider.TestBackends;

/**
 * A store over one located test backend of two units or more, {@link #PAGES_IN_UNIT} pages each, behind hooks. Closing it checks
 * the invariants and that no copy is left.
 */
final class LocatedStage implements AutoCloseable {
    static final int PAGES_IN_UNIT = LocatedTestBackend.UNIT_BYTES / Stage.PAGE;
    private static final ObjectId FILE = ObjectId.of(1);
    private static final ObjectId CLEAN = ObjectId.of(2);

    private final LocatedTestBackend backend;
    private final HookedBackend hooks;
    private final TestBackends.Registration registration;
    private final PageStore store;
    private final PersistentPool dirty;
    private final EphemeralPool clean;

    /** One unit of persistent pages, with indexes from 0, and one of ephemeral ones. */
    static LocatedStage full() {
        LocatedStage stage = new LocatedStage(2);
        for (int i = 0; i < PAGES_IN_UNIT; i++) {
            boolean stored = stage.put(i) && stage.putClean(i);
            if (!stored) {
                throw new AssertionError("page " + i + " was refused");
            }
        }
        return stage;
    }

    /** No pages yet. */
    static LocatedStage empty() {
        return of(2);
    }

    /** So many units without a page. */
    static LocatedStage of(int units) {
        return new LocatedStage(units);
    }

    private LocatedStage(int units) {
        long capacity = (long) units * LocatedTestBackend.UNIT_BYTES;
        backend = new LocatedTestBackend(capacity);
        hooks = new HookedBackend(backend);
        registration = TestBackends.register("wrapped", config -> hooks.asBackend());
        store = PageStore.builder()
                .directory("1MiB")
                .tier(registration.tier(capacity).withWatermarks(100, 100))
                .open();
        dirty = store.persistent("dirty", GetMode.INCLUSIVE);
        clean = store.ephemeral("clean", GetMode.INCLUSIVE);
    }

    LocatedTestBackend backend() {
        return backend;
    }

    /** Moves what does not fit into so many units. */
    Evacuated resize(int units) {
        return resize(units, Progress.UNATTENDED);
    }

    /** Moves what does not fit into so many units. */
    Evacuated resize(int units, Progress progress) {
        TierChain chain = store.chain(PoolConfig.CHAIN_DEFAULT);
        Size capacity = Size.ofBytes((long) units * LocatedTestBackend.UNIT_BYTES);
        return chain.resize(chain.tiers().getFirst(), capacity, progress);
    }

    HookedBackend hooks() {
        return hooks;
    }

    PageStore store() {
        return store;
    }

    EphemeralPool clean() {
        return clean;
    }

    /** A new pool of ephemeral pages of 512 bytes, {@code 8 * PAGES_IN_UNIT} to a unit. */
    EphemeralPool smallPages() {
        return (EphemeralPool)
                store.pool(PoolConfig.ephemeral("small").withPageSize(512).withGetMode(GetMode.INCLUSIVE));
    }

    /** Puts a persistent page. */
    boolean put(long index) {
        return dirty.put(FILE, index, Stage.page(FILE, index, 1)).stored();
    }

    /** Puts an ephemeral page. */
    boolean putClean(long index) {
        return clean.put(CLEAN, index, Stage.page(CLEAN, index, 1)).stored();
    }

    /** Forgets the persistent pages from one index to before another. */
    void flush(int from, int to) {
        for (int index = from; index < to; index++) {
            dirty.flush(FILE, index);
        }
    }

    /** The version of a persistent page, or 0 on a miss. */
    long get(long index) {
        byte[] buffer = new byte[Stage.PAGE];
        return dirty.get(FILE, index, buffer) ? Pages.version(new PageKey(FILE, index), buffer) : 0;
    }

    /** Walks the store and compares it with its backend. */
    void verify() {
        ((SelfChecking) store).verify();
    }

    @Override
    public void close() {
        hooks.heal();
        verify();
        dirty.close();
        clean.close();
        verify();
        long left = backend.usage().copies();
        store.close();
        registration.close();
        if (left != 0) {
            throw new AssertionError(left + " copies were left in the backend after their pools were destroyed");
        }
    }
}
