package io.github.tmem.api.spi;

/**
 * Hears how long operations of a store took: of one in {@link #SAMPLED_ONE_IN}, chosen at random. Attach one with {@link
 * io.github.tmem.api.PageStore#record}; the store calls it and does not own it.
 *
 * <p>Called from any number of threads, on the thread of the operation, with no lock held. It should return within a
 * microsecond and not allocate. It must not call the store. When it throws, the operation is not harmed, and the chain
 * calls it no more.
 */
@FunctionalInterface
public interface Recorder {

    /** Of so many operations one is timed, on average. */
    int SAMPLED_ONE_IN = 64;

    /** The tier name of an operation in which no tier took part. */
    String NO_TIER = "none";

    /** What was timed. */
    enum Operation {
        /** A put that was stored; the tier is the one that took the page, none for a same-filled page. */
        PUT,
        /** A put that was refused; no tier. */
        PUT_REFUSED,
        /** A get that delivered a page; the tier is the one it was in, none for a same-filled page. */
        GET_HIT,
        /** A get that found no page; no tier. */
        GET_MISS,
        /** A get of a page that is lost or cannot be reached; no tier. */
        GET_FAILED,
        /** A flush of one page; the tier is the one the page was in, none if there was none in a tier. */
        FLUSH,
        /** A page's move to the tier below; the tier is the lower one. Includes the wait for pages sent along with it. */
        DEMOTE
    }

    /**
     * Hears of one operation.
     *
     * @param chain the chain's name
     * @param tier the tier's name as in the statistics, or {@link #NO_TIER}
     * @param nanos how long it took, 0 or more
     */
    void record(Operation operation, String chain, String tier, long nanos);

    /** The recorder that hears nothing. A store that has it times nothing. */
    static Recorder disabled() {
        return Disabled.INSTANCE;
    }

    /** See {@link #disabled()}. */
    enum Disabled implements Recorder {
        /** The only one. */
        INSTANCE;

        @Override
        public void record(Operation operation, String chain, String tier, long nanos) {
            // nobody listens
        }
    }
}
