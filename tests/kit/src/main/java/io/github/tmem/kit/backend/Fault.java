package io.github.tmem.kit.backend;

/** What a {@link FaultyBackend} makes go wrong with one call. */
public enum Fault {
    /** The put answers FULL; nothing is stored. */
    PUT_FULL(Call.PUT),
    /** The put answers DECLINED; nothing is stored. */
    PUT_DECLINED(Call.PUT),
    /** The put answers UNAVAILABLE; nothing is stored. */
    PUT_UNAVAILABLE(Call.PUT),
    /** The put is done, and answers UNAVAILABLE. Keyed backends only: of a located copy the caller would have no name. */
    PUT_ANSWER_LOST(Call.PUT),
    /** The get answers GONE. */
    GET_GONE(Call.GET),
    /** The get answers UNAVAILABLE. */
    GET_UNAVAILABLE(Call.GET),
    /** The get answers CORRUPT. */
    GET_CORRUPT(Call.GET),
    /** The get succeeds, with one byte of the copy changed. The stored copy stays as it is. */
    GET_ALTERED(Call.GET),
    /** The stored copy is damaged: this get and every later one finds one byte changed, until the copy is flushed. */
    GET_DAMAGED(Call.GET),
    /** The flush answers UNAVAILABLE; the copy stays. */
    FLUSH_UNAVAILABLE(Call.FLUSH),
    /** The flush is done, and answers UNAVAILABLE. Keyed backends only: repeating it would free a located slot twice. */
    FLUSH_ANSWER_LOST(Call.FLUSH);

    /** The call a fault belongs to. */
    public enum Call {
        /** Synchronous and asynchronous puts, but not those of a claim. */
        PUT,
        /** Synchronous and asynchronous gets. */
        GET,
        /** Flushes. */
        FLUSH
    }

    private final Call call;

    Fault(Call call) {
        this.call = call;
    }

    /** The call that goes wrong. */
    public Call call() {
        return call;
    }

    /** Whether the call answers as the backend does, with other bytes. */
    boolean changesContent() {
        return this == GET_ALTERED || this == GET_DAMAGED;
    }

    /** Whether only a keyed backend can have this fault. */
    public boolean keyedOnly() {
        return this == PUT_ANSWER_LOST || this == FLUSH_ANSWER_LOST;
    }
}
