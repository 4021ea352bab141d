package io.github.tmem.system;

import io.github.tmem.api.EphemeralPool;
import io.github.tmem.api.GetMode;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PageStore;
import io.github.tmem.api.PersistentPool;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.api.spi.SelfChecking;
import io.github.tmem.kit.PageKey;
import io.github.tmem.kit.Pages;
import io.github.tmem.kit.backend.LocatedTestBackend;
import io.github.tmem.kit.provider.TestBackends;

/**
 * A store over one located test backend of two units, {@link #PAGES_IN_UNIT} pages each, behind hooks. Closing it checks
 * the invariants and that no copy is left.
 */
final class LocatedStage implements AutoCloseable {
    static final int PAGES_IN_UNIT = LocatedTestBackend.UNIT_BYTES / Stage.PAGE;
    private static final ObjectId FILE = ObjectId.of(1);
    private static final ObjectId CLEAN = ObjectId.of(2);

    private final LocatedTestBackend backend = new LocatedTestBackend(2L * LocatedTestBackend.UNIT_BYTES);
    private final HookedBackend hooks = new HookedBackend(backend);
    private final TestBackends.Registration registration =
            TestBackends.register("wrapped", config -> hooks.asBackend());
    private final PageStore store = PageStore.builder()
            .directory("1MiB")
            .tier(registration.tier(2L * LocatedTestBackend.UNIT_BYTES).withWatermarks(100, 100))
            .open();
    private final PersistentPool dirty = store.persistent("dirty", GetMode.INCLUSIVE);
    private final EphemeralPool clean = store.ephemeral("clean", GetMode.INCLUSIVE);

    /** One unit of persistent pages, with indexes from 0, and one of ephemeral ones. */
    static LocatedStage full() {
        LocatedStage stage = new LocatedStage();
        for (int i = 0; i < PAGES_IN_UNIT; i++) {
            boolean stored = stage.put(i)
                    && stage.clean.put(CLEAN, i, Stage.page(CLEAN, i, 1)).stored();
            if (!stored) {
                throw new AssertionError("page " + i + " was refused");
            }
        }
        return stage;
    }

    /** No pages yet. */
    static LocatedStage empty() {
        return new LocatedStage();
    }

    private LocatedStage() {}

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
