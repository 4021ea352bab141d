package io.github.tmem.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.machine.HugePages;
import io.github.tmem.memory.slot.SlotWriter;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** A tier of 4 MiB, to be resized, and what has to be in it. Regions have half a MiB, or a little less. */
@ParameterizedClass
@MethodSource("media")
abstract class ResizedSlabs {
    static final long MIB = 1 << 20;
    static final int REGION = 512 << 10;

    final SlabBackend backend;
    final CopyBook book;

    ResizedSlabs(Supplier<Medium> medium) {
        backend = new SlabBackend(
                Geometry.of(4 * MIB, 4, REGION), medium.get(), SlotWriter.forTierOf(SlotWriter.LARGE_TIER_MIN));
        book = new CopyBook(backend);
    }

    static List<Named<Supplier<Medium>>> media() {
        return Stream.concat(
                        Stream.of(Named.<Supplier<Medium>>of("small pages", Medium.OffHeap::new)),
                        HugePages.ofThisMachine().stream()
                                .map(pages ->
                                        Named.<Supplier<Medium>>of("huge pages", () -> new HugePageMedium(pages))))
                .toList();
    }

    @AfterEach
    void everythingAddsUp() {
        book.check();
        book.flushAtRandom(new Random(0), 100);
        book.check();
        assertThat(backend.usedBytes()).isZero();
        backend.close();
    }
}
