package io.github.tmem.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class GateTest {

    @Test
    void stopsThreadsUntilItOpens() {
        AtomicInteger passed = new AtomicInteger();
        try (Gate gate = new Gate()) {
            gate.shut("here");
            new Race()
                    .with(2, number -> {
                        gate.arrive("here");
                        passed.incrementAndGet();
                    })
                    .with(() -> {
                        gate.awaitArrivals("here", 2);
                        assertThat(passed).hasValue(0);
                        gate.passOne("here");
                        gate.shut("elsewhere");
                        gate.open("here");
                    })
                    .run();
            gate.arrive("here");
        }
        assertThat(passed).hasValue(2);
    }

    @Test
    void stopsAsManyAsThereArePlaces() {
        try (Gate gate = new Gate()) {
            gate.shutFor("here", 2);
            new Race()
                    .with(2, number -> gate.arrive("here"))
                    .with(() -> {
                        gate.awaitArrivals("here", 2);
                        gate.arrive("here"); // does not wait
                        assertThat(gate.waiting("here")).isEqualTo(2);
                        gate.open("here");
                    })
                    .run();
        }
    }

    @Test
    void aWaitThatTimesOutFailsTheTest() {
        Gate gate = new Gate(Duration.ofMillis(1));
        gate.shut("here");
        assertThatThrownBy(() -> gate.arrive("here")).isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> gate.awaitArrival("here")).isInstanceOf(AssertionError.class);
        assertThatThrownBy(gate::close).isInstanceOf(AssertionError.class);
    }

    @Test
    void aRaceFailsWithItsTasks() {
        assertThatThrownBy(() -> new Race()
                        .with(() -> {
                            throw new IllegalStateException("task");
                        })
                        .run())
                .isInstanceOf(AssertionError.class)
                .hasRootCauseMessage("task");
    }
}
