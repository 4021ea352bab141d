package io.github.tmem.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.AfterEach;

/** A tier of 4 MiB, to be resized, and what has to be in it. Regions have half a MiB, or a little less. */
abstract class ResizedSlabs {
    static final long MIB = 1 << 20;
    static final int REGION = 512 << 10;

    final SlabBackend backend = new SlabBackend(Geometry.of(4 * MIB, 4, REGION), new Medium.OffHeap());
    final CopyBook book = new CopyBook(backend);

    @AfterEach
    void everythingAddsUp() {
        book.check();
        book.flushAtRandom(new Random(0), 100);
        book.check();
        assertThat(backend.usedBytes()).isZero();
        backend.close();
    }
}
