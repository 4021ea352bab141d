package io.github.tmem.system;

import static io.github.tmem.kit.Aside.join;
import static io.github.tmem.kit.Aside.start;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.GetMode;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PagePool;
import io.github.tmem.api.PersistentPool;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Gets whose page changes at every look they take at it: they end, and hold no lock over a backend call. */
class OvertakenGetsTest {
    private static final ObjectId FILE = ObjectId.of(1);
    private static final ObjectId OTHER = ObjectId.of(2);

    /** Puts a page anew at every look a get takes at it, until the get holds the lock. */
    private static final class Reputs {
        private static final int MOST = 40;
        private final Stage stage;
        private final PagePool pool;
        private final AtomicInteger version = new AtomicInteger(1);
        private CompletableFuture<Boolean> last = CompletableFuture.completedFuture(true);

        Reputs(Stage stage, PagePool pool) {
            this.stage = stage;
            this.pool = pool;
            stage.put(pool, FILE, 0, 1);
        }

        /** Returns whether the page changed; a put that does not end soon waits for a lock of the get's. */
        boolean changed() {
            if (version.get() == MOST || !last.isDone()) {
                return false;
            }
            int next = version.incrementAndGet();
            last = start(() -> stage.put(pool, FILE, 0, next));
            try {
                return last.get(1, TimeUnit.SECONDS);
            } catch (TimeoutException waits) {
                return false;
            } catch (InterruptedException | ExecutionException e) {
                throw new AssertionError("the put failed", e);
            }
        }
    }

    @Test
    void noLockIsHeldDuringTheFlushOfACopyTakenAfterManyLooks() {
        try (Stage stage = Stage.of(64)) {
            PersistentPool pool = stage.persistent(GetMode.EXCLUSIVE);
            Reputs reputs = new Reputs(stage, pool);
            stage.put(pool, OTHER, 0, 1);
            stage.hooks(0).at("get-done", () -> {
                if (!reputs.changed()) {
                    stage.tier(0).gate().shut("flush");
                }
            });
            CompletableFuture<Long> taking = start(() -> stage.get(pool, FILE, 0));
            stage.tier(0).gate().awaitArrival("flush");
            assertThat(join(start(() -> pool.contains(OTHER, 0)))).isTrue();
            assertThat(join(start(() -> stage.put(pool, OTHER, 1, 1)))).isTrue();
            stage.tier(0).gate().open("flush");
            assertThat(join(taking)).isPositive();
            assertThat(join(reputs.last)).isTrue();
            assertThat(pool.stats().taken()).isEqualTo(1);
            assertThat(reputs.version).as("many looks").hasValueGreaterThan(16);
        }
    }

    @Test
    void aGetEndsThoughThePageChangesAtEveryLook() {
        try (Stage stage = Stage.of(64)) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            Reputs reputs = new Reputs(stage, pool);
            stage.hooks(0).at("get-done", reputs::changed);
            CompletableFuture<Long> reading = start(() -> stage.get(pool, FILE, 0));
            assertThat(join(reading)).isPositive();
            assertThat(join(reputs.last)).isTrue();
            assertThat(reputs.version).as("it did not wait for the puts to end").hasValueLessThan(Reputs.MOST);
        }
    }
}
