package io.github.tmem.api.live;

/**
 * Hears how far a move of many pages has come, and may end it. Called by the thread that asked for the move, while no page
 * is under way. The store's close waits until the call returns, so it must not close the store, nor wait for who does.
 */
@FunctionalInterface
public interface Progress {
    /** Hears nothing and lets the move go on to its end. */
    Progress UNATTENDED = (gone, left) -> true;

    /**
     * Called after each page, and again and again while the last ones are in the hands of others.
     *
     * @param gone pages that have left their tier
     * @param left about how many are still there
     * @return false to end the move; the pages that are left stay where they are
     */
    boolean moved(long gone, long left);
}
