package io.github.tmem.tiering.chain;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.spi.Recorder;
import io.github.tmem.api.spi.Recorder.Operation;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SamplerTest {
    private final Deque<Long> times = new ArrayDeque<>();
    private final Deque<Integer> throwsOfDice = new ArrayDeque<>();
    private final List<Sample> heard = new ArrayList<>();
    private final Recorder recorder =
            (operation, chain, tier, nanos) -> heard.add(new Sample(operation, chain, tier, nanos));
    private final Sampler sampler = new Sampler("cold", times::remove, throwsOfDice::remove);

    private record Sample(Operation operation, String chain, String tier, long nanos) {}

    /** Begins an operation at a time. */
    private long beginAt(long nanos) {
        throwsOfDice.add(0);
        times.add(nanos);
        return sampler.begin();
    }

    @Test
    void withoutARecorderNeitherDiceNorTimeAreAsked() {
        assertThat(sampler.begin()).isEqualTo(Sampler.NOT_SAMPLED); // the empty deques would throw
        sampler.end(Sampler.NOT_SAMPLED, Operation.PUT);
        sampler.attach(Recorder.disabled());
        assertThat(sampler.begin()).isEqualTo(Sampler.NOT_SAMPLED);
    }

    @Test
    void anOperationThatIsDrawnIsTimed() {
        sampler.attach(recorder);
        long begun = beginAt(1_000);
        times.add(1_700L);
        sampler.end(begun, Operation.GET_HIT, "heap");
        begun = beginAt(2_000);
        times.add(2_001L);
        sampler.end(begun, Operation.GET_MISS);
        assertThat(heard)
                .containsExactly(
                        new Sample(Operation.GET_HIT, "cold", "heap", 700),
                        new Sample(Operation.GET_MISS, "cold", Recorder.NO_TIER, 1));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 63, 65, -1, Integer.MIN_VALUE + 1, Integer.MAX_VALUE})
    void anOperationThatIsNotDrawnIsNotTimed(int thrown) {
        sampler.attach(recorder);
        throwsOfDice.add(thrown);
        long begun = sampler.begin();
        sampler.end(begun, Operation.PUT, "heap");
        assertThat(begun).isEqualTo(Sampler.NOT_SAMPLED);
        assertThat(heard).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 64, -64, Integer.MIN_VALUE})
    void oneThrowInSixtyFourDraws(int thrown) {
        sampler.attach(recorder);
        throwsOfDice.add(thrown);
        times.add(5L);
        assertThat(sampler.begin()).isEqualTo(5);
    }

    @Test
    void chanceDrawsOneInSixtyFour() {
        SplittableRandom random = new SplittableRandom(4);
        Sampler fair = new Sampler("hot", () -> 1, random::nextInt);
        fair.attach(recorder);
        int drawn = 0;
        for (int i = 0; i < 64_000; i++) {
            drawn += fair.begin() == Sampler.NOT_SAMPLED ? 0 : 1;
        }
        assertThat(drawn).isBetween(850, 1150);
    }

    @Test
    void aClockThatStandsAtNothingOrTurnsBackDoesNoHarm() {
        sampler.attach(recorder);
        long begun = beginAt(Sampler.NOT_SAMPLED);
        assertThat(begun).isNotEqualTo(Sampler.NOT_SAMPLED);
        times.add(-50L);
        sampler.end(begun, Operation.FLUSH, "heap");
        begun = beginAt(Long.MAX_VALUE);
        times.add(Long.MIN_VALUE + 9); // the origin of the ticker is anywhere
        sampler.end(begun, Operation.FLUSH, "heap");
        assertThat(heard).extracting(Sample::nanos).containsExactly(0L, 10L);
    }

    @Test
    void aRecorderThatThrowsIsCalledNoMore() {
        int[] calls = {0};
        sampler.attach((operation, chain, tier, nanos) -> {
            calls[0]++;
            throw new IllegalStateException("scripted");
        });
        failOnce();
        assertThat(calls[0]).isEqualTo(1);
        sampler.attach((operation, chain, tier, nanos) -> {
            calls[0]++;
            throw new AssertionError("scripted");
        });
        failOnce();
        assertThat(calls[0]).isEqualTo(2);
        sampler.attach(recorder); // another can take its place
        long begun = beginAt(1);
        times.add(2L);
        sampler.end(begun, Operation.PUT, "heap");
        assertThat(heard).hasSize(1);
    }

    private void failOnce() {
        long begun = beginAt(1);
        times.add(2L);
        sampler.end(begun, Operation.PUT, "heap"); // does not throw
        assertThat(sampler.begin()).isEqualTo(Sampler.NOT_SAMPLED);
    }

    @Test
    void aRecorderThatThrowsTakesNotItsSuccessorWithIt() {
        sampler.attach((operation, chain, tier, nanos) -> {
            sampler.attach(recorder);
            throw new IllegalStateException("scripted");
        });
        long begun = beginAt(1);
        times.add(2L);
        sampler.end(begun, Operation.PUT, "heap");
        begun = beginAt(3);
        times.add(5L);
        sampler.end(begun, Operation.PUT, "heap");
        assertThat(heard).containsExactly(new Sample(Operation.PUT, "cold", "heap", 2));
    }

    @Test
    void anOperationWhoseRecorderIsDetachedMeanwhileIsNotHeardOf() {
        sampler.attach(recorder);
        long begun = beginAt(1);
        sampler.attach(Recorder.disabled());
        times.add(2L);
        sampler.end(begun, Operation.PUT, "heap");
        assertThat(heard).isEmpty();
    }
}
