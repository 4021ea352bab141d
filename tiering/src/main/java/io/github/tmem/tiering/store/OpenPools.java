package io.github.tmem.tiering.store;

import io.github.tmem.api.UnauthorizedException;
import io.github.tmem.api.WrongKindException;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.api.config.Sharing;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The pools of a store, by the name each was opened under first, and shared ones by UUID. Its own lock, taken by the store,
 * guards all of them: who leaves last, and whether somebody who opens a pool joins it or gets a new one, is decided in it.
 */
final class OpenPools {
    private final Map<String, OpenPool> byName = new HashMap<>();
    private final Map<UUID, OpenPool> byUuid = new HashMap<>();
    private final Map<String, TieredBlobPool> blobs = new HashMap<>();

    /** The pool of this name, or null. */
    @Nullable
    OpenPool named(String name) {
        return byName.get(name);
    }

    /**
     * The pool of values of these settings, or null if it is not open.
     *
     * @throws WrongKindException if the name belongs to a pool of pages, or to one of values with other settings
     */
    @Nullable
    TieredBlobPool findBlobs(PoolConfig wanted) {
        String name = wanted.name();
        if (byName.containsKey(name)) {
            throw new WrongKindException("pool " + name + " is open as a pool of pages, not of values");
        }
        TieredBlobPool open = blobs.get(name);
        if (open != null && !open.config().equals(wanted)) {
            throw new WrongKindException("pool " + name + " is open as " + TieredBlobPool.describe(open.config())
                    + ", not as " + TieredBlobPool.describe(wanted));
        }
        return open;
    }

    void add(TieredBlobPool pool) {
        blobs.put(pool.name(), pool);
    }

    void remove(TieredBlobPool pool) {
        blobs.remove(pool.name(), pool);
    }

    Collection<TieredBlobPool> allBlobs() {
        return Collections.unmodifiableCollection(blobs.values());
    }

    Collection<OpenPool> all() {
        return Collections.unmodifiableCollection(byName.values());
    }

    /**
     * The pool these settings are about, or null if it is not open.
     *
     * @throws UnauthorizedException as {@link OpenPool#check}
     * @throws WrongKindException as {@link OpenPool#check}, if a shared pool is to have the name of another pool, or a
     *     pool of pages that of a pool of values
     */
    @Nullable
    OpenPool find(PoolConfig wanted) {
        if (blobs.containsKey(wanted.name())) {
            throw new WrongKindException("pool " + wanted.name() + " is open as a pool of values, not of pages");
        }
        Sharing sharing = wanted.sharing();
        OpenPool open = sharing == null ? byName.get(wanted.name()) : byUuid.get(sharing.uuid());
        if (open != null) {
            open.check(wanted);
        } else if (byName.containsKey(wanted.name())) {
            throw new WrongKindException(
                    "pool " + wanted.name() + " is open as another pool, not as the one shared by the UUID given");
        }
        return open;
    }

    void add(OpenPool pool) {
        PoolConfig config = pool.config();
        byName.put(config.name(), pool);
        if (config.sharing() != null) {
            byUuid.put(config.sharing().uuid(), pool);
        }
    }

    /** Forgets a pool: from now on its name and UUID are those of another. */
    void remove(OpenPool pool) {
        PoolConfig config = pool.config();
        byName.remove(config.name(), pool);
        if (config.sharing() != null) {
            byUuid.remove(config.sharing().uuid(), pool);
        }
    }

    /** Forgets all. */
    void clear() {
        byName.clear();
        byUuid.clear();
        blobs.clear();
    }
}
