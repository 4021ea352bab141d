package io.github.tmem.tiering.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChainTest {
    private final List<Integer> done = new ArrayList<>();

    private Runnable step(int number) {
        return () -> done.add(number);
    }

    private static Runnable failing(Throwable failure) {
        return () -> {
            if (failure instanceof Error error) {
                throw error;
            }
            throw (RuntimeException) failure;
        };
    }

    @Test
    void allStepsRunWhenNoneFails() {
        Chain.runAll(List.of(step(1), step(2)));
        assertThat(done).containsExactly(1, 2);
    }

    @Test
    void theFirstFailureIsThrownAndTheOthersGoWithIt() {
        RuntimeException first = new IllegalStateException("first");
        Error second = new AssertionError("second");
        List<Runnable> steps = List.of(step(1), failing(first), step(2), failing(second), step(3));
        assertThatThrownBy(() -> Chain.runAll(steps)).isSameAs(first);
        assertThat(first.getSuppressed()).containsExactly(second);
        assertThat(done).containsExactly(1, 2, 3);
    }

    @Test
    void anErrorIsThrownAsItIs() {
        Error first = new AssertionError("first");
        assertThatThrownBy(() -> Chain.runAll(List.of(failing(first), step(1)))).isSameAs(first);
        assertThat(done).containsExactly(1);
    }
}
