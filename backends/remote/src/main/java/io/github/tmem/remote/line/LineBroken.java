package io.github.tmem.remote.line;

import java.io.IOException;
import java.io.Serial;

/** A line has broken under a question: what was asked may have been done, or be done yet, or not. */
public final class LineBroken extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    LineBroken(IOException cause) {
        super("the connection has broken", cause);
    }
}
