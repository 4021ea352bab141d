package io.github.tmem.memory.slot;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class PaddingTest {
    private static final int SLOT_BYTES = 4096;

    @Test
    void tellsHowMuchIsUnused() {
        byte[] slot = new byte[SLOT_BYTES];
        MemorySegment memory = MemorySegment.ofArray(slot);
        for (int unused = 1; unused < SLOT_BYTES; unused++) {
            memory.fill((byte) 0x5a);
            Padding.write(memory, slot.length, unused);
            assertThat(Padding.read(memory, slot.length)).isEqualTo(unused);
            for (int i = 0; i < slot.length - unused; i++) {
                if (slot[i] != 0x5a) {
                    throw new AssertionError("byte " + i + " of " + (slot.length - unused) + " is the copy's");
                }
            }
        }
    }

    @Test
    void asAWordItIsTheSameWhereTheOrderOfBytesIsLittle() {
        Assumptions.assumeTrue(ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN);
        MemorySegment memory = MemorySegment.ofArray(new byte[SLOT_BYTES]);
        for (int unused = 1; unused < SLOT_BYTES; unused++) {
            memory.set(ValueLayout.JAVA_INT_UNALIGNED, SLOT_BYTES - Integer.BYTES, Padding.word(unused));
            assertThat(Padding.read(memory, SLOT_BYTES)).isEqualTo(unused);
        }
    }
}
