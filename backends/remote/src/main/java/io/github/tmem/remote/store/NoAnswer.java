package io.github.tmem.remote.store;

import io.github.tmem.api.PageUnavailableException;
import java.io.Serial;

/** An operation was not answered, or not by what can be an answer: it has taken place, or will, or never does. */
final class NoAnswer extends PageUnavailableException {
    @Serial
    private static final long serialVersionUID = 1L;

    NoAnswer(String message) {
        super(message);
    }
}
