package io.github.tmem.kit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.PageKind;
import io.github.tmem.api.spi.LocatedBackend;
import io.github.tmem.api.spi.Outcome;
import io.github.tmem.kit.Pages;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * What "implements {@link io.github.tmem.api.spi.Backend}" means. Extend it, say how to open the backend, and run it; a
 * backend that is a {@link LocatedBackend} extends {@link LocatedBackendContract} instead. Wrappers run it too.
 *
 * <p>After every test the suite compares the backend's usage and every stored byte with its own books.
 */
public abstract class BackendContract extends BackendResizeContract {

    private static final byte GUARD = 0x5a;

    @Test
    void saysWhatItIs() {
        assertThat(backend().capabilities()).isEqualTo(backend().capabilities());
        assertThat(kinds()).isNotEmpty();
        assertThat(backend() instanceof LocatedBackend)
                .as("type matches addressing")
                .isEqualTo(!keyed());
        assertThat(this instanceof LocatedBackendContract)
                .as("a LocatedBackend runs the LocatedBackendContract")
                .isEqualTo(!keyed());
        assertThat(backend().usage().capacityBytes()).isLessThanOrEqualTo(capacityBytes());
        assertThat(capacityBytes() / 4).as("capacity for these tests").isGreaterThanOrEqualTo(lengthMax());
    }

    @Test
    void startsEmpty() {
        assertThat(backend().usage().copies()).isZero();
        assertThat(backend().usage().usedBytes()).isZero();
        assertThat(backend().usedBytes()).isZero();
    }

    @Test
    void givesBackCopiesOfEveryLength() {
        for (PageKind kind : kinds()) {
            for (int length : lengths()) {
                Copy copy = put(kind, length);
                assertReadable(copy);
                assertThat(backend().usage().encodedBytes()).isEqualTo(length);
                checkUsage();
                flush(copy);
            }
        }
    }

    @Test
    void takesAndFillsSegmentsOfAnySort() {
        try (Arena arena = Arena.ofShared()) {
            for (int length : new int[] {1, 7, 8, 63, 65, pageLength() - 1, pageLength()}) {
                for (MemorySegment source : segments(arena, length)) {
                    for (MemorySegment destination : segments(arena, length)) {
                        roundTrip(source, destination, length);
                    }
                }
            }
        }
    }

    @Test
    void takesReadOnlySources() {
        Copy planned = plan(anyKind(), pageLength());
        MemorySegment source = MemorySegment.ofArray(planned.bytes()).asReadOnly();
        charge(pageLength());
        Copy copy = enter(planned, backend().put(planned.copyId(), anyKind(), planned.owner(), source, pageLength()));
        assertThat(copy.stored()).isTrue();
    }

    @Test
    void readsOnlyTheBytesOfTheCopy() {
        Copy planned = plan(anyKind(), pageLength());
        byte[] longer = Pages.noise(99, pageLength() + 100);
        System.arraycopy(planned.bytes(), 0, longer, 0, pageLength());
        charge(pageLength());
        long result = backend()
                .put(planned.copyId(), anyKind(), planned.owner(), MemorySegment.ofArray(longer), pageLength());
        assertThat(enter(planned, result).stored()).isTrue();
        assertThat(backend().usage().encodedBytes()).isEqualTo(pageLength());
    }

    @Test
    void sourceMayBeReusedAfterPut() {
        List<Copy> copies = new ArrayList<>();
        MemorySegment buffer = MemorySegment.ofArray(new byte[pageLength()]);
        for (int i = 0; i < 50; i++) {
            Copy planned = plan(anyKind(), pageLength());
            buffer.copyFrom(MemorySegment.ofArray(planned.bytes()));
            charge(pageLength());
            copies.add(
                    enter(planned, backend().put(planned.copyId(), anyKind(), planned.owner(), buffer, pageLength())));
            buffer.fill(GUARD);
        }
        assertThat(copies).allMatch(Copy::stored);
        copies.forEach(this::assertReadable);
    }

    @Test
    void destinationIsTheCallersAfterGet() {
        Copy copy = put(anyKind(), pageLength());
        byte[] read = new byte[pageLength()];
        backend().get(copy.locator(), MemorySegment.ofArray(read), pageLength());
        read[0] ^= 1;
        assertReadable(copy);
    }

    @Test
    void copiesAreIndependent() {
        Random random = new Random(7);
        for (int i = 0; i < 400; i++) {
            put(kinds().get(i % kinds().size()), 1 + random.nextInt(pageLength()));
        }
        List<Copy> half = new ArrayList<>(stored());
        Collections.shuffle(half, random);
        half.subList(0, 200).forEach(this::flush);
        stored().forEach(this::assertReadable);
    }

    @Test
    void answersFullAtItsCapacity() {
        for (PageKind kind : kinds()) {
            List<Copy> copies = fill(kind, pageLength());
            assertThat(copies.size() * (long) pageLength())
                    .as("what fits into %d bytes", capacityBytes())
                    .isGreaterThanOrEqualTo(capacityBytes() / 2);
            checkUsage();
            copies.forEach(this::assertReadable);
            flushAll();
        }
    }

    @Test
    void roomComesBackAfterFlush() {
        PageKind kind = anyKind();
        List<Copy> copies = fill(kind, pageLength());
        int fits = copies.size();
        for (int round = 0; round < 3; round++) {
            Collections.shuffle(copies, new Random(round));
            copies.forEach(this::flush);
            assertThat(backend().usedBytes()).isZero();
            copies = fill(kind, pageLength());
            assertThat(copies).hasSize(fits);
        }
    }

