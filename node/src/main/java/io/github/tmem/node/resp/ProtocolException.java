package io.github.tmem.node.resp;

import java.io.Serial;

/** What came is no request, or one beyond the limits. Nothing that follows can be understood: the connection ends. */
public final class ProtocolException extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    /** A breach described by {@code message}, which is sent to the client. */
    public ProtocolException(String message) {
        super("Protocol error: " + message, null, false, false);
    }
}
