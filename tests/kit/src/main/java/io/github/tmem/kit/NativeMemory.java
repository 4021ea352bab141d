package io.github.tmem.kit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * The native memory this process has taken through the Java platform: arenas and direct buffers. It is what the virtual
 * machine's own tracking says, so the tests run with {@code -XX:NativeMemoryTracking=summary}.
 */
public final class NativeMemory {
    private static final int COLLECTIONS = 10;
    private static final long PAUSE_NANOS = 10_000_000;
    private static final Path MAPPINGS = Path.of("/proc/self/smaps");
    private static final Pattern OTHER = Pattern.compile("Other \\(reserved=(\\d+), committed=(\\d+)\\)");

    private NativeMemory() {}

    /**
     * Bytes taken and not given back.
     *
     * @throws IllegalStateException if the virtual machine does not track native memory
     */
    public static long bytes() {
        Matcher other = OTHER.matcher(summary());
        if (!other.find()) {
            throw new IllegalStateException(
                    "native memory is not tracked; run the tests with -XX:NativeMemoryTracking=summary");
        }
        return Long.parseLong(other.group(2));
    }

    /**
     * Bytes taken and not given back, and if they are more than {@code limit}, what remains of them once the garbage
     * collector has had time to give back direct buffers: those of the platform, or of a tool that instruments classes while
     * a test runs. The memory of a store is in shared arenas, which no collector gives back.
     *
     * @throws IllegalStateException if the virtual machine does not track native memory
     */
    public static long bytesBeyondGarbage(long limit) {
        long bytes = bytes();
        for (int round = 0; bytes > limit && round < COLLECTIONS; round++) {
            System.gc();
            LockSupport.parkNanos(PAUSE_NANOS); // in which the reference handler runs the buffers' cleaners
            bytes = bytes();
        }
        return bytes;
    }

    /**
     * The bytes that the machine has given this process where it asked for huge pages, which the virtual machine does not track:
     * what {@code proc_pid_smaps(5)} says, 0 where there is no such file.
     */
    public static long hugePageBytes() {
        long sum = 0;
        long resident = 0;
        for (String line : mappings()) {
            if (line.startsWith("Rss:")) {
                resident = Long.parseLong(line.replaceAll("[^0-9]", "")) << 10;
            } else if (line.startsWith("VmFlags:") && line.contains(" hg")) {
                sum += resident;
            }
        }
        return sum;
    }

    private static List<String> mappings() {
        try {
            return Files.exists(MAPPINGS) ? Files.readAllLines(MAPPINGS) : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String summary() {
        try {
            Object text = ManagementFactory.getPlatformMBeanServer()
                    .invoke(
                            new ObjectName("com.sun.management:type=DiagnosticCommand"),
                            "vmNativeMemory",
                            new Object[] {new String[] {"summary", "scale=b"}},
                            new String[] {String[].class.getName()});
            return String.valueOf(text);
        } catch (JMException e) {
            throw new IllegalStateException("the virtual machine does not tell its native memory", e);
        }
    }
}
