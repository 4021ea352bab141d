package io.github.tmem.api.live;

/** Hears how far a move of many pages has come, and may end it. Called by the thread that asked for the move. */
@FunctionalInterface
public interface Progress {
    /** Hears nothing and lets the move go on to its end. */
    Progress UNATTENDED = (gone, left) -> true;

    /**
     * Called after each page.
     *
     * @param gone pages that have left their tier
     * @param left about how many are still there
     * @return false to end the move; the pages that are left stay where they are
     */
    boolean moved(long gone, long left);
}
