package io.github.tmem.kit;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class NativeMemoryTest {
    @Test
    void seesAnArenaComeAndGo() {
        long before = NativeMemory.bytes();
        try (Arena arena = Arena.ofShared()) {
            arena.allocate(10 << 20);
            assertThat(NativeMemory.bytes()).isGreaterThanOrEqualTo(before + (10 << 20));
        }
        assertThat(NativeMemory.bytes()).isLessThan(before + (1 << 20));
    }

    @Test
    void aDirectBufferThatNobodyHasIsGarbageAndAnArenaIsNot() {
        long limit = NativeMemory.bytes() + (1 << 20);
        assertThat(ByteBuffer.allocateDirect(10 << 20).capacity()).isEqualTo(10 << 20);
        assertThat(NativeMemory.bytesBeyondGarbage(limit)).isLessThanOrEqualTo(limit);
        try (Arena arena = Arena.ofShared()) {
            arena.allocate(10 << 20);
            assertThat(NativeMemory.bytesBeyondGarbage(limit)).isGreaterThan(limit);
        }
    }
}
