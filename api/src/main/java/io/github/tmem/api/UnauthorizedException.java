package io.github.tmem.api;

import java.io.Serial;

/** A shared pool was opened without its UUID, without its secret, or with another secret. Nothing was opened. */
public class UnauthorizedException extends TmemException {
    @Serial
    private static final long serialVersionUID = 1L;

    /** An error with a message that names the pool, and no secret. */
    public UnauthorizedException(String message) {
        super(message);
    }
}
