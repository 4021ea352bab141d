package io.github.tmem.node.config;

/**
 * The names of page pools in the store of a node. That of a session's own pool has the session's id behind a character that no
 * name has which a client or a configuration may give, so nobody else can name it.
 */
public final class PoolNames {
    private static final char SEPARATOR = '\u001F';

    private PoolNames() {}

    /** Whether a client or a configuration may give a pool this name: it has no control characters. */
    public static boolean isAllowed(String name) {
        return name.chars().noneMatch(Character::isISOControl);
    }

    /** The name in the store of what a session calls {@code name}. */
    public static String ofSession(String name, String session) {
        return name + SEPARATOR + session;
    }

    /** What the owner of a pool calls it, whose name in the store this is. */
    public static String given(String stored) {
        int at = stored.indexOf(SEPARATOR);
        return at < 0 ? stored : stored.substring(0, at);
    }

    /** Whether the pool of this name in the store is a session's own. */
    public static boolean isOfSession(String stored) {
        return stored.indexOf(SEPARATOR) >= 0;
    }
}
