package io.github.tmem.remote.server;

import io.lettuce.core.RedisException;
import java.io.Serial;

/** A command that has failed before a byte of it was sent: the server does not know of it, and never will. */
public final class NotSent extends RedisException {
    @Serial
    private static final long serialVersionUID = 1L;

    NotSent(String message) {
        super(message);
    }

    /** A command that the client refused. */
    public NotSent(RedisException refusal) {
        super(refusal);
    }
}
