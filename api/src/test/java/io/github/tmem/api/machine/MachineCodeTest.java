package io.github.tmem.api.machine;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class MachineCodeTest {
    private static final String SUM = """
            48 8d 04 37 | lea rax, [rdi + rsi]
            c3          | ret
            """;

    private static MachineCode sum() {
        Assumptions.assumeTrue(
                System.getProperty("os.name").equals("Linux")
                        && System.getProperty("os.arch").equals("amd64"),
                "needs Linux on x86");
        return MachineCode.of(SUM).orElseThrow();
    }

    @Test
    void aFunctionDoesWhatItsBytesSay() throws Throwable {
        FunctionDescriptor sums = FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG);
        assertThat((long) sum().function(sums).invokeExact(40L, 2L)).isEqualTo(42);
    }

    @Test
    void whatMayBeRunMayNotBeWritten() throws IOException {
        String from = Long.toHexString(sum().address()) + "-";
        assertThat(Files.readAllLines(Path.of("/proc/self/maps")))
                .filteredOn(line -> line.startsWith(from))
                .singleElement()
                .asString()
                .contains(" r-xp ");
    }

    @Test
    void aListingIsBytesAndWhatTheyMean() {
        assertThat(MachineCode.assemble("f3 0f | one\n c3 | two | three\n")).containsExactly(0xf3, 0x0f, 0xc3);
        assertThatThrownBy(() -> MachineCode.of("f3 0 | half a byte")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void toAskForMemoryNeverFails() {
        MemorySegment closed;
        try (Arena arena = Arena.ofConfined()) {
            closed = arena.allocate(64);
            Prefetch.of(closed, 0, 64);
        }
        Prefetch.of(closed, 0, 64);
        Prefetch.of(MemorySegment.NULL, 0, 1);
        Prefetch.of(MemorySegment.NULL, Long.MIN_VALUE, 64);
        Prefetch.of(MemorySegment.NULL, -1, 64);
    }
}
