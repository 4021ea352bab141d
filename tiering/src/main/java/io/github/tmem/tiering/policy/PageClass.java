package io.github.tmem.tiering.policy;

/**
 * The queue of its tier that a page stands in. A page keeps its class when it moves to another tier. Pages of persistent
 * pools are newcomers for good.
 */
public enum PageClass {
    /** A page that has not proved itself. */
    NEWCOMER,
    /** A page that was hit often enough ({@link S3Fifo}), or came back ({@link TwoFifo}). */
    PROVEN;

    /** The number of classes. */
    public static final int COUNT = values().length;

    /** The class of a page with this {@link Standing}. */
    public static PageClass of(int standing) {
        return Standing.isProven(standing) ? PROVEN : NEWCOMER;
    }
}
