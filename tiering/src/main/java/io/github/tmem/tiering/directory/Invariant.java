package io.github.tmem.tiering.directory;

import java.util.Locale;

/** A broken invariant is a bug of tmem: walks over the structure throw it whether or not assertions are on. */
final class Invariant {
    private Invariant() {}

    static void check(boolean holds, String message, long first, long second) {
        if (!holds) {
            throw new AssertionError(String.format(Locale.ROOT, message, first, second));
        }
    }
}
