package io.github.tmem.tiering.policy;

/**
 * What an entry remembers of its page's past, as 3 bits: whether it has left the newcomers, and a credit of 0 to 3.
 *
 * <pre>
 *   2      1 0
 *   | proven | credit |
 * </pre>
 */
public final class Standing {
    /** The most credit a page can have. */
    public static final int CREDIT_MAX = 3;

    /** A newcomer. */
    public static final int NEWCOMER = 0;

    private static final int PROVEN = CREDIT_MAX + 1;

    private Standing() {}

    /** A page that has left the newcomers, with this credit. */
    public static int proven(int credit) {
        return PROVEN | credit;
    }

    /** Whether the page has left the newcomers. */
    public static boolean isProven(int standing) {
        return (standing & PROVEN) != 0;
    }

    /** The credit, 0 to {@link #CREDIT_MAX}. */
    public static int credit(int standing) {
        return standing & CREDIT_MAX;
    }

    /** The same standing with another credit. */
    public static int withCredit(int standing, int credit) {
        assert credit >= 0 && credit <= CREDIT_MAX : credit;
        return (standing & PROVEN) | credit;
    }

    /** The same standing with one credit more, if there is room for it. */
    public static int raised(int standing) {
        return withCredit(standing, Math.min(CREDIT_MAX, credit(standing) + 1));
    }
}
