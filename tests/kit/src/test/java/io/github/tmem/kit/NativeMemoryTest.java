package io.github.tmem.kit;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
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
}
