package io.github.tmem.memory.slot;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Instructions for what Java has no words for, as a function of C under Linux on x86 (System V ABI). They are written into a page
 * of memory, which may not be written any more when it may be run.
 */
@SuppressWarnings("restricted") // only where whoever started Java allows it
final class MachineCode {
    private static final long PAGE_BYTES = 4096;
    private static final int READ_AND_WRITE = 1 | 2;
    private static final int READ_AND_RUN = 1 | 4;
    private static final int PRIVATE_ANONYMOUS = 0x2 | 0x20;
    private static final int NO_FILE = -1;
    private static final long FAILED = -1;

    private MachineCode() {}

    /** Whether this is the kind of machine, and whoever started Java allows this module native access. */
    static boolean isAllowed() {
        return System.getProperty("os.name").equals("Linux")
                && System.getProperty("os.arch").equals("amd64")
                && MachineCode.class.getModule().isNativeAccessEnabled();
    }

    /**
     * Reads a listing: in each line bytes in hexadecimal, then what they mean behind a {@code |}, for the reader.
     *
     * @throws IllegalArgumentException if the bytes are none
     */
    static byte[] assemble(String listing) {
        StringBuilder digits = new StringBuilder();
        listing.lines().forEach(line -> digits.append(line.substring(0, line.indexOf('|'))));
        return HexFormat.of().parseHex(digits.toString().replace(" ", ""));
    }

    /** Where a function can be called from now on. Nothing if the machine refuses. */
    static Optional<MemorySegment> load(byte[] code) {
        MethodHandle mmap = function(
                "mmap", FunctionDescriptor.of(ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
        MethodHandle mprotect = function("mprotect", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
        try {
            MemorySegment mapped =
                    (MemorySegment) mmap.invokeExact(0L, PAGE_BYTES, READ_AND_WRITE, PRIVATE_ANONYMOUS, NO_FILE, 0L);
            if (mapped.address() == FAILED) {
                return Optional.empty();
            }
            MemorySegment page = mapped.reinterpret(PAGE_BYTES);
            MemorySegment.copy(code, 0, page, JAVA_BYTE, 0, code.length);
            int refused = (int) mprotect.invokeExact(page, PAGE_BYTES, READ_AND_RUN);
            return refused == 0 ? Optional.of(page) : Optional.empty();
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    private static MethodHandle function(String name, FunctionDescriptor descriptor) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), descriptor);
    }

    /** A function of C throws nothing, but Java may refuse an argument, or have no memory for the call. */
    static RuntimeException unexpected(Throwable e) {
        if (e instanceof Error error) {
            throw error;
        }
        return e instanceof RuntimeException exception ? exception : new IllegalStateException(e);
    }
}
