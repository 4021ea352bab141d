package io.github.tmem.tiering.directory;

import org.agrona.collections.Int2IntHashMap;

/** For each object its pages in one shard, as a list in no order. Guarded by the shard's lock. */
final class ObjectPages {
    private final int shard;
    private final EntryTable entries;
    private final ObjectTable objects;
    private final Int2IntHashMap heads;

    /** No pages of any object. */
    ObjectPages(int shard, EntryTable entries, ObjectTable objects) {
        this(shard, entries, objects, new Int2IntHashMap(EntryTable.NONE));
    }

    /**
     * The same, with the map to use.
     *
     * @param heads an empty map, which says {@link EntryTable#NONE} of what it does not have
     */
    ObjectPages(int shard, EntryTable entries, ObjectTable objects, Int2IntHashMap heads) {
        this.shard = shard;
        this.entries = entries;
        this.objects = objects;
        this.heads = heads;
    }

    /** Adds an entry; false, with nothing changed, if the object's number is no longer attached. */
    boolean add(int entry, TrackedObject object) {
        int head = putHead(object.slot(), entry);
        if (head == EntryTable.NONE && !object.enter(shard)) {
            heads.remove(object.slot());
            return false;
        }
        entries.objectPrevious(entry, EntryTable.NONE);
        entries.objectNext(entry, head);
        if (head != EntryTable.NONE) {
            entries.objectPrevious(head, entry);
        }
        return true;
    }

    /** The map puts, then decides on its new size, then takes the memory: where there is none, all three are undone. */
    private int putHead(int slot, int entry) {
        boolean grown = false;
        try {
            int before = heads.put(slot, entry);
            grown = true;
            return before;
        } finally {
            if (!grown) {
                heads.remove(slot);
                heads.compact();
            }
        }
    }

    /** Removes an entry, and forgets the object if this was its last page anywhere. */
    void remove(int entry, TrackedObject object) {
        int previous = entries.objectPrevious(entry);
        int next = entries.objectNext(entry);
        if (next != EntryTable.NONE) {
            entries.objectPrevious(next, previous);
        }
        if (previous != EntryTable.NONE) {
            entries.objectNext(previous, next);
        } else if (next != EntryTable.NONE) {
            heads.put(object.slot(), next);
        } else {
            heads.remove(object.slot());
            if (object.leave(shard)) {
                objects.forget(object);
            }
        }
    }

    /** An entry of the object, or {@link EntryTable#NONE}. */
    int any(TrackedObject object) {
        // the slot of an object whose last page has gone may already be another's
        return objects.peek(object.slot()) == object ? heads.get(object.slot()) : EntryTable.NONE;
    }

    /** Walks every list and counts its entries. */
    int checkedTotal() {
        int[] count = new int[1];
        heads.forEach((slot, head) -> {
            for (int entry = head; entry != EntryTable.NONE; entry = entries.objectNext(entry)) {
                count[0]++;
            }
        });
        return count[0];
    }
}
