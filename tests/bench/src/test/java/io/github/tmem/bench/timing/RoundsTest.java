package io.github.tmem.bench.timing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RoundsTest {
    private static final int OPERATIONS = 1000;

    /** Counts how often each operation was run. */
    private static class Counter implements Contestant {
        private final String name;
        private final List<String> turns;
        private final AtomicInteger[] runs = new AtomicInteger[OPERATIONS];

        Counter(String name, List<String> turns) {
            this.name = name;
            this.turns = turns;
            for (int i = 0; i < OPERATIONS; i++) {
                runs[i] = new AtomicInteger();
            }
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public void run(int from, int to) {
            turns.add(name + " " + from);
            for (int i = from; i < to; i++) {
                runs[i].incrementAndGet();
            }
        }
    }

    @Test
    void contestantsTakeTurnsSliceBySlice() {
        List<String> turns = new ArrayList<>();
        AtomicInteger done = new AtomicInteger();
        Timings timings = new Rounds(OPERATIONS, 2, 0, 0, 1)
                .time(List.of(new Counter("a", turns), new Counter("b", turns)), OPERATIONS, done::incrementAndGet);
        turns.removeIf(turn -> turn.endsWith(" 1000")); // the empty lead
        assertThat(turns).contains("a 0", "b 0", "a 500", "b 500");
        assertThat(turns.lastIndexOf("b 0")).isLessThan(turns.lastIndexOf("a 500"));
        assertThat(done).hasValue(1);
        assertThat(timings.ratio("a", "a").median()).isEqualTo(1);
    }

    @Test
    void everyOperationIsRunInEveryRoundAndTheLeadAndWarmUpBesides() {
        Counter counter = new Counter("a", new ArrayList<>());
        Timings timings = new Rounds(OPERATIONS, 4, 0, 2, 3).time(List.of(counter), OPERATIONS, () -> {});
        int expected = 5 + timings.repeated();
        assertThat(counter.runs).allSatisfy(runs -> assertThat(runs.get()).isEqualTo(expected));
        assertThat(timings.nanos()[0]).hasSize(3);
    }

    @Test
    void aRoundGoesOnWhereTheOneBeforeEnded() {
        List<String> turns = new ArrayList<>();
        Timings timings = new Rounds(250, 1, 0, 1, 4).time(List.of(new Counter("a", turns)), OPERATIONS, () -> {});
        turns.removeIf(turn -> turn.endsWith(" 1000")); // the empty lead
        Collections.addAll(turns, "the end");
        assertThat(turns).containsSubsequence("a 750", "a 0", "a 250", "a 500", "a 750", "the end");
        assertThat(timings.nanos()[0]).hasSize(4);
    }

    @Test
    void aContestantMayKnowItsOwnTime() {
        Counter measuredElsewhere = new Counter("a", new ArrayList<>()) {
            @Override
            public long time(int from, int to) {
                return 7L * (to - from);
            }
        };
        Timings timings = new Rounds(OPERATIONS, 4, 0, 0, 2).time(List.of(measuredElsewhere), OPERATIONS, () -> {});
        assertThat(timings.of("a")).isEqualTo(Spread.exactly(7));
    }

    @Test
    void theRestOfAWholeIsWhatItsPartsLeave() {
        Timings timings = new Timings(List.of("all", "a", "b"), new double[][] {{10, 9, 14}, {3, 3, 3}, {2, 3, 4}}, 0);
        assertThat(timings.rest("all", List.of("a", "b"))).isEqualTo(new Spread(3, 5, 7));
    }

    @Test
    void twoThreadsShareTheOperations() {
        List<String> turns = Collections.synchronizedList(new ArrayList<>());
        Counter counter = new Counter("a", turns);
        try (SideBySide both = new SideBySide("both", List.of(counter, counter))) {
            both.run(0, OPERATIONS);
        }
        assertThat(turns).containsExactlyInAnyOrder("a 0", "a 500");
        assertThat(counter.runs).allSatisfy(runs -> assertThat(runs.get()).isEqualTo(1));
    }

    @Test
    void aSpreadIsTheMedianBetweenTheExtremes() {
        assertThat(Spread.of(3, 1, 9)).isEqualTo(new Spread(1, 3, 9));
        assertThat(Spread.of(4, 1).median()).isCloseTo(2.5, within(1e-9));
    }
}
