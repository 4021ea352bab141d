package io.github.tmem.api;

import java.io.Serial;

/** The pool, or the store it belongs to, has been closed. */
public class PoolClosedException extends TmemException {
    @Serial
    private static final long serialVersionUID = 1L;

    /** An error with a message that names the pool and, where there is one, the page. */
    public PoolClosedException(String message) {
        super(message);
    }
}
