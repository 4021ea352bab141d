package io.github.tmem.tiering.directory;

import io.github.tmem.tiering.policy.Standing;

/**
 * The bytes of a directory entry, little-endian and unaligned. Nobody else adds these numbers up.
 *
 * <pre>
 *   0       8      12    15      22      23    27       35      39      42     45       48     51
 *   | index | object | hash | stamp | credit | meta | locator | crc | queue | queue | object | object |
 *   |       | slot   | next |       |        |      |         |     | prev  | next  | prev   | next   |
 *
 *   compared in a search | read by a get                       | written when pages come, go or move
 *
 *   meta, from bit 0:  length 21 | tier 4 | state and codec 3 | proven 1 | hidden 1
 * </pre>
 *
 * State and codec: 0 to 3 is a stored copy under that codec, above are the states that have none. Proven and credit are the
 * page's {@link Standing}; the credit has a byte of its own, for hits write it without the lock.
 */
final class EntryDescriptor {
    static final int INDEX = 0;
    static final int OBJECT = 8;
    static final int HASH_NEXT = 12;
    static final int STAMP = 15;
    static final int CREDIT = 22;
    static final int META = 23;
    static final int LOCATOR = 27;
    static final int CRC = 35;
    static final int QUEUE_PREVIOUS = 39;
    static final int QUEUE_NEXT = 42;
    static final int OBJECT_PREVIOUS = 45;
    static final int OBJECT_NEXT = 48;
    static final int BYTES = 51;

    /** The bits of a link, which is the number of another entry of the shard. */
    static final int LINK_BITS = 24;

    /** The bits of a stamp: at ten million puts a second they last 114 years. */
    static final int STAMP_BITS = (CREDIT - STAMP) * Byte.SIZE;

    /** The stamp in the 8 bytes from {@link #STAMP} on; above it is the credit. */
    static final long STAMP_MASK = (1L << STAMP_BITS) - 1;

    /** The bits that a page's {@link Standing} takes: the whole byte of its credit, and one of the descriptor. */
    static final int STANDING_BITS = Byte.SIZE + 1;

    /** The bytes of the head of a bucket: a link and a byte of marks. */
    static final int HEAD_BYTES = 4;

    private static final int LENGTH_BITS = 21;
    private static final int LENGTH_MASK = (1 << LENGTH_BITS) - 1;
    private static final int TIER_SHIFT = LENGTH_BITS;
    private static final int TIER_MASK = 0xF;
    private static final int STATE_SHIFT = TIER_SHIFT + 4;
    private static final int STATE_MASK = 0x7;
    private static final int CODEC_MAX = 3;
    private static final int PROVEN = 1 << (STATE_SHIFT + 3);
    private static final int COPY_MASK = PROVEN - 1;
    private static final int HIDDEN = PROVEN << 1;

    private EntryDescriptor() {}

    static int meta(EntryState state, int tier, int codec, int length) {
        assert length >= 0 && length <= LENGTH_MASK : length;
        assert tier >= 0 && tier <= TIER_MASK : tier;
        assert codec >= 0 && codec <= CODEC_MAX : codec;
        int stateAndCodec = state == EntryState.STORED ? codec : CODEC_MAX + state.ordinal();
        return length | (tier << TIER_SHIFT) | (stateAndCodec << STATE_SHIFT);
    }

    static int length(int meta) {
        return meta & LENGTH_MASK;
    }

    static int tier(int meta) {
        return meta >>> TIER_SHIFT & TIER_MASK;
    }

    static int codec(int meta) {
        assert state(meta) == EntryState.STORED : "only copies have a codec";
        return meta >>> STATE_SHIFT & STATE_MASK;
    }

    static EntryState state(int meta) {
        return EntryState.of(Math.max(0, (meta >>> STATE_SHIFT & STATE_MASK) - CODEC_MAX));
    }

    /** Whether two descriptors tell the same of the copy itself: length, tier, state and codec. */
    static boolean isSameCopy(int meta, int otherMeta) {
        return ((meta ^ otherMeta) & COPY_MASK) == 0;
    }

    /** The {@link Standing} of the page whose descriptor and credit these are. */
    static int standing(int meta, int credit) {
        return Standing.withCredit((meta & PROVEN) == 0 ? Standing.NEWCOMER : Standing.proven(0), credit);
    }

    /** The descriptor of a page with this standing, whose credit is kept elsewhere. */
    static int withStanding(int meta, int standing) {
        return Standing.isProven(standing) ? meta | PROVEN : meta & ~PROVEN;
    }

    static boolean isHidden(int meta) {
        return (meta & HIDDEN) != 0;
    }

    static int hidden(int meta) {
        return meta | HIDDEN;
    }

    static int shown(int meta) {
        return meta & ~HIDDEN;
    }
}
