package io.github.tmem.api.spi;

import io.github.tmem.api.PageKind;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * A backend that places copies in memory of its own, in units (slabs) that hold copies of one kind and one size class.
 *
 * <p>Because memory is handed out by the unit, freeing two small copies does not make room for a large one. A
 * {@link Claim} makes whole units free: the backend chooses units and stops placing copies in them, the chain moves or
 * evicts what lives there, and the room then belongs to the claimer alone.
 */
public interface LocatedBackend extends Backend {

    /** What a claim may cost the copies in its way. */
    enum ClaimGoal {
        /** Room for a persistent page: whole ephemeral units, or sparse units whose copies fit elsewhere in the backend. */
        PERSISTENT,
        /** Room for an ephemeral page: only sparse units whose copies fit elsewhere in the backend. */
        EPHEMERAL,
        /** A unit, half full at most, whose copies fit elsewhere in the backend, so that it can serve any class again. */
        COMPACTION,
        /** As {@link #COMPACTION}, of a unit however full: for a tier that takes no pages until it uses fewer units. */
        FULL_COMPACTION,
        /**
         * A unit with copies that is beyond the capacity since {@link #resize} made it smaller, so that its memory can go
         * back. Its copies move to other units, or leave the backend where those are full. Such a claim holds no room: what is
         * put into it is stored as by {@link #put}.
         */
        SHRINK
    }

    /** A number that is equal for lengths whose copies, of one kind, can take each other's place. */
    int sizeClass(int length);

    /**
     * Claims the fewest whole units that hold a copy of {@code length} bytes together with what is free already.
     *
     * @param length 1 to {@link Capabilities#lengthMax}; ignored for {@link ClaimGoal#COMPACTION},
     *     {@link ClaimGoal#FULL_COMPACTION} and {@link ClaimGoal#SHRINK}
     * @return the claim, or null when no choice of units meets the goal. For {@link ClaimGoal#SHRINK} that is the end of the
     *     shrinking, if no other claim is open that may hold such a unit
     */
    @Nullable
    Claim claim(ClaimGoal goal, int length);

    /**
     * How many claims have begun that found ephemeral copies in their way, those for {@link ClaimGoal#SHRINK} left out. Counted
     * together with the units: if this is, after a claim in vain, what {@link #claimsEnded} was before it, nobody held units
     * at that time of which he may leave something over. Thread-safe.
     */
    long claimsBegun();

    /** How many of the claims that {@link #claimsBegun} counts have been closed. Thread-safe. */
    long claimsEnded();

    /** Units on their way to being free. Used by one thread, closed once, and not used after: it may serve anew then. */
    interface Claim extends AutoCloseable {
        /** The locators of up to {@code locators.length} copies that live in the units, and beside each its owner. */
        int copies(long[] locators, int[] owners);

        /** Whether a copy in the units may be moved inside the backend; otherwise it has to leave it. */
        boolean relocatable();

        /**
         * Stores a copy in the claimed room, once {@link #copies} has returned 0.
         *
         * @return as {@link Backend#put}; never {@link Outcome#FULL} for the kind and length that were claimed
         */
        long put(long copyId, PageKind kind, int owner, MemorySegment encoded, int length);

        /**
         * Returns what was not used to the backend: free units as free, or to the medium if they are beyond the capacity;
         * units with copies left as they were. Of several units beyond the capacity such a one is claimed last again.
         */
        @Override
        void close();
    }
}
