package io.github.tmem.api.spi;

/**
 * What a {@link Backend} call came to when it did not succeed. Every outcome is negative, so that one primitive carries
 * either a result (a locator, a length) or an outcome and the hot paths allocate nothing.
 */
public final class Outcome {
    /** Done; the result of calls that return nothing else. */
    public static final int DONE = 0;

    /** There is no room for this copy. Nothing was stored. */
    public static final int FULL = -1;

    /** This backend does not take copies of this kind or length. Nothing was stored. */
    public static final int DECLINED = -2;

    /**
     * The medium could not be reached, or did not answer in time. After a put the copy may or may not exist: the caller
     * counts it as not stored and owes a {@link Backend#flush} of its copy id.
     */
    public static final int UNAVAILABLE = -3;

    /** There is no such copy. */
    public static final int GONE = -4;

    /** There is a copy, and the backend knows it is damaged. */
    public static final int CORRUPT = -5;

    /**
     * The medium has not answered lately, and so it was not asked. Only of a put: there is no copy, and nothing is owed.
     * Whoever counts calls without an answer counts this as {@link #UNAVAILABLE}.
     */
    public static final int NOT_SENT = -6;

    private Outcome() {}

    /** The name of an outcome for messages, or the number itself for a result. */
    public static String name(long outcome) {
        return switch ((int) Math.max(outcome, Integer.MIN_VALUE)) {
            case FULL -> "FULL";
            case DECLINED -> "DECLINED";
            case UNAVAILABLE -> "UNAVAILABLE";
            case GONE -> "GONE";
            case CORRUPT -> "CORRUPT";
            case NOT_SENT -> "NOT_SENT";
            default -> Long.toString(outcome);
        };
    }
}
