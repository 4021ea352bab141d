package io.github.tmem.kit.backend;

/** The state of the connection between a {@link KeyedTestBackend} and its callers. */
public enum Link {
    /** Every call arrives and is answered. */
    UP,
    /** No call arrives; all answer UNAVAILABLE. */
    DOWN,
    /** As with {@link #DOWN}, and callers know beforehand: puts answer NOT_SENT. */
    AWAY,
    /** Every call arrives and takes effect, and no answer comes back: all answer UNAVAILABLE. */
    ANSWERS_LOST,
    /**
     * Flushes answer UNAVAILABLE and are kept, to arrive later, in reverse order and twice each, when the test calls {@link
     * KeyedTestBackend#deliverLateFlushes}. Everything else is as with {@link #UP}.
     */
    FLUSHES_LATE
}
