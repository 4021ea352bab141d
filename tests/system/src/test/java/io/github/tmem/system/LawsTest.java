package io.github.tmem.system;

import static io.github.tmem.kit.Aside.join;
import static io.github.tmem.kit.Aside.start;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tmem.api.EphemeralPool;
import io.github.tmem.api.GetMode;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PageLostException;
import io.github.tmem.api.PagePool;
import io.github.tmem.api.PageUnavailableException;
import io.github.tmem.api.PersistentPool;
import io.github.tmem.api.PutResult;
import io.github.tmem.api.Refusal;
import io.github.tmem.api.config.FullAction;
import io.github.tmem.api.stats.PoolStats;
import io.github.tmem.api.stats.TierStats;
import io.github.tmem.kit.Race;
import io.github.tmem.kit.backend.Link;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The laws of order and survival, L1 to L5, each on the narrowest interleaving that could break it. Every race is forced by stopping a backend call;
 * {@code docs/coherence.md} says which line of the code each test guards.
 */
class LawsTest {
    private static final ObjectId FILE = ObjectId.of(1);

    private static PoolStats stats(PagePool pool) {
        return pool.stats();
    }

    private static TierStats tier(Stage stage, int number) {
        return stage.store().stats().tiers().get(number);
    }

    // ---- L1: put, put, get

    @Test
    void L01_aPutDuringADemotionOfTheOlderPageWins() {
        try (Stage stage = Stage.of(1, 4)) {
            EphemeralPool pool = stage.ephemeral(GetMode.INCLUSIVE);
            stage.put(pool, FILE, 0, 1);
            stage.tier(1).gate().shutForOne("put-done");
            CompletableFuture<Boolean> demoting = start(() -> stage.put(pool, FILE, 1, 1)); // pushes page 0 down
            stage.tier(1).gate().awaitArrival("put-done");
            assertThat(stage.put(pool, FILE, 0, 2)).isTrue();
            stage.tier(1).gate().open("put-done");
            assertThat(join(demoting)).isTrue();
            assertThat(stage.get(pool, FILE, 0)).isEqualTo(2);
            assertThat(stage.copies()).as("one copy a page").isEqualTo(2);
        }
    }

    @Test
    void L01_ofTwoOverlappingPutsTheLaterStampStays() {
        try (Stage stage = Stage.of(4)) {
            EphemeralPool pool = stage.ephemeral(GetMode.INCLUSIVE);
            stage.tier(0).gate().shutForOne("put-done");
            CompletableFuture<Boolean> first = start(() -> stage.put(pool, FILE, 0, 1));
            stage.tier(0).gate().awaitArrival("put-done");
            assertThat(stage.put(pool, FILE, 0, 2)).isTrue();
            stage.tier(0).gate().open("put-done");
            assertThat(join(first)).as("it came before the other").isTrue();
            assertThat(stage.get(pool, FILE, 0)).isEqualTo(2);
            assertThat(stage.copies()).isEqualTo(1);
            assertThat(stats(pool).replaced()).isEqualTo(1);
        }
    }

    // ---- L2: get, get

    @Test
    void L02_aTierThatDidNotAnswerCannotBringThePageBack() {
        try (Stage stage = Stage.of(1)) {
            EphemeralPool pool = stage.ephemeral(GetMode.INCLUSIVE);
            stage.put(pool, FILE, 0, 1);
            stage.tier(0).link(Link.DOWN);
            assertThat(stage.get(pool, FILE, 0)).isZero();
            stage.tier(0).link(Link.UP);
            assertThat(stage.get(pool, FILE, 0)).isZero();
            assertThat(stats(pool).dropped()).isEqualTo(1);
        }
    }

    // ---- L3: reject means gone

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void L03_aRefusedPutLeavesNoOlderPage(boolean persistent) {
        try (Stage stage = Stage.of(Stage.whenFull(FullAction.FORWARD, FullAction.FORWARD), 1, 1)) {
            PagePool pool = persistent ? stage.persistent(GetMode.INCLUSIVE) : stage.ephemeral(GetMode.INCLUSIVE);
            stage.put(pool, FILE, 0, 1);
            stage.put(pool, FILE, 1, 1);
            assertThat(stage.copies(0)).isEqualTo(1);
            assertThat(stage.copies(1)).isEqualTo(1);
            stage.tier(0).link(Link.DOWN);
            stage.tier(1).link(Link.DOWN);
            PutResult result = pool.put(FILE, 1, Stage.page(FILE, 1, 2));
            assertThat(result.stored()).isFalse();
            stage.tier(0).link(Link.UP);
            stage.tier(1).link(Link.UP);
            assertThat(stage.get(pool, FILE, 1)).isZero();
            assertThat(pool.contains(FILE, 1)).isFalse();
            assertThat(stage.get(pool, FILE, 0)).isEqualTo(1);
            assertThat(stats(pool).refusedTotal()).isEqualTo(1);
        }
    }

