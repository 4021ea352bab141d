package io.github.tmem.tiering.directory;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What one shard keeps for each pool that has, or had, pages in it. Guarded by the shard's lock, but for {@link #find} and {@link #hit}.
 */
final class Tenants {
    private final EntryTable entries;
    private final PoolSlots slots;
    private @Nullable Eviction[] bySlot = new @Nullable Eviction[1];

    Tenants(EntryTable entries, PoolSlots slots) {
        this.entries = entries;
        this.slots = slots;
    }

    /**
     * What there is for a pool, or null; without the lock it may be out of date. The ledger is compared, so that nobody
     * reaches another pool under a slot that is used again.
     */
    @Nullable
    Eviction find(PoolLedger pool) {
        @Nullable Eviction[] table = bySlot;
        int slot = pool.slot();
        Eviction found = slot < table.length ? table[slot] : null;
        return found != null && found.pool() == pool ? found : null;
    }

    /** The standing of a page after a hit that keeps it. Needs no lock: of a pool that is not found here, the same. */
    int hit(PoolLedger pool, int standing) {
        Eviction found = find(pool);
        return found == null ? standing : found.hit(standing);
    }

    /** What there is for the pool of a linked entry. */
    Eviction of(PoolLedger pool) {
        Eviction found = find(pool);
        assert found != null
                : "pages of a pool that is not here: " + pool.config().name();
        return found;
    }

    /** The same, begun if need be. */
    Eviction enter(PoolLedger pool) {
        Eviction found = find(pool);
        return found != null ? found : begin(pool);
    }

    private Eviction begin(PoolLedger pool) {
        int slot = pool.slot();
        if (slot >= bySlot.length) {
            bySlot = Arrays.copyOf(bySlot, Math.max(slot + 1, 2 * bySlot.length));
        }
        assert bySlot[slot] == null : "a slot in use";
        Eviction begun = new Eviction(pool, entries);
        slots.enter(pool);
        bySlot[slot] = begun;
        return begun;
    }

    /** Forgets a pool that is closed, unless pages of it are still to be reclaimed: the last of them ends it then. */
    void leaveIfDone(PoolLedger pool) {
        Eviction tenant = pool.isClosed() ? find(pool) : null;
        if (tenant != null && tenant.linked() == 0) {
            bySlot[pool.slot()] = null;
            slots.leave(pool);
        }
    }

    /** Bytes of the queues' ends and of what is remembered of pages that are gone. */
    long memoryBytes() {
        long sum = 0;
        for (Eviction tenant : bySlot) {
            sum += tenant == null ? 0 : tenant.memoryBytes();
        }
        return sum;
    }

    long ghostBytes() {
        long sum = 0;
        for (Eviction tenant : bySlot) {
            sum += tenant == null ? 0 : tenant.ghostBytes();
        }
        return sum;
    }

    /** Entries linked in the shard. */
    int linked() {
        int sum = 0;
        for (Eviction tenant : bySlot) {
            sum += tenant == null ? 0 : tenant.linked();
        }
        return sum;
    }

    /** Walks every queue; the number of queued entries when all is well. */
    int checkedTotal() {
        int sum = 0;
        for (Eviction tenant : bySlot) {
            sum += tenant == null ? 0 : tenant.checkedTotal();
        }
        return sum;
    }
}
