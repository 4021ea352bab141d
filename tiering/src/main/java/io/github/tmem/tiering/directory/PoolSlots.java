package io.github.tmem.tiering.directory;

import io.github.tmem.api.PageKind;
import io.github.tmem.api.config.PoolConfig;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The pools of a directory by slot, a small number under which a shard finds what it keeps for a pool. A slot is used
 * again only when its pool is closed and no shard keeps anything for it. Thread-safe.
 */
final class PoolSlots {
    private @Nullable PoolLedger[] bySlot = new @Nullable PoolLedger[4];

    /** How many hold a pool's slot: the shards that keep something for it, and whoever opened it. */
    private int[] holders = new int[bySlot.length];

    private volatile PoolLedger[] ephemeral = new PoolLedger[0];
    private volatile PoolLedger[] persistent = new PoolLedger[0];

    /** A new pool, held by the caller until {@link #leave}. */
    synchronized PoolLedger open(PoolConfig config, long seed) {
        PoolLedger pool = new PoolLedger(config, seed, freeSlot(0));
        hold(pool);
        return pool;
    }

    /** The ledger of the ephemeral values of a new blob pool; that and its twin are held by the caller until {@link #leave}. */
    synchronized PoolLedger openBlobs(PoolConfig config, long seed) {
        int slot = freeSlot(0);
        PoolLedger pool = new PoolLedger(config, seed, slot, freeSlot(slot + 1));
        hold(pool);
        PoolLedger twin = pool.twin();
        assert twin != null;
        hold(twin);
        return pool;
    }

    private void hold(PoolLedger pool) {
        bySlot[pool.slot()] = pool;
        holders[pool.slot()] = 1;
        list(pool.kind());
    }

    private int freeSlot(int from) {
        for (int slot = from; slot < bySlot.length; slot++) {
            if (bySlot[slot] == null) {
                return slot;
            }
        }
        int first = Math.max(from, bySlot.length);
        bySlot = Arrays.copyOf(bySlot, 2 * first);
        holders = Arrays.copyOf(holders, bySlot.length);
        return first;
    }

    private void list(PageKind kind) {
        List<PoolLedger> pools = new ArrayList<>();
        for (PoolLedger pool : bySlot) {
            if (pool != null && pool.kind() == kind) {
                pools.add(pool);
            }
        }
        PoolLedger[] listed = pools.toArray(PoolLedger[]::new);
        if (kind == PageKind.EPHEMERAL) {
            ephemeral = listed;
        } else {
            persistent = listed;
        }
    }

    /** Notes that a shard, whose lock is held, begins to keep something for a pool. */
    synchronized void enter(PoolLedger pool) {
        assert bySlot[pool.slot()] == pool : "not open here";
        holders[pool.slot()]++;
    }

    /** Notes that a shard keeps nothing for a pool any more, or that the pool is closed. */
    synchronized void leave(PoolLedger pool) {
        assert bySlot[pool.slot()] == pool : "left twice";
        if (--holders[pool.slot()] == 0) {
            bySlot[pool.slot()] = null;
            list(pool.kind());
        }
    }

    /** The pools of a kind that are open, or closed with pages left, in the order of their slots. Not to be changed. */
    PoolLedger[] pools(PageKind kind) {
        return kind == PageKind.EPHEMERAL ? ephemeral : persistent;
    }
}
