package io.github.tmem.kit.process;

import java.util.List;

/**
 * Where a server runs.
 *
 * @param host the address that it listens at and is reached at
 * @param prefix what its command line begins with to run it there
 */
public record Place(String host, List<String> prefix) {
    /** This machine, reached by nobody else. */
    public static final Place LOOPBACK = new Place("127.0.0.1", List.of());

    public Place {
        prefix = List.copyOf(prefix);
    }
}
