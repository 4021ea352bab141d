package io.github.tmem.api;

import java.io.Serial;

/** A persistent page was accepted and its only copy is gone or damaged. Every get says so until put or flush (L5, L6). */
public class PageLostException extends TmemException {
    @Serial
    private static final long serialVersionUID = 1L;

    /** An error with a message that names the pool and, where there is one, the page. */
    public PageLostException(String message) {
        super(message);
    }
}
