package io.github.tmem.api;

import java.io.Serial;

/**
 * A persistent page exists but its only copy cannot be reached now: a later get may return it (L5). Or, of any pool of a
 * {@linkplain PageStore#connect(io.github.tmem.api.config.RemoteConfig) remote store}: the operation was not answered.
 */
public class PageUnavailableException extends TmemException {
    @Serial
    private static final long serialVersionUID = 1L;

    /** An error with a message that names the pool and, where there is one, the page. */
    public PageUnavailableException(String message) {
        super(message);
    }
}
