package io.github.tmem.node.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** The clock of leases and times to live. */
class SteadyClockTest {

    @Test
    void itBeginsWithTheTimeOfDayAndThenOnlyCounts() {
        AtomicLong timeOfDay = new AtomicLong(1_000_000);
        AtomicLong nanos = new AtomicLong(-77);
        SteadyClock clock = new SteadyClock(timeOfDay::get, nanos::get);
        assertThat(clock.getAsLong()).isEqualTo(1_000_000);
        for (long jump : new long[] {-3_600_000, 86_400_000, Long.MIN_VALUE / 2}) {
            timeOfDay.set(jump); // somebody sets the clock of the machine
            assertThat(clock.getAsLong()).isEqualTo(1_000_000);
        }
        nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(1500));
        assertThat(clock.getAsLong()).isEqualTo(1_001_500);
    }
}
