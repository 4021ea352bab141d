package io.github.tmem.api;

import java.io.Serial;

/**
 * A pool was opened under a name, or a UUID, that belongs to a pool of other settings: kind, get mode, page size, chain, or
 * any other but the name.
 */
public class WrongKindException extends TmemException {
    @Serial
    private static final long serialVersionUID = 1L;

    /** An error with a message that names the pool and, where there is one, the page. */
    public WrongKindException(String message) {
        super(message);
    }
}
