package io.github.tmem.memory;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tmem.api.PageKind;
import io.github.tmem.api.config.Size;
import io.github.tmem.api.config.TierConfig;
import io.github.tmem.api.machine.HugePages;
import io.github.tmem.api.spi.Outcome;
import io.github.tmem.kit.NativeMemory;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Memory in huge pages, by what the kernel says of it: {@code proc_pid_smaps(5)}. */
class HugePageMediumTest {
    private static final int MIB = 1 << 20;

    /** No multiple of a page. */
    private static final int REGION = MIB / 2 + 64;

    private final HugePageMedium medium = new HugePageMedium(pages());

    @AfterEach
    void close() {
        medium.close();
    }

    private static HugePages pages() {
        Assumptions.assumeTrue(HugePages.ofThisMachine().isPresent(), "needs Linux with huge pages");
        return HugePages.ofThisMachine().orElseThrow();
    }

    private MemorySegment region(int number) {
        return medium.allocate((long) number * REGION, REGION, (long) (16 - number) * REGION);
    }

    @Test
    void regionsLieBesideEachOtherWhereHugePagesAreAskedFor() {
        long before = NativeMemory.hugePageBytes();
        MemorySegment first = region(0);
        assertThat(first.address() % HugePages.BYTES).isZero();
        for (int number = 0; number < 16; number++) {
            MemorySegment region = number == 0 ? first : region(number);
            assertThat(region.address() - first.address()).isEqualTo((long) number * REGION);
            assertThat(region.byteSize()).isEqualTo(REGION);
            region.fill((byte) number);
        }
        assertThat(NativeMemory.hugePageBytes() - before).isBetween(16L * REGION, 16L * REGION + 4096);
    }

    @Test
    void aRegionThatIsReleasedIsGivenBackAndComesAgain() {
        List<MemorySegment> regions = List.of(region(0), region(1), region(2), region(3));
        regions.forEach(region -> region.fill((byte) 7));
        long full = NativeMemory.hugePageBytes();
        medium.release(regions.get(1), regions.get(0), regions.get(2));
        medium.release(regions.get(2), regions.get(0), regions.get(3));
        assertThat(full - NativeMemory.hugePageBytes()).isBetween(2L * REGION - 2 * 4096, 2L * REGION);
        assertThat(regions.get(1).get(JAVA_BYTE, MIB / 4)).isZero();
        for (int number : new int[] {0, 3}) {
            assertThat(regions.get(number).toArray(JAVA_BYTE)).containsOnly(7);
        }
        assertThat(region(1).address()).isEqualTo(regions.get(1).address());
        region(1).fill((byte) 8);
    }

    /** Else Linux would make a huge page of the one that is left, and all would be there again. */
    @Test
    void noPageIsLeftBetweenRegionsThatAreReleased() {
        long before = NativeMemory.hugePageBytes();
        List<MemorySegment> regions =
                IntStream.range(0, 15).mapToObj(this::region).toList();
        regions.forEach(region -> region.fill((byte) 7));
        for (int number = 14; number > 0; number -= 2) {
            medium.release(regions.get(number), regions.get(number - 1), number == 14 ? null : regions.get(number + 1));
        }
        for (int number = 1; number < 15; number += 2) {
            medium.release(regions.get(number), regions.get(0), number == 13 ? null : regions.get(number + 2));
        }
        assertThat(NativeMemory.hugePageBytes() - before).isBetween((long) REGION, REGION + 4096L);
        assertThat(regions.getFirst().toArray(JAVA_BYTE)).containsOnly(7);
        medium.release(regions.getFirst(), null, null);
        assertThat(NativeMemory.hugePageBytes()).isEqualTo(before);
    }

    @Test
    void aTierThatGrowsTakesAnotherSpan() {
        MemorySegment first = medium.allocate(0, MIB, 4L * MIB);
        MemorySegment grown = medium.allocate(4L * MIB, MIB, 2L * MIB);
        MemorySegment last = medium.allocate(5L * MIB, MIB, MIB);
        MemorySegment inPart = medium.allocate(7L * MIB / 2, MIB, 5L * MIB / 2);
        assertThat(last.address() - grown.address()).isEqualTo(MIB);
        List<MemorySegment> regions = List.of(first, grown, last, inPart);
        regions.forEach(region -> region.fill((byte) regions.indexOf(region)));
        for (MemorySegment region : regions) {
            assertThat(region.toArray(JAVA_BYTE)).containsOnly(regions.indexOf(region));
        }
        regions.forEach(region -> medium.release(region, null, null));
    }

    @Test
    void whereTheMachineRefusesASpanThereIsOtherMemory() {
        HugePageMedium refused = new HugePageMedium(pages(), 1L << 60);
        MemorySegment region = refused.allocate(0, MIB, 1L << 60);
        region.fill((byte) 1);
        refused.release(region, null, null);
        assertThatThrownBy(() -> region.fill((byte) 1)).isInstanceOf(IllegalStateException.class);
        refused.close();
    }

    @Test
    void aLargeTierHasSeveralSpans() {
        HugePageMedium large = new HugePageMedium(pages(), 4 * MIB);
        long before = NativeMemory.hugePageBytes();
        List<MemorySegment> regions = IntStream.range(0, 20)
                .mapToObj(number -> large.allocate((long) number * REGION, REGION, (long) (20 - number) * REGION))
                .toList();
        regions.forEach(region -> region.fill((byte) regions.indexOf(region)));
        assertThat(regions.stream().filter(region -> region.address() % HugePages.BYTES == 0))
                .hasSize(3);
        for (MemorySegment region : regions) {
            assertThat(region.toArray(JAVA_BYTE)).containsOnly(regions.indexOf(region));
        }
        assertThat(NativeMemory.hugePageBytes() - before).isGreaterThanOrEqualTo(20L * REGION);
        large.close();
        assertThat(NativeMemory.hugePageBytes()).isEqualTo(before);
    }

    @Test
    void closeGivesEverythingBack() {
        long before = NativeMemory.hugePageBytes();
        SlabBackend backend = (SlabBackend) new OffHeapProvider().open(TierConfig.of("offheap", Size.parse("16MiB")));
        MemorySegment page = MemorySegment.ofArray(new byte[4096]);
        long copy = backend.put(1, PageKind.EPHEMERAL, 1, page, 4096);
        assertThat(NativeMemory.hugePageBytes() - before).isPositive();
        assertThat(backend.get(copy, page, 4096)).isEqualTo(4096);
        backend.close();
        backend.close();
        assertThat(NativeMemory.hugePageBytes()).isEqualTo(before);
        assertThat(backend.get(copy, page, 4096)).isEqualTo(Outcome.GONE);
    }

    /** Whoever did not allow native access gets other memory, and no warning. */
    @Test
    void withoutNativeAccessThereIsOtherMemory() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-classpath",
                        System.getProperty("java.class.path"),
                        OffHeapProgram.class.getName())
                .redirectErrorStream(true)
                .start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(printed).isZero();
        assertThat(printed.strip()).isEqualTo("4096");
    }

    /** Stores a copy and prints the length of what it gets back. */
    static final class OffHeapProgram {
        public static void main(String[] arguments) {
            try (SlabBackend backend =
                    (SlabBackend) new OffHeapProvider().open(TierConfig.of("offheap", Size.parse("16MiB")))) {
                MemorySegment page = MemorySegment.ofArray(new byte[4096]);
                System.out.println(backend.get(backend.put(1, PageKind.EPHEMERAL, 1, page, 4096), page, 4096));
            }
        }
    }
}
