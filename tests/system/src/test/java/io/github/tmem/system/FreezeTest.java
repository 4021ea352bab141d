package io.github.tmem.system;

import static io.github.tmem.kit.Aside.join;
import static io.github.tmem.kit.Aside.start;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.EphemeralPool;
import io.github.tmem.api.GetMode;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PagePool;
import io.github.tmem.api.PersistentPool;
import io.github.tmem.api.PutResult;
import io.github.tmem.api.Refusal;
import io.github.tmem.kit.Race;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Pools that are frozen and thawed. */
class FreezeTest {
    private static final ObjectId FILE = ObjectId.of(1);

    private static PutResult put(PagePool pool, long index, long version) {
        return pool.put(FILE, index, Stage.page(FILE, index, version));
    }

    @ParameterizedTest
    @EnumSource
    void aFrozenPoolTakesNothingAndForgetsAsEver(GetMode mode) {
        try (Stage stage = Stage.of(8)) {
            PersistentPool pool = stage.persistent(mode);
            PersistentPool other = stage.persistent(mode);
            for (int index = 0; index < 4; index++) {
                put(pool, index, 1);
            }
            pool.transfer().freeze();
            assertThat(pool.transfer().isFrozen()).isTrue();
            assertThat(put(pool, 0, 2).refusal()).isEqualTo(Refusal.FROZEN);
            assertThat(put(pool, 4, 2).refusal()).isEqualTo(Refusal.FROZEN);
            assertThat(pool.put(FILE, 5, new byte[Stage.PAGE]).refusal()).isEqualTo(Refusal.FROZEN);
            assertThat(pool.flush(FILE, 1)).isTrue();
            assertThat(stage.get(pool, FILE, 0)).as("the older page").isZero();
            assertThat(stage.get(pool, FILE, 2)).isEqualTo(1);
            assertThat(pool.contains(FILE, 2)).isEqualTo(mode == GetMode.INCLUSIVE);
            assertThat(put(other, 0, 1).stored()).as("another pool").isTrue();
            assertThat(pool.stats().refused()).containsEntry(Refusal.FROZEN, 3L);
            assertThat(stage.stats(0).frozen())
                    .as("puts that a frozen tier refused")
                    .isZero();
            stage.verify();
            pool.transfer().thaw();
            assertThat(pool.transfer().isFrozen()).isFalse();
            assertThat(put(pool, 0, 3).stored()).isTrue();
            assertThat(stage.get(pool, FILE, 0)).isEqualTo(3);
            assertThat(stage.get(pool, FILE, 3)).isEqualTo(1);
        }
    }

    @Test
    void everyWayOfPuttingMeetsIt() {
        try (Stage stage = Stage.aboveSlow(2, 8)) {
            EphemeralPool pool = stage.ephemeral(GetMode.INCLUSIVE);
            long token = pool.fillToken(FILE, 0);
            MemorySegment two = MemorySegment.ofArray(new byte[2 * Stage.PAGE]);
            pool.transfer().freeze();
            assertThat(pool.putAll(FILE, new long[] {0, 1}, two))
                    .extracting(PutResult::refusal)
                    .containsOnly(Refusal.FROZEN);
            assertThat(join(pool.async()
                            .putAllAsync(FILE, new long[] {0, 1}, two)
                            .toCompletableFuture()))
                    .extracting(PutResult::refusal)
                    .containsOnly(Refusal.FROZEN);
            assertThat(pool.put(FILE, 7, new byte[Stage.PAGE], pool.fillToken(FILE, 7))
                            .refusal())
                    .isEqualTo(Refusal.FROZEN);
            assertThat(pool.put(FILE, 0, new byte[Stage.PAGE], token).refusal()).isEqualTo(Refusal.OUTDATED);
            byte[] buffer = new byte[Stage.PAGE];
            assertThat(pool.getOrFill(FILE, 8, buffer, destination -> destination.fill((byte) 5)))
                    .isFalse();
            assertThat(buffer).containsOnly(5);
            assertThat(pool.pageCount()).isZero();
        }
    }

    /** The put has looked whether it is welcome, and is in the middle of storing its page. */
    @Test
    void freezeWaitsForPutsThatBeganBefore() {
        try (Stage stage = Stage.of(8)) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            stage.tier(0).gate().shutForOne("put-done");
            CompletableFuture<PutResult> putting = start(() -> put(pool, 0, 1));
            stage.tier(0).gate().awaitArrival("put-done");
            AtomicReference<Thread> freezer = new AtomicReference<>();
            CompletableFuture<Boolean> freezing = start(() -> {
                freezer.set(Thread.currentThread());
                pool.transfer().freeze();
                return putting.isDone();
            });
            awaitPark(freezer, freezing);
            assertThat(freezing).isNotDone();
            assertThat(put(pool, 1, 1).refusal()).as("meanwhile").isEqualTo(Refusal.FROZEN);
            stage.tier(0).gate().open("put-done");
            assertThat(join(putting).stored()).isTrue();
            join(freezing);
            assertThat(stage.get(pool, FILE, 0)).isEqualTo(1);
        }
    }

    /** Waits until a thread is parked, or its task has ended. */
    private static void awaitPark(AtomicReference<Thread> thread, CompletableFuture<?> task) {
        Race.until(
                () -> task.isDone() || (thread.get() != null && thread.get().getState() == Thread.State.TIMED_WAITING));
    }
}
