package io.github.tmem.node.console;

import java.io.Serial;

/** Something only the user can put right. The message is one line that says what. */
public final class UserMistakeException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    /** A mistake described by {@code message}. */
    public UserMistakeException(String message) {
        super(message);
    }

    /** As {@link #UserMistakeException(String)}, with its cause. */
    public UserMistakeException(String message, Throwable cause) {
        super(message, cause);
    }
}
