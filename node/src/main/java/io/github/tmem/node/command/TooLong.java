package io.github.tmem.node.command;

import java.io.Serial;

/** A value has more bytes than who asks for it has room. */
final class TooLong extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final int length;

    private TooLong(int length) {
        super("no room for " + length + " bytes", null, false, false);
        this.length = length;
    }

    static void check(int length, int room) {
        if (length > room) {
            throw new TooLong(length);
        }
    }

    int length() {
        return length;
    }
}
