package io.github.tmem.api.spi;

import io.github.tmem.api.PageKind;
import java.util.Set;

/**
 * What a backend is. Constant for the life of the backend.
 *
 * @param addressing whether the backend or the caller names the copies
 * @param latency whether calls return at memory speed
 * @param kinds the kinds of pages it takes
 * @param lengthMax the longest encoded copy it takes, in bytes
 */
public record Capabilities(Addressing addressing, Latency latency, Set<PageKind> kinds, int lengthMax) {

    /** Who names a copy. */
    public enum Addressing {
        /** The backend: put returns the copy's locator. The backend bounds its own memory; it is a {@link LocatedBackend}. */
        LOCATED,
        /** The caller: the copy id is the locator. The caller counts the bytes and never puts more than the capacity. */
        KEYED
    }

    /** How long a call may take. */
    public enum Latency {
        /** Memory speed: calls may be made while an operation waits. */
        LOCAL,
        /** A device or a network: the background uses the asynchronous forms and keeps many copies in flight. */
        SLOW
    }

    public Capabilities {
        kinds = Set.copyOf(kinds);
        if (lengthMax < 1) {
            throw new IllegalArgumentException("lengthMax " + lengthMax + " is below 1");
        }
    }
}
