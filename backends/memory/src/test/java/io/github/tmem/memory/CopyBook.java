package io.github.tmem.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.PageKind;
import io.github.tmem.api.spi.LocatedBackend.Claim;
import io.github.tmem.api.spi.Outcome;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Puts copies whose bytes follow from their owner, and knows what has to be in the backend. For one thread. */
final class CopyBook {
    /** A copy that was put. */
    record Copy(long locator, PageKind kind, int owner, int length) {}

    private final SlabBackend backend;
    private final Map<Long, Copy> copies = new LinkedHashMap<>();
    private int owners;

    CopyBook(SlabBackend backend) {
        this.backend = backend;
    }

    static byte[] bytes(int owner, int length) {
        byte[] bytes = new byte[length];
        new Random(owner * 31L + length).nextBytes(bytes);
        return bytes;
    }

    /** Puts a new copy. Returns its locator or the outcome. */
    long put(PageKind kind, int length) {
        int owner = ++owners;
        MemorySegment encoded = MemorySegment.ofArray(bytes(owner, length));
        return enter(kind, owner, length, backend.put(owner, kind, owner, encoded, length));
    }

    long put(Claim claim, PageKind kind, int length) {
        int owner = ++owners;
        MemorySegment encoded = MemorySegment.ofArray(bytes(owner, length));
        return enter(kind, owner, length, claim.put(owner, kind, owner, encoded, length));
    }

    private long enter(PageKind kind, int owner, int length, long result) {
        if (result >= 0) {
            assertThat(copies.put(result, new Copy(result, kind, owner, length)))
                    .isNull();
        } else {
            assertThat(result).isEqualTo(Outcome.FULL);
        }
        return result;
    }

    /** Puts copies of one length until there is no room. Returns their number. */
    int fill(PageKind kind, int length) {
        int count = 0;
        while (put(kind, length) >= 0) {
            count++;
        }
        return count;
    }

    void flush(long locator) {
        assertThat(copies.remove(locator)).isNotNull();
        assertThat(backend.flush(locator)).isEqualTo(Outcome.DONE);
    }

    /** Flushes about {@code percent} of a hundred copies, at random. */
    void flushAtRandom(Random random, int percent) {
        for (Copy copy : all()) {
            if (random.nextInt(100) < percent) {
                flush(copy.locator());
            }
        }
    }

    /** Empties a claim: moves the copies inside the backend, or flushes them. Returns whether that was possible. */
    boolean empty(Claim claim) {
        long[] locators = new long[32];
        int[] owners = new int[32];
        for (int count = claim.copies(locators, owners); count > 0; count = claim.copies(locators, owners)) {
            for (int i = 0; i < count; i++) {
                Copy copy = at(locators[i]);
                assertThat(owners[i]).isEqualTo(copy.owner());
                if (claim.relocatable() && !move(copy)) {
                    return false;
                }
                flush(copy.locator());
            }
        }
        return true;
    }

    private boolean move(Copy copy) {
        MemorySegment encoded = MemorySegment.ofArray(new byte[copy.length()]);
        assertThat(backend.get(copy.locator(), encoded, copy.length())).isEqualTo(copy.length());
        long moved = backend.put(0, copy.kind(), copy.owner(), encoded, copy.length());
        return enter(copy.kind(), copy.owner(), copy.length(), moved) >= 0;
    }

    Copy at(long locator) {
        Copy copy = copies.get(locator);
        if (copy == null) {
            throw new AssertionError("no copy at " + locator);
        }
        return copy;
    }

    List<Copy> all() {
        return new ArrayList<>(copies.values());
    }

    long encodedBytes() {
        return copies.values().stream().mapToLong(Copy::length).sum();
    }

    /** Reads everything back, and checks the backend's books. */
    void check() {
        for (Copy copy : copies.values()) {
            byte[] read = new byte[copy.length()];
            assertThat(backend.get(copy.locator(), MemorySegment.ofArray(read), copy.length()))
                    .isEqualTo(copy.length());
            assertThat(read).isEqualTo(bytes(copy.owner(), copy.length()));
        }
        assertThat(backend.usage().copies()).isEqualTo(copies.size());
        assertThat(backend.usage().encodedBytes()).isEqualTo(encodedBytes());
        SlabAudit.check(backend);
    }
}
