package io.github.tmem.remote;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The names under which one session keeps its copies in the server, and that of its lease.
 *
 * <pre>
 *   tmem:SSSSSSSSSSS{RRRRRRRRRR}L    a copy: session (11 digits), run of 64 copies (10 digits), place in the run (1 digit)
 *   tmem:session:SSSSSSSSSSS         the lease of a session
 * </pre>
 *
 * <p>Digits are of base 64 and none is a brace, so that a cluster, which places a key by what stands between its braces,
 * keeps a run together, and runs apart. A key has 29 bytes, the last five of which tell 2<sup>24</sup> copies apart: a node
 * keeps those under one object. Immutable.
 */
final class CopyKeys {
    /** Copies in a run. */
    static final int RUN = 64;

    /** What {@link #copyId} says to a key that is none of this session's. */
    static final long NOT_OURS = -1;

    private static final byte[] DIGITS =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".getBytes(StandardCharsets.US_ASCII);
    private static final int DIGIT_BITS = 6;
    private static final int DIGIT_MASK = RUN - 1;
    private static final int SESSION_DIGITS = 11;
    private static final int RUN_DIGITS = 10;
    private static final String PREFIX = "tmem:";
    private static final String LEASE_PREFIX = PREFIX + "session:";
    private static final int BRACE = PREFIX.length() + SESSION_DIGITS;
    private static final byte[] VALUES = values();

    /** Matches the copies of all sessions in SCAN. */
    static final String ALL_COPIES = PREFIX + "?".repeat(SESSION_DIGITS) + "{*";

    private final long session;
    private final byte[] prefix;

    private CopyKeys(long session) {
        this.session = session;
        this.prefix = ascii(PREFIX + digits(session) + "{");
    }

    /** The names of a session that nobody else has. */
    static CopyKeys ofNewSession() {
        return new CopyKeys(new SecureRandom().nextLong());
    }

    /** The names of this session. */
    static CopyKeys of(long session) {
        return new CopyKeys(session);
    }

    private static byte[] values() {
        byte[] values = new byte[128];
        Arrays.fill(values, (byte) -1);
        for (int i = 0; i < DIGITS.length; i++) {
            values[DIGITS[i]] = (byte) i;
        }
        return values;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static String digits(long session) {
        byte[] digits = new byte[SESSION_DIGITS];
        for (int i = 0; i < SESSION_DIGITS; i++) {
            digits[i] = DIGITS[(int) (session >>> (i * DIGIT_BITS)) & DIGIT_MASK];
        }
        return new String(digits, StandardCharsets.US_ASCII);
    }

    /** The session's number, random. */
    long session() {
        return session;
    }

    /** Matches the copies of this session in SCAN. */
    String allOfSession() {
        return new String(prefix, StandardCharsets.US_ASCII) + "*";
    }

    /** The name of the session's lease. */
    byte[] lease() {
        return ascii(connectionName());
    }

    /** The name of the session's connections: that of its lease. */
    String connectionName() {
        return LEASE_PREFIX + digits(session);
    }

    /** The name of a copy. */
    byte[] key(long copyId) {
        long run = copyId >>> DIGIT_BITS;
        byte[] key = Arrays.copyOf(prefix, prefix.length + RUN_DIGITS + 2);
        int at = prefix.length + RUN_DIGITS;
        key[at + 1] = DIGITS[(int) copyId & DIGIT_MASK];
        key[at] = '}';
        for (long rest = run; at > prefix.length; rest >>>= DIGIT_BITS) {
            key[--at] = DIGITS[(int) rest & DIGIT_MASK];
        }
        return key;
    }

    /** Whether two copies belong to one run, and their names to one slot of a cluster. */
    static boolean isOneRun(long copyId, long other) {
        return copyId >>> DIGIT_BITS == other >>> DIGIT_BITS;
    }

    /** The id of the copy of this name, or {@link #NOT_OURS}. */
    long copyId(byte[] key) {
        if (key.length != prefix.length + RUN_DIGITS + 2 || Arrays.mismatch(prefix, key) != prefix.length) {
            return NOT_OURS;
        }
        long copyId = 0;
        for (int i = prefix.length; i < key.length; i++) {
            if (i != key.length - 2) {
                int value = value(key[i]);
                if (value < 0) {
                    return NOT_OURS;
                }
                copyId = copyId << DIGIT_BITS | value;
            }
        }
        return Arrays.equals(key, key(copyId)) ? copyId : NOT_OURS;
    }

    private static int value(byte digit) {
        return digit < 0 ? -1 : VALUES[digit];
    }

    /** The name of the lease of the session whose copy has this name; null if it is no copy's name. */
    static @Nullable String leaseOf(byte[] copyKey) {
        if (copyKey.length <= BRACE || copyKey[BRACE] != '{') {
            return null;
        }
        String session = new String(copyKey, PREFIX.length(), SESSION_DIGITS, StandardCharsets.ISO_8859_1);
        return session.chars().allMatch(digit -> digit < 128 && VALUES[digit] >= 0) ? LEASE_PREFIX + session : null;
    }
}
