package io.github.tmem.tiering.directory;

import io.github.tmem.api.ObjectId;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Every tracked object by its slot, the 32-bit name that entries use. A slot is used again only when no entry names it.
 * Thread-safe.
 */
final class ObjectTable {
    private volatile @Nullable TrackedObject[] bySlot = new @Nullable TrackedObject[64];
    private int[] freeSlots = new int[64];
    private int freeCount;
    private int highest;

    /** The object in a slot that an entry names; the entry's shard is locked. */
    TrackedObject get(int slot) {
        TrackedObject object = bySlot[slot];
        assert object != null : "an entry names slot " + slot + ", which is empty";
        return object;
    }

    /** The object in a slot that an entry named a moment ago, or null. */
    @Nullable
    TrackedObject peek(int slot) {
        @Nullable TrackedObject[] table = bySlot;
        return slot < 0 || slot >= table.length ? null : table[slot];
    }

    /** The attached object of this id, or null. */
    @Nullable
    TrackedObject find(PoolLedger pool, ObjectId id) {
        TrackedObject object = pool.objects().get(id);
        return object != null && object.isAttached() ? object : null;
    }

    /** The attached object of this id; a new one if there is none. */
    TrackedObject acquire(PoolLedger pool, ObjectId id) {
        while (true) {
            TrackedObject known = pool.objects().get(id);
            if (known != null && known.isAttached()) {
                return known;
            }
            if (known != null) {
                pool.objects().remove(id, known);
            }
            TrackedObject fresh = create(pool, id);
            boolean kept = false;
            try {
                kept = pool.objects().putIfAbsent(id, fresh) == null;
            } finally {
                if (!kept) {
                    release(fresh);
                }
            }
            if (kept) {
                return fresh;
            }
        }
    }

    private synchronized TrackedObject create(PoolLedger pool, ObjectId id) {
        if (freeCount == 0) {
            ensureRoom();
        }
        int slot = freeCount > 0 ? freeSlots[freeCount - 1] : highest;
        TrackedObject object = new TrackedObject(pool, id, slot);
        if (freeCount > 0) { // from here on nothing can fail
            freeCount--;
        } else {
            highest++;
        }
        @Nullable TrackedObject[] table = bySlot;
        table[slot] = object;
        bySlot = table; // for who peeks
        return object;
    }

    /** Makes room for one more object, also among the free slots: a release must not need memory. */
    private void ensureRoom() {
        if (highest == freeSlots.length) {
            freeSlots = Arrays.copyOf(freeSlots, freeSlots.length * 2);
        }
        if (highest == bySlot.length) {
            bySlot = Arrays.copyOf(bySlot, bySlot.length * 2);
        }
    }

    /** Forgets an object that is not attached and has no pages. */
    void forget(TrackedObject object) {
        object.pool().objects().remove(object.id(), object);
        release(object);
    }

    private synchronized void release(TrackedObject object) {
        if (bySlot[object.slot()] != object) {
            return;
        }
        bySlot[object.slot()] = null;
        freeSlots[freeCount++] = object.slot();
    }

    synchronized int size() {
        return highest - freeCount;
    }
}
