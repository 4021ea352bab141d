package io.github.tmem.bench.timing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SideBySideTest {
    private static final int OPERATIONS = 1001;

    private static Contestant of(Runs runs) {
        return new Contestant() {
            @Override
            public String name() {
                return "one";
            }

            @Override
            public void run(int from, int to) {
                runs.run(from, to);
            }
        };
    }

    private interface Runs {
        void run(int from, int to);
    }

    @Test
    void theyShareTheOperations() {
        AtomicIntegerArray runs = new AtomicIntegerArray(OPERATIONS);
        Contestant part = of((from, to) -> {
            for (int i = from; i < to; i++) {
                runs.incrementAndGet(i);
            }
        });
        try (SideBySide both = new SideBySide("both", List.of(part, part))) {
            both.run(0, OPERATIONS);
        }
        for (int i = 0; i < OPERATIONS; i++) {
            assertThat(runs.get(i)).isEqualTo(1);
        }
    }

    @Test
    void theyWorkAtTheSameTime() {
        CountDownLatch working = new CountDownLatch(2);
        Contestant part = of((from, to) -> {
            working.countDown();
            while (working.getCount() > 0) {
                Thread.onSpinWait();
            }
        });
        try (SideBySide both = new SideBySide("both", List.of(part, part))) {
            assertThat(both.time(0, 2)).isPositive();
        }
    }

    /** From the first that begins to the last that ends; what came before the beginning is not in it. */
    @Test
    void whatIsTimedIsTheLongestPart() {
        long nap = TimeUnit.MILLISECONDS.toNanos(20);
        AtomicLong slept = new AtomicLong();
        Contestant part = of((from, to) -> {
            long begin = System.nanoTime();
            while (from > 0 && System.nanoTime() - begin < nap) {
                LockSupport.parkNanos(nap);
            }
            slept.accumulateAndGet(System.nanoTime() - begin, Math::max);
        });
        try (SideBySide both = new SideBySide("both", List.of(part, part))) {
            long before = System.nanoTime();
            assertThat(both.time(0, 2)).isBetween(slept.get(), System.nanoTime() - before);
        }
    }

    @Test
    void aPartThatFailsIsNotTimed() {
        Contestant part = of((from, to) -> {
            throw new IllegalStateException("as the test wants it");
        });
        try (SideBySide both = new SideBySide("both", List.of(part, part))) {
            assertThatThrownBy(() -> both.run(0, 2)).hasRootCauseMessage("as the test wants it");
        }
    }
}
