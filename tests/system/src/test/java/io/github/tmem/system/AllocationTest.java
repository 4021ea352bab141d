package io.github.tmem.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Once compiled, operations allocate nothing on the Java heap: neither alone, nor with metrics attached, in a chain that
 * is full. Measured in a Java of its own, because methods with assertions in them are too long for the compiler to see that
 * nothing escapes.
 */
class AllocationTest {
    private static final Pattern FIGURES = Pattern.compile("(\\d+) bytes, (\\d+) operations\\R(\\d+) samples\\R");

    /** Works in a Java of its own; returns the samples that metrics took. */
    private static long samplesWhenNothingIsAllocated(String attached) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-classpath",
                        System.getProperty("java.class.path"),
                        AllocationRun.class.getName(),
                        attached)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(printed).isZero();
        Matcher figures = FIGURES.matcher(printed);
        assertThat(figures.matches()).as(printed).isTrue();
        assertThat(Long.parseLong(figures.group(1)))
                .as("bytes of %s operations", figures.group(2))
                .isLessThan(Long.parseLong(figures.group(2)));
        return Long.parseLong(figures.group(3));
    }

    @Test
    void operationsAllocateNothing() throws Exception {
        assertThat(samplesWhenNothingIsAllocated("nothing")).isZero();
    }

    @Test
    void operationsOnValuesAllocateNothing() throws Exception {
        assertThat(samplesWhenNothingIsAllocated("values")).isZero();
    }

    @Test
    void operationsAllocateNothingWithMetricsAttached() throws Exception {
        assertThat(samplesWhenNothingIsAllocated("metrics")).isPositive();
    }
}
