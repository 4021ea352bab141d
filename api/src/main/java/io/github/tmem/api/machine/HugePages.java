package io.github.tmem.api.machine;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Memory for which Linux is asked to take huge pages, {@code mmap(2)} and {@code madvise(2)}. The processor keeps the places of
 * few pages of 4 KiB: with gigabytes of them nearly every look at a copy waits for a walk through page tables first.
 *
 * <p>The calls go through {@code java.lang.foreign}, which Java allows this module with {@code --enable-native-access}. Thread-safe.
 */
@SuppressWarnings("restricted") // only where whoever started Java allows it
public final class HugePages {
    /** The size of a huge page in bytes. */
    public static final long BYTES = 2 << 20;

    private static final long PAGE_BYTES = 4096;
    private static final Path FOLDER = Path.of("/sys/kernel/mm/transparent_hugepage");

    // as on x86 and ARM
    private static final List<String> PROCESSORS = List.of("amd64", "aarch64");
    private static final int READ_AND_WRITE = 1 | 2;
    private static final int PRIVATE_ANONYMOUS_NORESERVE = 0x2 | 0x20 | 0x4000;
    private static final int NO_FILE = -1;
    private static final int DONTNEED = 4;
    private static final int HUGEPAGE = 14;
    private static final long FAILED = -1;

    private final MethodHandle mmap =
            NativeCalls.function("mmap", ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG);
    private final MethodHandle munmap = NativeCalls.function("munmap", JAVA_INT, JAVA_LONG, JAVA_LONG);
    private final MethodHandle madvise = NativeCalls.function("madvise", JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT);

    private HugePages() {}

    /**
     * The huge pages of this machine: nothing unless it is Linux on x86 or ARM and has pages of {@link #BYTES} to give, and whoever
     * started Java allows this module native access. Prints no warning.
     */
    public static Optional<HugePages> ofThisMachine() {
        return Machine.PAGES;
    }

    /** Looked for once, when somebody asks. */
    private static final class Machine {
        static final Optional<HugePages> PAGES = find();
    }

    private static Optional<HugePages> find() {
        boolean there = NativeCalls.areAllowed()
                && PROCESSORS.contains(System.getProperty("os.arch"))
                && read("hpage_pmd_size").equals(Long.toString(BYTES))
                && !read("enabled").contains("[never]");
        return there ? Optional.of(new HugePages()) : Optional.empty();
    }

    /** A line about huge pages, empty if this kernel does not say it. */
    private static String read(String name) {
        try {
            return Files.readString(FOLDER.resolve(name)).strip();
        } catch (IOException none) {
            return "";
        }
    }

    /**
     * Maps memory, filled with zeros. The machine gives it when it is touched, by huge pages if it has any: who touches one first
     * waits until it is zeroed, for a quarter of a millisecond.
     *
     * @param bytes 1 or above
     * @param arena unmaps it when it is closed; its threads may use the memory
     * @return the memory, from a multiple of {@link #BYTES} on; null if the machine refuses
     */
    public @Nullable MemorySegment map(long bytes, Arena arena) {
        long mapped = bytes + BYTES;
        long address = mmap(mapped);
        if (address == FAILED) {
            return null;
        }
        long from = Math.ceilDiv(address, BYTES) * BYTES;
        boolean kept = false;
        try {
            MemorySegment memory =
                    MemorySegment.ofAddress(from).reinterpret(bytes, arena, gone -> munmap(address, mapped));
            kept = true;
            advise(from, bytes, HUGEPAGE); // may be refused: then it is memory as any other
            return memory;
        } finally {
            if (!kept) {
                munmap(address, mapped);
            }
        }
    }

    /**
     * Gives a part of some memory back to the machine, but for what shares a page of 4 KiB with the rest of it. It can be used again
     * as before, and holds zeros or what it held. Where a page of it stays, Linux may make a huge one of it again at any time.
     *
     * @param memory what {@link #map} returned, its arena open
     * @param from where the part begins in it
     * @param to where the part ends
     */
    public void discard(MemorySegment memory, long from, long to) {
        long end = to == memory.byteSize() ? Math.ceilDiv(to, PAGE_BYTES) : to / PAGE_BYTES;
        long first = Math.ceilDiv(from, PAGE_BYTES);
        if (first < end) {
            int refused = advise(memory.address() + first * PAGE_BYTES, (end - first) * PAGE_BYTES, DONTNEED);
            assert refused == 0;
        }
    }

    private long mmap(long bytes) {
        try {
            MemorySegment address = (MemorySegment)
                    mmap.invokeExact(0L, bytes, READ_AND_WRITE, PRIVATE_ANONYMOUS_NORESERVE, NO_FILE, 0L);
            return address.address();
        } catch (Throwable e) {
            throw NativeCalls.unexpected(e);
        }
    }

    private void munmap(long address, long bytes) {
        try {
            int refused = (int) munmap.invokeExact(address, bytes);
            assert refused == 0;
        } catch (Throwable e) {
            throw NativeCalls.unexpected(e);
        }
    }

    private int advise(long address, long bytes, int advice) {
        try {
            return (int) madvise.invokeExact(address, bytes, advice);
        } catch (Throwable e) {
            throw NativeCalls.unexpected(e);
        }
    }
}