    @Test
    void oneFlushMakesRoomForOneCopyOfTheSameLength() {
        List<Copy> copies = fill(anyKind(), pageLength());
        for (Copy copy : copies.subList(0, Math.min(50, copies.size()))) {
            flush(copy);
            put(anyKind(), pageLength());
        }
    }

    @Test
    void roomServesOtherLengthsAndKindsOnceItIsFree() {
        int shortest = isSlow() ? 1000 : 100; // where each copy is a round trip, not too many of them
        for (int length : new int[] {shortest, pageLength(), Math.min(1000, lengthMax()), lengthMax()}) {
            for (PageKind kind : kinds()) {
                assertThat(fill(kind, length)).isNotEmpty();
                flushAll();
            }
        }
    }

    @Test
    void declinesOtherKinds() {
        Set<PageKind> others = EnumSet.complementOf(EnumSet.copyOf(kinds()));
        for (PageKind kind : others) {
            assertThat(tryPut(kind, pageLength()).locator()).isEqualTo(Outcome.DECLINED);
        }
    }

    @Test
    void storesNothingOfALengthItDoesNotTake() {
        for (int length : new int[] {0, lengthMax() + 1}) {
            MemorySegment source = MemorySegment.ofArray(new byte[length]);
            try {
                assertThat(backend().put(nextCopyId(), anyKind(), 0, source, length))
                        .as("put of %d bytes", length)
                        .isEqualTo(Outcome.DECLINED);
            } catch (IllegalArgumentException callersMistake) {
                assertThat(backend().usage().copies()).isZero();
            }
        }
        assertThat(backend().usedBytes()).isZero();
    }

    @Test
    void keyedCopiesAreGoneAfterFlush() {
        if (!keyed()) {
            return;
        }
        Copy copy = put(anyKind(), pageLength());
        Copy other = put(anyKind(), pageLength());
        flush(copy);
        MemorySegment destination = MemorySegment.ofArray(new byte[pageLength()]);
        assertThat(backend().get(copy.locator(), destination, pageLength())).isEqualTo(Outcome.GONE);
        assertThat(backend().flush(copy.locator())).as("repeated flush").isEqualTo(Outcome.DONE);
        assertReadable(other);
    }

    @Test
    void keyedFlushOfACopyThatWasNotStoredDoesNothing() {
        if (!keyed()) {
            return;
        }
        put(anyKind(), pageLength());
        long copyId = nextCopyId();
        try {
            assertThat(backend().flush(copyId)).isEqualTo(Outcome.DONE);
        } catch (IllegalArgumentException unknownToAChecker) {
            assertThat(unknownToAChecker).hasMessageContaining("nobody put");
        }
    }

    @Test
    void flushesManyCopiesInOneCallAndNoOthers() {
        List<Copy> copies = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            copies.add(put(kinds().get(i % kinds().size()), 1 + i));
        }
        Collections.shuffle(copies, new Random(5));
        int[] outcomes = new int[300];
        Arrays.fill(outcomes, GUARD);
        long[] locators = copies.stream().mapToLong(Copy::locator).toArray();
        backend().flushAll(locators, 0, outcomes);
        assertThat(outcomes).containsOnly(GUARD);
        copies.subList(0, 200).forEach(this::strike);
        backend().flushAll(locators, 200, outcomes);
        copies.subList(0, 200).forEach(copy -> charge(-copy.length()));
        assertThat(locators).isEqualTo(copies.stream().mapToLong(Copy::locator).toArray());
        assertThat(Arrays.copyOf(outcomes, 200)).containsOnly(Outcome.DONE);
        assertThat(Arrays.copyOfRange(outcomes, 200, 300)).containsOnly(GUARD);
        assertThat(backend().usage().copies()).isEqualTo(100);
        stored().forEach(this::assertReadable);
    }

    private void roundTrip(MemorySegment source, MemorySegment destination, int length) {
        Copy planned = plan(anyKind(), length);
        source.copyFrom(MemorySegment.ofArray(planned.bytes()));
        destination.fill(GUARD);
        charge(length);
        Copy copy = enter(planned, backend().put(planned.copyId(), anyKind(), planned.owner(), source, length));
        assertThat(backend().get(copy.locator(), destination, length)).isEqualTo(length);
        assertThat(destination.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE))
                .isEqualTo(planned.bytes());
        for (long i = length; i < destination.byteSize(); i++) {
            assertThat(destination.get(ValueLayout.JAVA_BYTE, i))
                    .as("byte behind the copy")
                    .isEqualTo(GUARD);
        }
        flush(copy);
    }

    /** Heap and native segments, aligned and not, exactly as long as asked and longer. */
    private static List<MemorySegment> segments(Arena arena, int length) {
        return List.of(
                MemorySegment.ofArray(new byte[length]),
                MemorySegment.ofArray(new byte[length + 9]).asSlice(3),
                arena.allocate(length, 64),
                arena.allocate(length + 9L).asSlice(5));
    }

    /** All short lengths, then those around powers of two, odd ones in between, and the longest. */
    private SortedSet<Integer> lengths() {
        SortedSet<Integer> lengths = new TreeSet<>();
        for (int length = 1; length <= 300; length++) {
            lengths.add(length);
        }
        for (long power = 512; power <= lengthMax(); power *= 2) {
            int p = (int) power;
            lengths.addAll(List.of(p - 1, p, p + 1, p + p / 3, p + p / 2 + 7));
        }
        lengths.addAll(List.of(lengthMax(), Math.max(1, lengthMax() - 1)));
        lengths.removeIf(length -> length > lengthMax());
        return lengths;
    }
}
