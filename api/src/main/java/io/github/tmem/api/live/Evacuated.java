package io.github.tmem.api.live;

/**
 * How a move of the pages of one tier ended. Persistent pages are moved or stay; ephemeral ones may be dropped.
 *
 * @param end why the move ended
 * @param moved pages that are in another tier now, or in another place of their tier when it shrank
 * @param dropped ephemeral pages that found no room elsewhere
 * @param left pages that the tier still has, 0 if the move {@linkplain #isComplete is complete}
 */
public record Evacuated(End end, long moved, long dropped, long left) {

    /** Why a move of many pages ended. */
    public enum End {
        /** Every page has left. */
        COMPLETE,
        /** Persistent pages are left that no other tier takes. */
        NO_ROOM,
        /** Pages are left that could not be read, because their tier did not answer. */
        UNREADABLE,
        /** {@link Progress} ended it. */
        CANCELLED
    }

    /** Whether what was asked for has been done; otherwise the tier is as it was before. */
    public boolean isComplete() {
        return end == End.COMPLETE;
    }
}
