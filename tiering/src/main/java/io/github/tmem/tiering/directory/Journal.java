package io.github.tmem.tiering.directory;

import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PageKey;
import java.util.HashSet;
import java.util.Set;

/**
 * Which keys of a pool have changed since somebody last asked. An operation notes its key after it has taken effect and
 * before it returns. So whoever asks, and then reads the key, sees what the operation did, or something later. Thread-safe.
 */
public final class Journal {
    private final int notesMax;
    private Set<PageKey> keys;
    private Set<ObjectId> objects = new HashSet<>();
    private boolean overflown;

    /**
     * An empty journal.
     *
     * @param notesMax when there are more keys and objects to remember, it remembers only that there were too many
     */
    public Journal(int notesMax) {
        this(notesMax, new HashSet<>());
    }

    /**
     * The same, with the set to use until the first {@link #take}.
     *
     * @param keys an empty set
     */
    Journal(int notesMax, Set<PageKey> keys) {
        this.notesMax = notesMax;
        this.keys = keys;
    }

    /**
     * What has changed.
     *
     * @param keys the keys of pages that came or ended
     * @param objects the objects that were flushed; their keys are not among {@code keys} on that account
     * @param overflown whether there was too much to remember: then anything may have changed
     */
    public record Changes(Set<PageKey> keys, Set<ObjectId> objects, boolean overflown) {}

    /** A page came or ended. */
    public synchronized void note(ObjectId object, long index) {
        if (!overflown) {
            try {
                keys.add(new PageKey(object, index));
                bound();
            } catch (OutOfMemoryError e) {
                overflow(); // what could not be noted has happened all the same
            }
        }
    }

    /** An object was flushed. */
    public synchronized void note(ObjectId object) {
        if (!overflown) {
            try {
                objects.add(object);
                bound();
            } catch (OutOfMemoryError e) {
                overflow();
            }
        }
    }

    private void bound() {
        if (keys.size() + objects.size() > notesMax) {
            overflow();
        }
    }

    private void overflow() {
        keys = Set.of();
        objects = Set.of();
        overflown = true;
    }

    /** What has been noted since the last call. */
    public synchronized Changes take() {
        Changes changes = new Changes(keys, objects, overflown);
        Set<PageKey> noKeys = new HashSet<>();
        objects = new HashSet<>(); // nothing is forgotten before there is memory for what follows
        keys = noKeys;
        overflown = false;
        return changes;
    }
}
