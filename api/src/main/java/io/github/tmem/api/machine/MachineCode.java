package io.github.tmem.api.machine;

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
 * Instructions that Java has no words for, as a function of C under Linux on x86 (System V ABI). They are written into a page of
 * memory, which may not be written any more when it may be run, and stays. Thread-safe.
 */
@SuppressWarnings("restricted") // only where whoever started Java allows it
public final class MachineCode {
    private static final long PAGE_BYTES = 4096;
    private static final int READ_AND_WRITE = 1 | 2;
    private static final int READ_AND_RUN = 1 | 4;
    private static final int PRIVATE_ANONYMOUS = 0x2 | 0x20;
    private static final int NO_FILE = -1;
    private static final long FAILED = -1;

    private final MemorySegment page;

    private MachineCode(MemorySegment page) {
        this.page = page;
    }

    /**
     * Makes a listing fit to be called.
     *
     * @param listing in each line bytes in hexadecimal, then what they mean behind a {@code |}, for the reader; 4096 bytes at
     *     most
     * @return nothing unless this is Linux on x86, whoever started Java allows this module native access, and the machine lets
     *     memory be run. Prints no warning
     * @throws IllegalArgumentException if a line has no such bytes
     */
    public static Optional<MachineCode> of(String listing) {
        byte[] code = assemble(listing);
        return isForThisMachine() ? load(code) : Optional.empty();
    }

    private static boolean isForThisMachine() {
        return NativeCalls.areAllowed() && System.getProperty("os.arch").equals("amd64");
    }

    static byte[] assemble(String listing) {
        StringBuilder digits = new StringBuilder();
        listing.lines().forEach(line -> digits.append(line.split("\\|", 2)[0].replace(" ", "")));
        return HexFormat.of().parseHex(digits);
    }

    private static Optional<MachineCode> load(byte[] code) {
        MethodHandle mmap =
                NativeCalls.function("mmap", ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG);
        MethodHandle mprotect = NativeCalls.function("mprotect", JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);
        try {
            MemorySegment mapped =
                    (MemorySegment) mmap.invokeExact(0L, PAGE_BYTES, READ_AND_WRITE, PRIVATE_ANONYMOUS, NO_FILE, 0L);
            if (mapped.address() == FAILED) {
                return Optional.empty();
            }
            MemorySegment page = mapped.reinterpret(PAGE_BYTES);
            MemorySegment.copy(code, 0, page, JAVA_BYTE, 0, code.length);
            int refused = (int) mprotect.invokeExact(page, PAGE_BYTES, READ_AND_RUN);
            return refused == 0 ? Optional.of(new MachineCode(page)) : Optional.empty();
        } catch (Throwable e) {
            throw NativeCalls.unexpected(e);
        }
    }

    /**
     * A way to call the function from its first byte on. Keep it in a static final field, so that a compiled caller jumps there. The
     * thread stays one of Java's meanwhile, and the collector waits: the function has to be short. Where it takes an address it
     * takes a part of a Java array, too.
     */
    public MethodHandle function(FunctionDescriptor descriptor) {
        return Linker.nativeLinker().downcallHandle(page, descriptor, Linker.Option.critical(true));
    }

    /** Where it is. */
    long address() {
        return page.address();
    }
}
