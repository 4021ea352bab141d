package io.github.tmem.tiering.chain;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.kit.LogLines;
import io.github.tmem.kit.Race;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Level;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class MaintenanceTest {
    private final AtomicInteger passes = new AtomicInteger();

    @Test
    void aPassThatFailedIsTriedAgainByItself() {
        try (Maintenance maintenance = new Maintenance()) {
            maintenance.add(() -> {
                if (passes.incrementAndGet() == 1) {
                    throw new IllegalStateException("as the test wants it");
                }
                return false;
            });
            maintenance.start();
            Race.until(() -> passes.get() > 1);
        }
    }

    @Test
    void aPassThatIsUnfinishedIsGoneOnWithByItself() {
        try (Maintenance maintenance = new Maintenance()) {
            maintenance.add(() -> passes.incrementAndGet() < 3);
            maintenance.start();
            Race.until(() -> passes.get() == 3);
        }
    }

    @Test
    void aPassThatLeavesNothingIsNotRepeatedUntilItIsAskedFor() {
        try (Maintenance maintenance = new Maintenance()) {
            AtomicReference<Thread> background = new AtomicReference<>();
            maintenance.add(() -> {
                background.set(Thread.currentThread());
                passes.incrementAndGet();
                return false;
            });
            maintenance.start();
            Race.until(() -> background.get() != null && background.get().getState() == Thread.State.WAITING);
            assertThat(passes).hasValue(1);
            maintenance.wake();
            Race.until(() -> passes.get() == 2);
        }
    }

    /** Of passes that fail one after the other only the first is an error to whoever reads the log. */
    @Test
    void aFailureIsSaidAloudOnceUntilAPassDoesNotFail() {
        try (LogLines log = LogLines.of(Maintenance.class.getName());
                Maintenance maintenance = new Maintenance()) {
            maintenance.add(() -> {
                int pass = passes.incrementAndGet();
                if (pass == 3) {
                    return true;
                } else if (pass == 6) {
                    return false;
                }
                throw new IllegalStateException("as the test wants it");
            });
            maintenance.start();
            Race.until(() -> passes.get() == 6);
            assertThat(log.levels()).containsExactly(Level.SEVERE, Level.FINE, Level.SEVERE, Level.FINE);
            assertThat(log.lines()).allMatch(line -> line.contains("a maintenance pass failed"));
        }
    }
}
