package io.github.tmem.api;

import java.io.Serial;

/** The root of what a store throws besides argument errors. */
public class TmemException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    /** An error whose message is meant for the user as it stands. */
    public TmemException(String message) {
        super(message);
    }

    /** As {@link #TmemException(String)}, with its cause. */
    public TmemException(String message, Throwable cause) {
        super(message, cause);
    }
}
