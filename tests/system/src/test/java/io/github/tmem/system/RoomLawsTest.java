package io.github.tmem.system;

import static io.github.tmem.kit.Aside.join;
import static io.github.tmem.kit.Aside.start;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.EphemeralPool;
import io.github.tmem.api.GetMode;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PersistentPool;
import io.github.tmem.api.PutResult;
import io.github.tmem.api.Refusal;
import io.github.tmem.api.config.FullAction;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.api.stats.PoolStats;
import io.github.tmem.kit.Pages;
import io.github.tmem.kit.Race;
import io.github.tmem.kit.backend.KeyedTestBackend;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/**
 * The laws of room and counts, L9 to L11, each on the narrowest interleaving that could break it. Every race is forced by
 * stopping a backend call; {@code docs/coherence.md} says which line of the code each test guards.
 */
class RoomLawsTest {
    private static final ObjectId FILE = ObjectId.of(1);
    private static final ObjectId OTHER = ObjectId.of(2);

    // ---- L9: persistent before ephemeral

    @Test
    void L09_persistentPagesTakeTheRoomOfEphemeralOnesAndNeverTheReverse() {
        try (Stage stage = Stage.of(Stage.whenFull(FullAction.EVICT, FullAction.FORWARD), 8)) {
            EphemeralPool clean = stage.ephemeral(GetMode.INCLUSIVE);
            PersistentPool dirty = stage.persistent(GetMode.INCLUSIVE);
            for (int i = 0; i < 20; i++) {
                stage.put(clean, FILE, i, 1);
            }
            for (int i = 0; i < 8; i++) {
                assertThat(stage.put(dirty, OTHER, i, 1)).as("page %d", i).isTrue();
            }
            assertThat(clean.pageCount()).isZero();
            assertThat(dirty.put(OTHER, 8, Stage.page(OTHER, 8, 1)).refusal()).isEqualTo(Refusal.FULL);
            assertThat(clean.put(FILE, 0, Stage.page(FILE, 0, 2)).refusal()).isEqualTo(Refusal.FULL);
            for (int i = 0; i < 8; i++) {
                assertThat(stage.get(dirty, OTHER, i)).isEqualTo(1);
            }
        }
    }

    @Test
    void L09_roomMadeForAPersistentPageIsNotTakenByAnEphemeralOne() {
        try (Stage stage = Stage.of(Stage.whenFull(FullAction.EVICT, FullAction.FORWARD), 1)) {
            EphemeralPool small = smallPages(stage);
            PersistentPool dirty = stage.persistent(GetMode.INCLUSIVE);
            for (int i = 0; i < 8; i++) {
                assertThat(small.put(FILE, i, noise(i)).stored()).isTrue();
            }
            stage.tier(0).gate().shut("flush-done");
            CompletableFuture<Boolean> persistent = start(() -> stage.put(dirty, OTHER, 0, 1)); // needs all eight
            stage.tier(0).gate().awaitArrival("flush-done");
            stage.tier(0).gate().passOne("flush-done");
            Race.until(() -> stage.stats(0).usedBytes() == 7 * 512); // the room of one is free, of another about to be
            assertThat(small.put(FILE, 9, noise(9)).refusal()).isEqualTo(Refusal.FULL);
            stage.tier(0).gate().open("flush-done");
            assertThat(join(persistent)).isTrue();
            small.close();
        }
    }

    private static EphemeralPool smallPages(Stage stage) {
        return (EphemeralPool) stage.store()
                .pool(PoolConfig.ephemeral("small").withPageSize(512).withGetMode(GetMode.INCLUSIVE));
    }

    private static byte[] noise(long seed) {
        return Pages.noise(seed + 1, 512);
    }

    // ---- L10: hard budgets

    @Test
    void L10_anEphemeralPutPushesOutTwoPagesAtMost() {
        try (Stage stage = Stage.of(Stage.whenFull(FullAction.EVICT, FullAction.FORWARD), 2)) {
            EphemeralPool small = smallPages(stage);
            EphemeralPool large = stage.ephemeral(GetMode.INCLUSIVE);
            for (int i = 0; i < 16; i++) {
                assertThat(small.put(FILE, i, noise(i)).stored()).isTrue();
            }
            PutResult result = large.put(OTHER, 0, Stage.page(OTHER, 0, 1));
            assertThat(result.refusal()).as("eight pages would have to go").isEqualTo(Refusal.FULL);
            assertThat(small.stats().evicted()).isEqualTo(2);
            small.close();
        }
    }

    @Test
    void L10_aTierNeverHoldsMoreThanItsCapacity() {
        try (Stage stage = Stage.of(3, 2)) {
            EphemeralPool clean = stage.ephemeral(GetMode.INCLUSIVE);
            PersistentPool dirty = stage.persistent(GetMode.INCLUSIVE);
            for (int i = 0; i < 200; i++) {
                stage.put(i % 3 == 0 ? dirty : clean, FILE, i % 40, i + 1);
                assertThat(stage.stats(0).usedBytes()).isLessThanOrEqualTo(3L * Stage.PAGE);
                assertThat(stage.stats(1).usedBytes()).isLessThanOrEqualTo(2L * Stage.PAGE);
            }
        }
    }

    /** The engine itself would take ten pages: it is the tier that counts two, from before a copy is sent. */
    @Test
    void L10_roomIsReservedBeforeACopyIsSent() {
        try (Stage stage = Stage.over(
                tier -> Stage.withCapacity(tier, 2 * Stage.PAGE), KeyedTestBackend.local(10L * Stage.PAGE))) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            stage.put(pool, FILE, 0, 1);
            stage.tier(0).gate().shutForOne("put");
            CompletableFuture<Boolean> last = start(() -> stage.put(pool, FILE, 1, 1));
            stage.tier(0).gate().awaitArrival("put"); // it has the last room, and nothing there yet
            assertThat(stage.copies()).isEqualTo(1);
            assertThat(pool.put(FILE, 2, Stage.page(FILE, 2, 1)).refusal()).isEqualTo(Refusal.FULL);
            stage.tier(0).gate().open("put");
            assertThat(join(last)).isTrue();
            assertThat(pool.put(FILE, 2, Stage.page(FILE, 2, 1)).refusal()).isEqualTo(Refusal.FULL);
            assertThat(stage.copies()).isEqualTo(2);
        }
    }

    // ---- L11: every outcome is visible

    @Test
    void L11_everyPageIsAccountedFor() {
        try (Stage stage = Stage.of(2, 2)) {
            EphemeralPool pool = stage.ephemeral(GetMode.EXCLUSIVE);
            for (int i = 0; i < 10; i++) {
                stage.put(pool, FILE, i, 1);
            }
            stage.put(pool, FILE, 9, 2);
            assertThat(stage.get(pool, FILE, 9)).isEqualTo(2);
            pool.flush(FILE, 8);
            PoolStats stats = pool.stats();
            assertThat(stats.stored() + stats.refusedTotal()).isEqualTo(11);
            assertThat(stats.stored())
                    .isEqualTo(stats.pages()
                            + stats.flushed()
                            + stats.evicted()
                            + stats.taken()
                            + stats.replaced()
                            + stats.lost()
                            + stats.dropped());
            assertThat(stats.taken()).isEqualTo(1);
            assertThat(stats.replaced()).isEqualTo(1);
            assertThat(stats.flushed()).isEqualTo(1);
            assertThat(stage.stats(0).demotedOut())
                    .isEqualTo(stage.stats(1).demotedIn())
                    .isPositive();
            assertThat(stage.stats(0).evicted() + stage.stats(1).evicted()).isEqualTo(stats.evicted());
        }
    }
}
