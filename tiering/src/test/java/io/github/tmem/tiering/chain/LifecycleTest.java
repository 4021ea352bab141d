package io.github.tmem.tiering.chain;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.kit.Race;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LifecycleTest {
    private final Lifecycle lifecycle = new Lifecycle();

    /** Begins an operation with another ticket than this, as soon as there is one. */
    private int enterOtherThan(int ticket) {
        AtomicInteger entered = new AtomicInteger();
        Race.until(() -> {
            entered.set(lifecycle.enter());
            if (entered.get() == ticket) {
                lifecycle.leave(ticket);
            }
            return entered.get() != ticket;
        });
        return entered.get();
    }

    /** It looks at both phases in turn; who begins while it looks at the second is none of its business. */
    @Test
    void whoSettlesWaitsForThoseUnderWayAndNotForThoseThatBeginMeanwhile() {
        int first = lifecycle.enter();
        Thread settling = Thread.ofPlatform().daemon().start(lifecycle::settle);
        int second = enterOtherThan(first);
        assertThat(settling.isAlive()).isTrue();
        lifecycle.leave(first);
        int third = enterOtherThan(second);
        assertThat(third).isEqualTo(first);
        assertThat(settling.isAlive()).isTrue();
        lifecycle.leave(second);
        Race.until(() -> !settling.isAlive());
        lifecycle.leave(third);
    }

    @Test
    void whoClosesWaitsForThoseUnderWayAndNobodyComesIn() {
        int first = lifecycle.enter();
        Thread closing = Thread.ofPlatform().daemon().start(lifecycle::close);
        Race.until(lifecycle::isClosed);
        assertThat(lifecycle.enter()).isEqualTo(Lifecycle.CLOSED);
        assertThat(closing.isAlive()).isTrue();
        lifecycle.leave(first);
        Race.until(() -> !closing.isAlive());
        assertThat(lifecycle.close()).as("a second time").isFalse();
    }
}
