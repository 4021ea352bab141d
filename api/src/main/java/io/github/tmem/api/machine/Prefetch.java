package io.github.tmem.api.machine;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/**
 * Asks the processor to fetch from memory what is going to be read, while the caller does something else: {@code prefetcht0}
 * (<i>Intel 64 and IA-32 Architectures Software Developer's Manual</i>, volume 2). Does nothing on other machines. Thread-safe.
 */
public final class Prefetch {
    private static final @Nullable MethodHandle CALL = MachineCode.of("""
                    f3 0f 1e fa    | endbr64
                    0f 18 0f       | prefetcht0 [rdi]
                    0f 18 4c 37 ff | prefetcht0 [rdi + rsi - 1]
                    c3             | ret
                    """)
            .map(code -> code.function(FunctionDescriptor.ofVoid(JAVA_LONG, JAVA_LONG)))
            .orElse(null);

    private Prefetch() {}

    /**
     * Asks for the one or two lines of the cache in which a few bytes are. They are not read: it never fails, wherever these bytes are,
     * also when the memory is closed.
     *
     * @param memory native memory
     * @param bytes 1 to 64
     */
    public static void of(MemorySegment memory, long offset, long bytes) {
        if (CALL != null) {
            try {
                CALL.invokeExact(memory.address() + offset, bytes);
            } catch (Throwable e) {
                throw NativeCalls.unexpected(e);
            }
        }
    }
}
