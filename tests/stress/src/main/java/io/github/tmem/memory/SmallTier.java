package io.github.tmem.memory;

import io.github.tmem.api.PageKind;
import io.github.tmem.api.spi.LocatedBackend.Claim;
import io.github.tmem.api.spi.LocatedBackend.ClaimGoal;
import io.github.tmem.memory.slot.SlotWriter;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** A slab backend of three slabs, with copies that are one number over and over. */
final class SmallTier {
    private static final int LENGTH = 1000;

    private static final int SHORT_LENGTH = 200;

    private final int length;

    private final SlabBackend backend = new SlabBackend(
            Geometry.of(64 << 10, 4, 1), new Medium.OnHeap(), SlotWriter.forTierOf(SlotWriter.LARGE_TIER_MIN));

    private SmallTier(int length) {
        this.length = length;
    }

    /** Without copies. */
    SmallTier() {
        this(LENGTH);
    }

    /** With this many copies, so short that many are in a slab, and with so many slots in their group's magazine. */
    static SmallTier withMagazine(int copies, int rounds) {
        SmallTier tier = new SmallTier(SHORT_LENGTH);
        long[] locators = new long[copies + rounds];
        for (int i = 0; i < locators.length; i++) {
            locators[i] = tier.put(0);
        }
        for (int i = copies; i < locators.length; i++) {
            tier.flush(locators[i]);
        }
        return tier;
    }

    /** Stores a copy; its locator, or a negative outcome. */
    long put(int number) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) number);
        return backend.put(0, PageKind.EPHEMERAL, number, MemorySegment.ofArray(bytes), length);
    }

    void flush(long locator) {
        backend.flush(locator);
    }

    /** The number that a copy consists of, or -1 if it is not one number. */
    int get(long locator) {
        byte[] bytes = new byte[length];
        if (backend.get(locator, MemorySegment.ofArray(bytes), length) != length) {
            return -1;
        }
        for (byte b : bytes) {
            if (b != bytes[0]) {
                return -1;
            }
        }
        return bytes[0];
    }

    long copies() {
        return backend.usage().copies();
    }

    /** Moves the copies of a sparse slab, if there is one, elsewhere; the new locator of {@code locator}, or itself. */
    long compact(long locator) {
        Claim claim = backend.claim(ClaimGoal.COMPACTION, 1);
        if (claim == null) {
            return locator;
        }
        long moved = locator;
        try (claim) {
            long[] locators = new long[64];
            int count = claim.copies(locators, new int[locators.length]);
            for (int i = 0; i < count; i++) {
                if (locators[i] == locator) {
                    moved = put(get(locator));
                    flush(locator);
                }
            }
        }
        return moved;
    }
}
