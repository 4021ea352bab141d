package io.github.tmem.system;

import static io.github.tmem.kit.Aside.join;
import static io.github.tmem.kit.Aside.start;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tmem.api.EphemeralPool;
import io.github.tmem.api.GetMode;
import io.github.tmem.api.GetResult;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PageLostException;
import io.github.tmem.api.PersistentPool;
import io.github.tmem.api.PutResult;
import io.github.tmem.api.Refusal;
import io.github.tmem.api.config.FullAction;
import io.github.tmem.api.config.Promotion;
import io.github.tmem.api.live.Evacuated;
import io.github.tmem.api.live.TierChain;
import io.github.tmem.api.stats.PoolStats;
import io.github.tmem.api.stats.TierState;
import io.github.tmem.kit.Race;
import io.github.tmem.kit.backend.Link;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The rules of what becomes of a page, R01 to R10 and R30 to R36 of {@code docs/coherence.md}, each on the case it was made for;
 * {@link FillRulesTest} has R03. Every race is forced by stopping a backend call.
 */
class PageRulesTest {
    private static final ObjectId FILE = ObjectId.of(1);
    private static final ObjectId OTHER = ObjectId.of(2);
    private static final int PAGE = Stage.PAGE;

    // ---- lost or stale data in normal running

    @Test
    void R01_aLateFreeMeetsNoLaterCopyOfTheSamePage() {
        try (Stage stage = Stage.of(tier -> tier.withPromote(Promotion.ALWAYS), 1, 4)) {
            EphemeralPool pool = stage.ephemeral(GetMode.INCLUSIVE);
            stage.put(pool, FILE, 0, 1);
            stage.put(pool, FILE, 1, 1); // page 0 goes down
            assertThat(stage.copies(1)).isEqualTo(1);
            stage.tier(1).link(Link.FLUSHES_LATE);
            pool.flush(FILE, 1); // room above
            assertThat(stage.get(pool, FILE, 0)).as("goes up").isEqualTo(1);
            assertThat(stage.copies(0)).isEqualTo(1);
            stage.tier(1).link(Link.UP);
            stage.verify(); // the free is repeated and answered; the first one is still on its way
            stage.put(pool, FILE, 2, 1); // the same page goes down again, under the same stamp
            assertThat(stage.copies(1)).isEqualTo(1);
            stage.tier(1).deliverLateFlushes();
            assertThat(stage.get(pool, FILE, 0)).isEqualTo(1);
        }
    }

    @Test
    void R04_stampsFollowRealTimeWhicheverThreadPuts() {
        try (Stage stage = Stage.of(4)) {
            EphemeralPool pool = stage.ephemeral(GetMode.INCLUSIVE);
            for (int version = 1; version <= 200; version++) {
                int now = version;
                assertThat(join(start(() -> stage.put(pool, FILE, 0, now)))).isTrue(); // a new thread each time
                assertThat(stage.get(pool, FILE, 0)).isEqualTo(version);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"put", "put-done"})
    void R05_whatChangedWhileItWasReadIsNotDelivered(String step) {
        try (Stage stage = Stage.of(4)) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            stage.put(pool, FILE, 0, 1);
            stage.tier(0).gate().shut(step);
            CompletableFuture<Boolean> putting = start(() -> stage.put(pool, FILE, 0, 2));
            stage.tier(0).gate().awaitArrival(step);
            AtomicInteger reads = new AtomicInteger();
            stage.hooks(0).at("get-done", () -> {
                if (reads.incrementAndGet() == 1) {
                    stage.tier(0).gate().open(step);
                    join(putting);
                }
            });
            assertThat(stage.get(pool, FILE, 0)).isEqualTo(2);
            assertThat(reads).as("looked again").hasValue(2);
        }
    }

    @Test
    void R06_theLoserOfTwoExclusiveGetsTouchesNothing() {
        try (Stage stage = Stage.of(2)) {
            PersistentPool pool = stage.persistent(GetMode.EXCLUSIVE);
            stage.put(pool, FILE, 0, 1);
            stage.tier(0).gate().shutForOne("get-done");
            CompletableFuture<Long> loser = start(() -> stage.get(pool, FILE, 0)); // has read the copy
            stage.tier(0).gate().awaitArrival("get-done");
            assertThat(stage.get(pool, FILE, 0)).isEqualTo(1);
            stage.put(pool, FILE, 1, 1);
            stage.tier(0).gate().open("get-done");
            assertThat(join(loser)).as("and its buffer is as it was").isZero();
            assertThat(stage.get(pool, FILE, 1)).isEqualTo(1);
            assertThat(pool.stats().taken()).isEqualTo(2);
        }
    }

