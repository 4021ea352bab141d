package io.github.tmem.kit;

import java.lang.management.ManagementFactory;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * The native memory this process has taken through the Java platform: arenas and direct buffers. It is what the virtual
 * machine's own tracking says, so the tests run with {@code -XX:NativeMemoryTracking=summary}.
 */
public final class NativeMemory {
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
