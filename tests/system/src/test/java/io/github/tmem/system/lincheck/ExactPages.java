package io.github.tmem.system.lincheck;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What {@link ReopenScenario} does in a pool where every page finds room: an exact register for each key. */
public final class ExactPages {
    private final boolean exclusive = Terrain.current().isExclusive();
    private final int[] versions = new int[3];

    /** For Lincheck. */
    public ExactPages() {}

    /** Is never refused. */
    public boolean put(int key, int version) {
        versions[key] = version;
        return true;
    }

    /** The version of the last put, which an exclusive get takes. */
    public int get(int key) {
        int version = versions[key];
        if (exclusive) {
            versions[key] = 0;
        }
        return version;
    }

    /** Whether there was a page. */
    public boolean flush(int key) {
        boolean flushed = contains(key);
        versions[key] = 0;
        return flushed;
    }

    /** Forgets keys 0 and 1, or key 2. */
    public void flushObject(int object) {
        Arrays.fill(versions, 2 * object, Math.min(2 * object + 2, versions.length), 0);
    }

    /** Whether there is a page. */
    public boolean contains(int key) {
        return versions[key] != 0;
    }

    /** A move is nothing that a caller can see. */
    public void demote() {}

    /** Forgets everything. */
    public void reopen() {
        Arrays.fill(versions, 0);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ExactPages pages && Arrays.equals(versions, pages.versions);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(versions);
    }
}
