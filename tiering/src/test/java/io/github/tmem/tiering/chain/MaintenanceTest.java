package io.github.tmem.tiering.chain;

import io.github.tmem.kit.Race;
import java.util.concurrent.atomic.AtomicInteger;
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
}
