package io.github.tmem.tiering.store;

import io.github.tmem.api.PageKind;
import io.github.tmem.api.UnauthorizedException;
import io.github.tmem.api.WriteMode;
import io.github.tmem.api.WrongKindException;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.api.config.Sharing;
import io.github.tmem.api.spi.PageFills;
import io.github.tmem.tiering.directory.PoolLedger;
import io.github.tmem.tiering.transfer.Restoration;
import java.util.ArrayList;
import java.util.List;

/** A pool from its first handle to its last; a private one has a single handle. Guarded by the lock of its store's pools. */
final class OpenPool {
    private final PoolLedger ledger;
    private final PageFills fills = new PageFills();
    private final Restoration restoration = new Restoration();
    private final List<TieredPool> handles = new ArrayList<>();
    private int sharers;

    OpenPool(PoolLedger ledger) {
        this.ledger = ledger;
    }

    PoolLedger ledger() {
        return ledger;
    }

    /** The settings the pool was opened with first. */
    PoolConfig config() {
        return ledger.config();
    }

    boolean isShared() {
        return config().sharing() != null;
    }

    /** Which pages are being read from their source, through whichever handle. */
    PageFills fills() {
        return fills;
    }

    /** What has been restored into the pool, through whichever handle. */
    Restoration restoration() {
        return restoration;
    }

    /**
     * Checks that somebody who comes with these settings may have this pool.
     *
     * @throws UnauthorizedException if the pool is shared and they do not name its UUID and secret
     * @throws WrongKindException if any other of them differs, but for the name of a shared pool
     */
    void check(PoolConfig wanted) {
        Sharing sharing = config().sharing();
        if (sharing != null && !sharing.equals(wanted.sharing())) {
            throw new UnauthorizedException("pool " + wanted.name() + " is shared and has "
                    + (sharing.secret() == null ? "no secret" : "a secret") + ": it is opened by its UUID "
                    + (sharing.secret() == null ? "and no secret" : "and that secret, which was not given"));
        }
        if (!config().withName(wanted.name()).equals(wanted)) {
            throw new WrongKindException(
                    "pool " + wanted.name() + " is open as " + describe(config()) + ", not as " + describe(wanted));
        }
    }

    static String describe(PoolConfig config) {
        return config.kind().word() + " with " + config.getMode().word() + " gets, pages of " + config.pageSize()
                + " bytes, chain " + config.chain() + ", weight " + config.weight()
                + (config.quota() == null ? "" : ", quota " + config.quota())
                + (config.sharing() == null ? "" : ", shared")
                + (config.write() == WriteMode.BACK ? "" : ", write through")
                + (config.indexes() == PoolConfig.INDEXES_ALL
                        ? ""
                        : ", " + Long.toUnsignedString(config.indexes()) + " indexes");
    }

    /** The handle of a private pool; a new one of a shared pool, which takes part in it until it {@linkplain #leave leaves}. */
    TieredPool join(PoolConfig settings, TieredStore store) {
        if (!isShared() && !handles.isEmpty()) {
            return handles.getFirst();
        }
        TieredPool handle = settings.kind() == PageKind.EPHEMERAL
                ? new TieredEphemeralPool(this, settings, nextSharer(), store)
                : new TieredPersistentPool(this, settings, TieredPool.UNNOTICED, store);
        handles.add(handle);
        return handle;
    }

    private int nextSharer() {
        return isShared() ? ++sharers : TieredPool.UNNOTICED;
    }

    /** Ends the part of a handle; whether it was the last. */
    boolean leave(TieredPool handle) {
        handles.remove(handle);
        return handles.isEmpty();
    }

    /** Closes all handles. */
    void closeHandles() {
        handles.forEach(TieredPool::markClosed);
        handles.clear();
    }
}
