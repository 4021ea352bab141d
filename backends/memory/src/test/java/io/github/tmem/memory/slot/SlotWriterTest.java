package io.github.tmem.memory.slot;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What writers owe, by all there are on this machine and on both kinds of memory. */
class SlotWriterTest {
    private static final int LINE_BYTES = 64;
    private static final int AROUND = 3 * LINE_BYTES;
    private static final int SLOT_MAX = 4096;
    private static final byte NEIGHBOUR = 0x5a;
    private static final int OWNER = 0x89abcdef;

    private final Random random = new Random(1);

    /** A kind of memory with a slot in it, and others around. */
    enum Kind {
        HEAP {
            @Override
            MemorySegment memory() {
                return MemorySegment.ofArray(new byte[SLOT_MAX + 2 * AROUND]);
            }
        },
        NATIVE {
            @Override
            MemorySegment memory() {
                return Arena.global().allocate(SLOT_MAX + 2 * AROUND, LINE_BYTES);
            }
        };

        abstract MemorySegment memory();
    }

    private static List<SlotWriter> writers() {
        SlotWriter large = SlotWriter.forTierOf(SlotWriter.LARGE_TIER_MIN);
        return List.of(new CachedWriter(), large);
    }

    private byte[] copy(int bytes) {
        byte[] copy = new byte[bytes];
        random.nextBytes(copy);
        return copy;
    }

    private static void check(MemorySegment memory, int offset, int slotBytes, byte[] copy, int from, int length) {
        assertThat(memory.get(SlotWriter.OWNER, offset - 4)).isEqualTo(OWNER);
        assertThat(memory.asSlice(offset, length)
                        .mismatch(MemorySegment.ofArray(copy).asSlice(from, length)))
                .as("%d bytes in %d at %d", length, slotBytes, offset)
                .isEqualTo(-1);
        if (length < slotBytes) {
            assertThat(Padding.read(memory, offset + slotBytes)).isEqualTo(slotBytes - length);
        }
        for (long at = 0; at < memory.byteSize(); at++) {
            if ((at < offset - 4 || at >= offset + slotBytes) && memory.get(JAVA_BYTE, at) != NEIGHBOUR) {
                throw new AssertionError("byte " + at + " is not of the slot at " + offset + " of " + slotBytes);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyLengthAtEveryPlaceOfALine(Kind kind) {
        for (SlotWriter writer : writers()) {
            MemorySegment memory = kind.memory();
            for (int offset = AROUND; offset < AROUND + LINE_BYTES; offset += 4) {
                for (int length = 1; length <= 5 * LINE_BYTES; length++) {
                    int slotBytes = Math.ceilDiv(length, 16) * 16;
                    byte[] copy = copy(length);
                    memory.fill(NEIGHBOUR);
                    writer.write(memory, offset, slotBytes, OWNER, MemorySegment.ofArray(copy), length);
                    check(memory, offset, slotBytes, copy, 0, length);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void anyCopyInAnySlot(Kind kind) {
        for (SlotWriter writer : writers()) {
            MemorySegment memory = kind.memory();
            for (int i = 0; i < 20_000; i++) {
                int slotBytes = 4 * (1 + random.nextInt(SLOT_MAX / 4));
                int length = 1 + random.nextInt(slotBytes);
                int offset = 4 + 4 * random.nextInt((int) (memory.byteSize() - slotBytes) / 4);
                int from = random.nextInt(20);
                byte[] copy = copy(from + length + random.nextInt(20));
                memory.fill(NEIGHBOUR);
                writer.write(
                        memory,
                        offset,
                        slotBytes,
                        OWNER,
                        MemorySegment.ofArray(copy).asSlice(from),
                        length);
                check(memory, offset, slotBytes, copy, from, length);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aCopyInNativeMemory(Kind kind) {
        byte[] copy = copy(1001);
        try (Arena arena = Arena.ofShared()) {
            MemorySegment encoded = arena.allocateFrom(JAVA_BYTE, copy);
            for (SlotWriter writer : writers()) {
                MemorySegment memory = kind.memory().fill(NEIGHBOUR);
                writer.write(memory, AROUND, 1008, OWNER, encoded, copy.length);
                check(memory, AROUND, 1008, copy, 0, copy.length);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aCopyThatFailsLeavesItsOwnerAndItsLength(Kind kind) throws Exception {
        Arena arena = Arena.ofShared();
        MemorySegment closed = arena.allocate(1000);
        arena.close();
        MemorySegment anothers = CompletableFuture.supplyAsync(
                        () -> Arena.ofConfined().allocate(1000))
                .get();
        for (SlotWriter writer : writers()) {
            for (MemorySegment encoded : List.of(closed, anothers, MemorySegment.ofArray(new byte[999]))) {
                MemorySegment memory = kind.memory();
                assertThatThrownBy(() -> writer.write(memory, AROUND, 1600, OWNER, encoded, 1000))
                        .isInstanceOfAny(
                                IllegalStateException.class,
                                WrongThreadException.class,
                                IndexOutOfBoundsException.class);
                assertThat(memory.get(SlotWriter.OWNER, AROUND - 4)).isEqualTo(OWNER);
                assertThat(Padding.read(memory, AROUND + 1600)).isEqualTo(600);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatIsNotInTheMemoryIsNotWritten(Kind kind) {
        MemorySegment copy = MemorySegment.ofArray(copy(16));
        for (SlotWriter writer : writers()) {
            MemorySegment memory = kind.memory().fill(NEIGHBOUR);
            MemorySegment part = memory.asSlice(AROUND, 32);
            for (int offset : List.of(-16, 0, 20, 32, 1 << 20)) {
                assertThatThrownBy(() -> writer.write(part, offset, 16, OWNER, copy, 16))
                        .isInstanceOf(IndexOutOfBoundsException.class);
            }
            assertThatThrownBy(() -> writer.write(part, 4, 12, OWNER, copy, 16))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            assertThat(memory.asSlice(0, AROUND).toArray(JAVA_BYTE)).containsOnly(NEIGHBOUR);
            assertThat(memory.asSlice(AROUND + 32).toArray(JAVA_BYTE)).containsOnly(NEIGHBOUR);
        }
    }

    @ParameterizedTest
    @EnumSource
    void nothingIsAllocatedOnceCompiled(Kind kind) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        MemorySegment memory = kind.memory();
        MemorySegment encoded = MemorySegment.ofArray(copy(1001));
        for (SlotWriter writer : writers()) {
            long least = Long.MAX_VALUE;
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            while (least >= 1000 && System.nanoTime() < end) {
                long before = threads.getCurrentThreadAllocatedBytes();
                for (int i = 0; i < 1000; i++) {
                    writer.write(memory, AROUND, 1600, OWNER, encoded, 600 + i % 400);
                }
                least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
            }
            assertThat(least).as("bytes of 1000 writes by %s", writer).isLessThan(1000);
        }
    }

    @Test
    void smallTiersStayInTheCache() {
        assertThat(SlotWriter.forTierOf(SlotWriter.LARGE_TIER_MIN - 1)).isInstanceOf(CachedWriter.class);
        Assumptions.assumeTrue(
                System.getProperty("os.name").equals("Linux")
                        && System.getProperty("os.arch").equals("amd64"),
                "needs Linux on x86");
        assertThat(SlotWriter.forTierOf(SlotWriter.LARGE_TIER_MIN)).isInstanceOf(StreamingWriter.class);
    }
}