    @Test
    void L03_aPutWhoseAnswerIsLostIsRefusedAndItsCopyReclaimed() {
        try (Stage stage = Stage.of(2)) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            stage.put(pool, FILE, 0, 1);
            stage.tier(0).link(Link.ANSWERS_LOST);
            PutResult result = pool.put(FILE, 0, Stage.page(FILE, 0, 2));
            assertThat(result.refusal()).isEqualTo(Refusal.UNAVAILABLE);
            stage.tier(0).link(Link.UP);
            assertThat(stage.get(pool, FILE, 0)).isZero();
            stage.verify();
            assertThat(stage.copies()).as("the copy nobody knows of is freed").isZero();
            assertThat(tier(stage, 0).usedBytes()).isZero();
        }
    }

    // ---- L4: flush is total

    @ParameterizedTest
    @ValueSource(strings = {"0.get", "0.get-done", "1.put", "1.put-done"})
    void L04_aFlushDuringADemotionReachesBothTiers(String point) {
        int tier = point.charAt(0) - '0';
        String step = point.substring(2);
        try (Stage stage = Stage.of(1, 4)) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            EphemeralPool clean = stage.ephemeral(GetMode.INCLUSIVE);
            stage.put(clean, FILE, 0, 1);
            stage.tier(tier).gate().shut(step);
            CompletableFuture<Boolean> pushing = start(() -> stage.put(clean, FILE, 1, 1));
            stage.tier(tier).gate().awaitArrival(step);
            assertThat(clean.flush(FILE, 0)).isTrue();
            stage.tier(tier).gate().open(step);
            assertThat(join(pushing)).isTrue();
            assertThat(stage.get(clean, FILE, 0)).isZero();
            assertThat(stage.copies()).isEqualTo(1);
            assertThat(pool.pageCount()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"put", "put-done"})
    void L04_flushObjectEndsAPutInFlight(String step) {
        try (Stage stage = Stage.of(4)) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            stage.put(pool, FILE, 7, 1); // so that the object exists
            stage.tier(0).gate().shut(step);
            CompletableFuture<Boolean> putting = start(() -> stage.put(pool, FILE, 0, 1));
            stage.tier(0).gate().awaitArrival(step);
            assertThat(pool.flushObject(FILE)).isEqualTo(1);
            stage.tier(0).gate().open(step);
            assertThat(join(putting)).as("it came before the flush").isTrue();
            assertThat(stage.get(pool, FILE, 0)).isZero();
            assertThat(stage.copies()).isZero();
            assertThat(stats(pool).flushed()).isEqualTo(2);
        }
    }

    @Test
    void L04_aPoolThatIsDestroyedTakesAPutInFlightWithIt() {
        try (Stage stage = Stage.of(4)) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            stage.tier(0).gate().shut("put-done");
            CompletableFuture<Boolean> putting = start(() -> stage.put(pool, FILE, 0, 1));
            stage.tier(0).gate().awaitArrival("put-done");
            pool.close();
            PersistentPool again = stage.store().persistent(pool.name());
            stage.tier(0).gate().open("put-done");
            assertThat(join(putting)).isTrue();
            assertThat(stage.get(again, FILE, 0)).isZero();
            assertThat(stage.copies()).isZero();
            again.close();
        }
    }

    @Test
    void L04_aReaderOnItsWayDoesNotDeliverWhatWasFlushedAndPutAgain() {
        try (Stage stage = Stage.of(4)) {
            EphemeralPool pool = stage.ephemeral(GetMode.INCLUSIVE);
            stage.put(pool, FILE, 0, 1);
            stage.tier(0).gate().shut("get-done");
            CompletableFuture<Long> reading = start(() -> stage.get(pool, FILE, 0));
            stage.tier(0).gate().awaitArrival("get-done");
            pool.flush(FILE, 0);
            stage.put(pool, FILE, 0, 2);
            stage.tier(0).gate().open("get-done");
            assertThat(join(reading)).isEqualTo(2);
        }
    }

    @Test
    void L04_anObjectThatBecameEmptyIsNotFlushed() {
        try (Stage stage = Stage.of(4)) {
            PersistentPool pool = stage.persistent(GetMode.EXCLUSIVE);
            stage.put(pool, FILE, 0, 1);
            stage.tier(0).gate().shut("put-done");
            CompletableFuture<Boolean> putting = start(() -> stage.put(pool, FILE, 1, 1));
            stage.tier(0).gate().awaitArrival("put-done");
            assertThat(stage.get(pool, FILE, 0)).isEqualTo(1); // the object is empty now, its number retired
            stage.tier(0).gate().open("put-done");
            assertThat(join(putting)).isTrue();
            assertThat(stage.get(pool, FILE, 1)).isEqualTo(1);
        }
    }

    @Test
    void L04_aPutUnderARetiredNumberDoesNotGoOnInADestroyedPool() {
        try (Stage stage = Stage.of(4)) {
            PersistentPool pool = stage.persistent(GetMode.EXCLUSIVE);
            stage.put(pool, FILE, 0, 1);
            stage.tier(0).gate().shut("put-done");
            CompletableFuture<Boolean> putting = start(() -> stage.put(pool, FILE, 1, 1));
            stage.tier(0).gate().awaitArrival("put-done");
            assertThat(stage.get(pool, FILE, 0)).isEqualTo(1); // the number retires: destroy will not find it
            pool.close();
            stage.tier(0).gate().open("put-done");
            assertThat(join(putting)).isTrue();
            assertThat(stage.copies()).isZero();
        }
    }

    // ---- L5: a persistent page stays

    @ParameterizedTest
    @ValueSource(strings = {"0.get", "0.get-done", "1.put", "1.put-done", "0.flush", "0.flush-done"})
    void L05_aPersistentPageCanBeReadAtEveryStepOfAMove(String point) {
        int tier = point.charAt(0) - '0';
        String step = point.substring(2);
        try (Stage stage = Stage.of(Stage.whenFull(FullAction.DEMOTE, FullAction.DEMOTE), 1, 4)) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            stage.put(pool, FILE, 0, 1);
            stage.tier(tier).gate().shut(step);
            CompletableFuture<Boolean> pushing = start(() -> stage.put(pool, FILE, 1, 1));
            stage.tier(tier).gate().awaitArrival(step);
            CompletableFuture<Long> reading = start(() -> stage.get(pool, FILE, 0));
            if (!step.startsWith("get")) {
                assertThat(join(reading)).isEqualTo(1);
            }
            stage.tier(tier).gate().open(step);
            assertThat(join(reading)).isEqualTo(1);
            assertThat(join(pushing)).isTrue();
            assertThat(stage.copies(1)).isEqualTo(1);
            assertThat(stage.get(pool, FILE, 0)).isEqualTo(1);
        }
    }

    @Test
    void L05_anUnreachablePageIsUnavailableNotMissing() {
        try (Stage stage = Stage.of(1)) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            stage.put(pool, FILE, 0, 1);
            stage.tier(0).link(Link.DOWN);
            assertThatThrownBy(() -> stage.get(pool, FILE, 0)).isInstanceOf(PageUnavailableException.class);
            stage.tier(0).link(Link.UP);
            assertThat(stage.get(pool, FILE, 0)).isEqualTo(1);
            assertThat(stats(pool).unavailable()).isEqualTo(1);
        }
    }

    @Test
    void L05_aLostPageStaysLostUntilPutOrFlush() {
        try (Stage stage = Stage.of(2)) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            stage.put(pool, FILE, 0, 1);
            stage.put(pool, FILE, 1, 1);
            stage.tier(0).restart(java.util.Map.of());
            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(() -> stage.get(pool, FILE, 0)).isInstanceOf(PageLostException.class);
            }
            assertThat(pool.contains(FILE, 0)).isTrue();
            assertThat(stage.put(pool, FILE, 0, 2)).isTrue();
            assertThat(stage.get(pool, FILE, 0)).isEqualTo(2);
            assertThatThrownBy(() -> stage.get(pool, FILE, 1)).isInstanceOf(PageLostException.class);
            assertThat(pool.flush(FILE, 1)).isTrue();
            assertThat(stage.get(pool, FILE, 1)).isZero();
            assertThat(stats(pool).lost()).isEqualTo(2);
            assertThat(tier(stage, 0).lost()).isEqualTo(2);
        }
    }

    @Test
    void L05_anOverwriteAtAFullChainIsNeverAMissInBetween() {
        try (Stage stage = Stage.of(1)) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            stage.put(pool, FILE, 0, 1);
            stage.tier(0).gate().shut("flush-done"); // the old copy is gone, the new one not yet stored
            CompletableFuture<Boolean> putting = start(() -> stage.put(pool, FILE, 0, 2));
            stage.tier(0).gate().awaitArrival("flush-done");
            assertThat(stage.copies()).isZero();
            AtomicReference<Thread> reader = new AtomicReference<>();
            CompletableFuture<Long> reading = start(() -> {
                reader.set(Thread.currentThread());
                return stage.get(pool, FILE, 0);
            });
            Race.until(() -> reading.isDone() || isParked(reader.get()));
            assertThat(pool.contains(FILE, 0)).isTrue();
            assertThat(reading).as("it has looked, and waits").isNotDone();
            stage.tier(0).gate().open("flush-done");
            assertThat(join(putting)).isTrue();
            assertThat(join(reading)).isEqualTo(2);
        }
    }

    private static boolean isParked(@Nullable Thread thread) {
        return thread != null && thread.getState() == Thread.State.TIMED_WAITING;
    }

    @Test
    void aGetOfAnEphemeralPageDoesNotWaitForItsOverwrite() {
        try (Stage stage = Stage.of(Stage.whenFull(FullAction.FORWARD, FullAction.FORWARD), 1)) {
            EphemeralPool pool = stage.ephemeral(GetMode.INCLUSIVE);
            stage.put(pool, FILE, 0, 1);
            stage.tier(0).gate().shut("flush-done"); // the old copy is gone, the new one not yet stored
            CompletableFuture<Boolean> putting = start(() -> stage.put(pool, FILE, 0, 2));
            stage.tier(0).gate().awaitArrival("flush-done");
            assertThat(join(start(() -> stage.get(pool, FILE, 0)))).isZero();
            stage.tier(0).gate().open("flush-done");
            assertThat(join(putting)).isTrue();
            assertThat(stage.get(pool, FILE, 0)).isEqualTo(2);
        }
    }

    @Test
    void L04_aFlushDuringAnOverwriteAtAFullChainSaysThatThereWasAPage() {
        try (Stage stage = Stage.of(1)) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            stage.put(pool, FILE, 0, 1);
            stage.tier(0).gate().shut("flush-done"); // the old copy is gone, the new one not yet stored
            CompletableFuture<Boolean> putting = start(() -> stage.put(pool, FILE, 0, 2));
            stage.tier(0).gate().awaitArrival("flush-done");
            assertThat(pool.contains(FILE, 0)).isTrue();
            assertThat(pool.flush(FILE, 0)).isTrue(); // so the put comes after, or the key had no page in between
            assertThat(pool.flush(FILE, 0)).isFalse();
            stage.tier(0).gate().open("flush-done");
            assertThat(join(putting)).isTrue();
            assertThat(stage.get(pool, FILE, 0)).isEqualTo(2);
        }
    }

    /** The older page was replaced, and the newer one is not there yet: neither is one that the flush found. */
    @Test
    void L04_aFlushOfTheObjectDuringAnOverwriteAtAFullChainCountsNoPageTwice() {
        try (Stage stage = Stage.of(1)) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            stage.put(pool, FILE, 0, 1);
            stage.tier(0).gate().shut("flush-done"); // the old copy is gone, the new one not yet stored
            CompletableFuture<Boolean> putting = start(() -> stage.put(pool, FILE, 0, 2));
            stage.tier(0).gate().awaitArrival("flush-done");
            assertThat(pool.flushObject(FILE)).isZero();
            stage.tier(0).gate().open("flush-done");
            assertThat(join(putting)).as("it came before the flush").isTrue();
            assertThat(stage.get(pool, FILE, 0)).isZero();
            assertThat(stage.copies()).isZero();
            assertThat(stats(pool).replaced()).isEqualTo(1);
            assertThat(stats(pool).flushed()).isEqualTo(1);
        }
    }

    @Test
    void L05_anOverwriteAtAFullDirectoryTakesTheOlderEntry() {
        try (Stage stage = Stage.withDirectory("1B", 100)) { // the least there is: 64 entries
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            for (int i = 0; i < 64; i++) {
                assertThat(stage.put(pool, FILE, i, 1)).isTrue();
            }
            assertThat(pool.put(FILE, 64, Stage.page(FILE, 64, 1)).refusal()).isEqualTo(Refusal.DIRECTORY_FULL);
            assertThat(stage.put(pool, FILE, 5, 2)).isTrue();
            assertThat(stage.get(pool, FILE, 5)).isEqualTo(2);
            assertThat(stage.get(pool, FILE, 63)).isEqualTo(1);
            assertThat(pool.pageCount()).isEqualTo(64);
        }
    }
}