    @Test
    void R07_eachPageOfABatchAsksWhetherItsObjectIsAttached() {
        try (Stage stage = Stage.of(8)) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            stage.put(pool, FILE, 9, 1);
            stage.tier(0).gate().shutForOne("put-done");
            CompletableFuture<List<PutResult>> batch = start(() -> putAll(pool, 1, 0, 1));
            stage.tier(0).gate().awaitArrival("put-done"); // the first of two pages
            assertThat(pool.flushObject(FILE)).isEqualTo(1);
            stage.tier(0).gate().open("put-done");
            assertThat(join(batch)).allMatch(PutResult::stored);
            assertThat(stage.get(pool, FILE, 0)).as("put before the flush").isZero();
            assertThat(stage.get(pool, FILE, 1)).as("put after it").isEqualTo(2);
            assertThat(pool.flushObject(FILE)).isEqualTo(1);
        }
    }

    private static List<PutResult> putAll(PersistentPool pool, long version, long... indexes) {
        MemorySegment pages = MemorySegment.ofArray(new byte[indexes.length * PAGE]);
        for (int i = 0; i < indexes.length; i++) {
            MemorySegment page = MemorySegment.ofArray(Stage.page(FILE, indexes[i], version + i));
            MemorySegment.copy(page, 0, pages, (long) i * PAGE, PAGE);
        }
        return List.of(pool.putAll(FILE, indexes, pages));
    }

    @Test
    void R08_anObjectWhoseLastPageIsFlushedIsNotFlushed() {
        try (Stage stage = Stage.of(4)) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            stage.put(pool, FILE, 0, 1);
            stage.tier(0).gate().shutForOne("put-done");
            CompletableFuture<Boolean> putting = start(() -> stage.put(pool, FILE, 1, 1));
            stage.tier(0).gate().awaitArrival("put-done");
            assertThat(pool.flush(FILE, 0)).isTrue(); // empty, and its number retired
            stage.tier(0).gate().open("put-done");
            assertThat(join(putting)).isTrue();
            assertThat(stage.get(pool, FILE, 1)).isEqualTo(1);
            assertThat(pool.pageCount()).isEqualTo(1);
        }
    }

    @Test
    void R09_lostStaysLostForEveryWayOfAsking() {
        try (Stage stage = Stage.of(4)) {
            PersistentPool pool = stage.persistent(GetMode.EXCLUSIVE);
            stage.put(pool, FILE, 0, 1);
            stage.put(pool, FILE, 1, 1);
            stage.tier(0).restart(Map.of());
            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(() -> stage.get(pool, FILE, 0)).isInstanceOf(PageLostException.class);
                MemorySegment pages = MemorySegment.ofArray(new byte[2 * PAGE]);
                assertThat(pool.getAll(FILE, new long[] {1, 0}, pages)).containsOnly(GetResult.LOST);
                assertThat(pool.contains(FILE, 0)).isTrue();
            }
            assertThat(pool.stats().lostPages()).isEqualTo(2);
            stage.tier(0).link(Link.DOWN);
            assertThat(stage.put(pool, FILE, 0, 2)).isFalse();
            assertThat(stage.get(pool, FILE, 0))
                    .as("a refused put is an end too")
                    .isZero();
            stage.tier(0).link(Link.UP);
        }
    }

    @Test
    void R10_aTimeOutFencesOnlyTheCopyThatWasAskedFor() {
        try (Stage stage = Stage.of(1, 4)) {
            EphemeralPool pool = stage.ephemeral(GetMode.INCLUSIVE);
            stage.put(pool, FILE, 0, 1);
            stage.tier(0).gate().shutForOne("get");
            CompletableFuture<Long> reading = start(() -> stage.get(pool, FILE, 0));
            stage.tier(0).gate().awaitArrival("get");
            assertThat(stage.put(pool, FILE, 1, 1)).as("moves page 0 down").isTrue();
            stage.tier(0).link(Link.DOWN);
            stage.tier(0).gate().open("get"); // the reader gets no answer about a copy that has moved
            assertThat(join(reading)).isEqualTo(1);
            assertThat(stage.get(pool, FILE, 0)).as("it lives below").isEqualTo(1);
            assertThat(stage.get(pool, FILE, 1)).as("nobody answers for it").isZero();
            stage.tier(0).link(Link.UP);
            assertThat(stage.get(pool, FILE, 1)).isZero();
        }
    }

    // ---- puts that throw, tiers that go, pools that are frozen

    @Test
    void R30_onlyArgumentErrorsLeaveTheOlderPage() {
        try (Stage stage = Stage.of(2)) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            stage.put(pool, FILE, 0, 1);
            assertThatThrownBy(() -> pool.put(FILE, 0, new byte[PAGE - 1]))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThat(stage.get(pool, FILE, 0)).isEqualTo(1);
            stage.hooks(0).at("put", () -> {
                throw new IllegalStateException("the medium broke");
            });
            assertThatThrownBy(() -> stage.put(pool, FILE, 0, 2)).isInstanceOf(IllegalStateException.class);
            assertThat(stage.get(pool, FILE, 0)).isZero();
            stage.hooks(0).heal();
            stage.verify();
            assertThat(stage.stats(0).usedBytes()).isZero();
        }
    }

    @Test
    void R32_aFrozenPoolStillForgets() {
        try (Stage stage = Stage.of(8)) {
            PersistentPool pool = stage.persistent(GetMode.EXCLUSIVE);
            for (int index = 0; index < 4; index++) {
                stage.put(pool, FILE, index, 1);
            }
            stage.put(pool, OTHER, 0, 1);
            pool.transfer().freeze();
            assertThat(pool.put(FILE, 0, Stage.page(FILE, 0, 2)).refusal()).isEqualTo(Refusal.FROZEN);
            pool.flush(FILE, 1);
            assertThat(stage.get(pool, FILE, 2)).as("taken").isEqualTo(1);
            pool.flushObject(OTHER);
            assertThat(pool.pageCount()).isEqualTo(1);
            pool.transfer().thaw();
            assertThat(stage.get(pool, FILE, 0)).isZero();
            assertThat(stage.get(pool, FILE, 1)).isZero();
            assertThat(stage.get(pool, FILE, 2)).isZero();
            assertThat(stage.get(pool, FILE, 3)).isEqualTo(1);
            assertThat(stage.get(pool, OTHER, 0)).isZero();
        }
    }

    /** A reader that came before the tier was to go still reads in it: its pages leave, it stays until the reader has left. */
    @Test
    void R31_aTierGoesWhenItsPagesHaveLeftAndThenItsReaders() {
        try (Stage stage = Stage.of(2, 4)) {
            PersistentPool dirty = stage.persistent(GetMode.INCLUSIVE);
            assertThat(stage.put(dirty, FILE, 0, 1)).isTrue();
            TierChain chain = stage.chain();
            String first = chain.tiers().getFirst();
            stage.tier(0).gate().shutForOne("get-done");
            CompletableFuture<Long> get = start(() -> stage.get(dirty, FILE, 0));
            stage.tier(0).gate().awaitArrival("get-done");
            CompletableFuture<Evacuated> detach = start(() -> chain.detach(first));
            Race.until(() -> stage.stats(0).state() == TierState.FROZEN);
            assertThat(stage.put(dirty, FILE, 1, 1)).as("into the other tier").isTrue();
            assertThat(chain.tiers()).contains(first);
            assertThat(detach).isNotDone();
            stage.tier(0).gate().open("get-done");
            assertThat(join(get)).isEqualTo(1);
            assertThat(join(detach).moved()).isEqualTo(1);
            assertThat(chain.tiers()).doesNotContain(first);
            assertThat(stage.get(dirty, FILE, 0)).isEqualTo(1);
        }
    }

    // ---- batches and words

    @Test
    void R34_batchesArePerPageAndTheLastOfDuplicatesWins() {
        try (Stage stage = Stage.of(Stage.whenFull(FullAction.FORWARD, FullAction.FORWARD), 3)) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            List<PutResult> results = putAll(pool, 1, 5, 5, 6, 7, 8);
            assertThat(results.stream().map(PutResult::stored)).containsExactly(true, true, true, true, false);
            assertThat(results.get(4).refusal()).isEqualTo(Refusal.FULL);
            assertThat(stage.get(pool, FILE, 5)).isEqualTo(2);
            MemorySegment pages = MemorySegment.ofArray(new byte[3 * PAGE]);
            assertThat(pool.getAll(FILE, new long[] {7, 8, 5}, pages))
                    .containsExactly(GetResult.HIT, GetResult.MISS, GetResult.HIT);
            assertThat(pages.asSlice(PAGE, PAGE).mismatch(MemorySegment.ofArray(new byte[PAGE])))
                    .as("a miss leaves its part of the buffer")
                    .isEqualTo(-1);
        }
    }

    @Test
    void R36_whatIsOvertakenCountsAsStoredAndAsItsEnd() {
        try (Stage stage = Stage.of(4)) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            stage.put(pool, FILE, 9, 1);
            stage.tier(0).gate().shutForOne("put-done");
            CompletableFuture<Boolean> overtaken = start(() -> stage.put(pool, FILE, 0, 1));
            stage.tier(0).gate().awaitArrival("put-done");
            stage.put(pool, FILE, 0, 2);
            stage.tier(0).gate().open("put-done");
            assertThat(join(overtaken)).isTrue();
            assertThat(counts(pool.stats())).containsExactly(3, 1, 0);
            stage.tier(0).gate().shutForOne("put-done");
            CompletableFuture<Boolean> flushed = start(() -> stage.put(pool, FILE, 1, 1));
            stage.tier(0).gate().awaitArrival("put-done");
            assertThat(pool.flushObject(FILE)).isEqualTo(2);
            stage.tier(0).gate().open("put-done");
            assertThat(join(flushed)).isTrue();
            assertThat(counts(pool.stats())).containsExactly(4, 1, 3);
        }
    }

    private static List<Integer> counts(PoolStats stats) {
        return List.of((int) stats.stored(), (int) stats.replaced(), (int) stats.flushed());
    }
}
