package io.github.tmem.bench.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.EphemeralPool;
import io.github.tmem.api.GetMode;
import io.github.tmem.api.PageStore;
import io.github.tmem.bench.trace.Trace;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Scans and loops do not flush what is in use. Newcomers have a tenth of an inclusive pool, and at most three quarters of an
 * exclusive one; so a working set of a quarter that was used before they came is left alone. One page in 65 may go all the
 * same, because a choice passes over 64 pages at most (L10), and few whose room goes to pages taken for others.
 */
class ScansTest {
    private static final int CAPACITY = 5_000;
    private static final int HOT = CAPACITY / 4;
    private static final int COLD = 10 * CAPACITY;
    private static final double LEFT_LEAST = 0.95;
    private static final Trace NUMBERED =
            new Trace("numbered", new int[0], LongStream.range(0, HOT + COLD).toArray());

    /** What comes upon the working set. */
    enum Disturbance {
        /** Pages that nobody asked for, once. */
        READ_AHEAD(1, false),
        /** Pages that are asked for in vain and then put, once. */
        SCAN(1, true),
        /** The same again and again. */
        LOOP(3, true);

        private final int rounds;
        private final boolean asked;

        Disturbance(int rounds, boolean asked) {
            this.rounds = rounds;
            this.asked = asked;
        }

        void upon(StorePages pages) {
            for (int round = 0; round < rounds; round++) {
                for (int page = HOT; page < HOT + COLD; page++) {
                    if (!asked || !pages.get(page)) {
                        pages.put(page);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "INCLUSIVE, READ_AHEAD",
        "INCLUSIVE, SCAN",
        "INCLUSIVE, LOOP",
        "EXCLUSIVE, READ_AHEAD",
        "EXCLUSIVE, SCAN",
        "EXCLUSIVE, LOOP"
    })
    void leaveTheWorkingSetWhereItIs(GetMode mode, Disturbance disturbance) {
        try (PageStore store = Stores.open(Stores.exact().holding(CAPACITY))) {
            EphemeralPool pool = store.ephemeral("p", mode);
            StorePages pages = new StorePages(NUMBERED, pool);
            for (int round = 0; round < 4; round++) {
                use(pages, mode);
            }
            disturbance.upon(pages);
            assertThat(pool.pageCount()).isEqualTo(CAPACITY);
            long left = IntStream.range(0, HOT).filter(pages::get).count();
            assertThat(left / (double) HOT).isBetween(LEFT_LEAST, 1.0);
        }
    }

    /** Asks for each page of the working set; what it was handed over it puts back. */
    private static void use(StorePages pages, GetMode mode) {
        for (int page = 0; page < HOT; page++) {
            if (!pages.get(page) || mode == GetMode.EXCLUSIVE) {
                pages.put(page);
            }
        }
    }
}
