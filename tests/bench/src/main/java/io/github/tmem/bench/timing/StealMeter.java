package io.github.tmem.bench.timing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;

/**
 * The share of processor time that the hypervisor gave to others since a moment, from {@code /proc/stat}. Elsewhere than
 * on Linux it is taken to be 0.
 */
public final class StealMeter {
    private static final Path STAT = Path.of("/proc/stat");

    /** The place of the counter in the line, and the number of counters that do not overlap. */
    private static final int STEAL = 7;

    private static final int COUNTERS = 8;

    private final long[] before;

    private StealMeter(long[] before) {
        this.before = before;
    }

    /** Begins to measure. */
    public static StealMeter start() {
        return new StealMeter(read());
    }

    /** A meter that began when the machine started. */
    public static StealMeter sinceBoot() {
        return new StealMeter(new long[COUNTERS]);
    }

    /** The steal in per cent of all processor time since the start. */
    public double percent() {
        long[] now = read();
        long all = Arrays.stream(now).sum() - Arrays.stream(before).sum();
        return all <= 0 ? 0 : 100.0 * (now[STEAL] - before[STEAL]) / all;
    }

    private static long[] read() {
        try (Stream<String> lines = Files.lines(STAT)) {
            long[] counters = lines.findFirst().stream()
                    .flatMap(line -> Stream.of(line.strip().split("\\s+")))
                    .skip(1)
                    .limit(COUNTERS)
                    .mapToLong(Long::parseLong)
                    .toArray();
            return Arrays.copyOf(counters, COUNTERS);
        } catch (IOException notLinux) {
            return new long[COUNTERS];
        }
    }
}
