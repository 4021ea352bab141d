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
import io.github.tmem.api.PageStore;
import io.github.tmem.api.PersistentPool;
import io.github.tmem.api.PutResult;
import io.github.tmem.api.Refusal;
import io.github.tmem.api.config.FullAction;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.api.config.Promotion;
import io.github.tmem.api.config.Size;
import io.github.tmem.api.config.TierConfig;
import io.github.tmem.api.live.Evacuated;
import io.github.tmem.api.live.TierChain;
import io.github.tmem.api.stats.PoolStats;
import io.github.tmem.api.stats.TierState;
import io.github.tmem.kit.Pages;
import io.github.tmem.kit.Race;
import io.github.tmem.kit.backend.KeyedTestBackend;
import io.github.tmem.kit.backend.Link;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The rules of a chain that are easy to get wrong, by the numbers that {@code docs/coherence.md} lists them under, each on
 * the case it was made for. Every race is forced by stopping a backend call.
 */
class RulesTest {
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
    void R03_aSlowFillerNeverOverwritesANewerPage() {
        try (Stage stage = Stage.of(4)) {
            EphemeralPool pool = stage.ephemeral(GetMode.INCLUSIVE);
            long token = pool.fillToken(FILE, 0);
            assertThat(stage.get(pool, FILE, 0)).isZero();
            byte[] read = Stage.page(FILE, 0, 1); // from the source, which changes now
            stage.put(pool, FILE, 0, 2);
            assertThat(pool.put(FILE, 0, read, token).refusal()).isEqualTo(Refusal.OUTDATED);
            assertThat(stage.get(pool, FILE, 0)).as("the newer page stays").isEqualTo(2);
            token = pool.fillToken(FILE, 0);
            assertThat(pool.put(FILE, 0, Stage.page(FILE, 0, 3), token).stored())
                    .isTrue();
            assertThat(stage.get(pool, FILE, 0)).isEqualTo(3);
        }
    }

    /** The put is on its way when the fill comes and goes: it began after the token, so its page is the newer one. */
    @Test
    void R03_aPutThatBeganAfterTheTokenComesAfterTheFill() {
        try (Stage stage = Stage.of(4)) {
            EphemeralPool pool = stage.ephemeral(GetMode.INCLUSIVE);
            long token = pool.fillToken(FILE, 0);
            stage.tier(0).gate().shutForOne("put-done");
            CompletableFuture<Boolean> putting = start(() -> stage.put(pool, FILE, 0, 2));
            stage.tier(0).gate().awaitArrival("put-done");
            pool.put(FILE, 0, Stage.page(FILE, 0, 1), token);
            stage.tier(0).gate().open("put-done");
            assertThat(join(putting)).isTrue();
            assertThat(stage.get(pool, FILE, 0)).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"put", "refused put", "flush", "flushObject"})
    void R03_whatHappensWhileTheFillIsOnItsWayOutdatesIt(String change) {
        try (Stage stage = Stage.of(4)) {
            EphemeralPool pool = stage.ephemeral(GetMode.INCLUSIVE);
            long token = pool.fillToken(FILE, 0);
            stage.tier(0).gate().shutForOne("put-done");
            CompletableFuture<PutResult> filling = start(() -> pool.put(FILE, 0, Stage.page(FILE, 0, 1), token));
            stage.tier(0).gate().awaitArrival("put-done");
            change(stage, pool, change);
            stage.tier(0).gate().open("put-done");
            assertThat(join(filling).refusal()).isEqualTo(Refusal.OUTDATED);
            assertThat(stage.get(pool, FILE, 0)).isEqualTo(change.equals("put") ? 2 : 0);
            assertThat(stage.copies()).as("its own copy is freed").isEqualTo(change.equals("put") ? 1 : 0);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"put", "refused put", "flush", "flushObject"})
    void R03_whatHappenedSinceTheTokenOutdatesTheFillAlsoWithoutAnyPage(String change) {
        try (Stage stage = Stage.of(4)) {
            EphemeralPool pool = stage.ephemeral(GetMode.INCLUSIVE);
            long token = pool.fillToken(FILE, 0);
            change(stage, pool, change); // of an object that has no page
            PutResult result = pool.put(FILE, 0, Stage.page(FILE, 0, 1), token);
            assertThat(result.refusal()).isEqualTo(Refusal.OUTDATED);
            stage.put(pool, FILE, 9, 1);
            long second = pool.fillToken(FILE, 0);
            change(stage, pool, change); // of an object that has another
            assertThat(pool.put(FILE, 0, Stage.page(FILE, 0, 1), second).refusal())
                    .isEqualTo(Refusal.OUTDATED);
            assertThat(pool.stats().refused()).containsEntry(Refusal.OUTDATED, 2L);
        }
    }

    private static void change(Stage stage, EphemeralPool pool, String change) {
        switch (change) {
            case "put" -> assertThat(stage.put(pool, FILE, 0, 2)).isTrue();
            case "refused put" -> {
                stage.tier(0).link(Link.DOWN);
                assertThat(stage.put(pool, FILE, 0, 2)).isFalse();
                stage.tier(0).link(Link.UP);
            }
            case "flush" -> assertThat(pool.flush(FILE, 0)).isFalse();
            case "flushObject" -> assertThat(pool.flushObject(FILE)).isLessThan(2);
            default -> throw new IllegalArgumentException(change);
        }
    }

    @Test
    void R03_evictionsAndMovesOutdateNoFill() {
        try (Stage stage = Stage.of(1, 1)) {
            EphemeralPool pool = stage.ephemeral(GetMode.INCLUSIVE);
            stage.put(pool, FILE, 0, 1);
            long token = pool.fillToken(FILE, 0);
            stage.put(pool, OTHER, 1, 1); // page 0 goes down
            stage.put(pool, OTHER, 2, 1); // and out
            assertThat(stage.get(pool, FILE, 0)).isZero();
            assertThat(pool.stats().evicted()).isEqualTo(1);
            assertThat(pool.put(FILE, 0, Stage.page(FILE, 0, 1), token).stored())
                    .isTrue();
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

    // ---- tiers that do not answer

    @Test
    void R19_aPutWithoutAnAnswerIsRefusedAndItsRoomStaysTaken() {
        try (Stage stage = Stage.over(tier -> tier, KeyedTestBackend.slow(2L * PAGE))) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            stage.tier(0).link(Link.ANSWERS_LOST);
            stage.hooks(0).at("put-done", () -> stage.tier(0).link(Link.DOWN));
            PutResult result = pool.put(FILE, 0, Stage.page(FILE, 0, 1));
            assertThat(result.refusal()).isEqualTo(Refusal.UNAVAILABLE);
            assertThat(stage.copies()).as("it may be there, and here it is").isEqualTo(1);
            assertThat(stage.stats(0).usedBytes()).isEqualTo(PAGE);
            assertThat(stage.stats(0).freesOwed()).isEqualTo(1);
            stage.tier(0).link(Link.UP);
            stage.verify();
            assertThat(stage.copies()).isZero();
            assertThat(stage.stats(0).usedBytes()).isZero();
        }
    }

    @Test
    void R21_aTierThatOwesTooMuchTakesNothingAndForgetsNothing() {
        int pages = 70_000;
        try (Stage stage = Stage.withDirectory("64MiB", pages / 8)) {
            EphemeralPool pool = (EphemeralPool) stage.store()
                    .pool(PoolConfig.ephemeral("small").withPageSize(512).withGetMode(GetMode.INCLUSIVE));
            byte[] page = Pages.noise(1, 512);
            for (int i = 0; i < pages; i++) {
                assertThat(pool.put(FILE, i, page).stored()).isTrue();
            }
            stage.tier(0).link(Link.DOWN);
            assertThat(pool.flushObject(FILE)).as("flushes do not wait").isEqualTo(pages);
            assertThat(stage.stats(0).freesOwed()).isEqualTo(pages);
            assertThat(pool.put(FILE, 0, page).refusal()).isEqualTo(Refusal.UNAVAILABLE);
            stage.tier(0).link(Link.UP);
            stage.verify();
            assertThat(stage.copies()).isZero();
            assertThat(stage.stats(0).usedBytes()).isZero();
            assertThat(pool.put(FILE, 0, page).stored()).isTrue();
            pool.close();
        }
    }

    // ---- room and eviction

    @Test
    void R23_anOverwriteAtAFullChainTakesTheRoomOfItsPredecessor() {
        try (Stage stage = Stage.of(Stage.whenFull(FullAction.FORWARD, FullAction.FORWARD), 1, 1)) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            stage.put(pool, FILE, 0, 1);
            stage.put(pool, FILE, 1, 1);
            for (int version = 2; version < 10; version++) {
                assertThat(stage.put(pool, FILE, version % 2, version)).isTrue();
                assertThat(stage.get(pool, FILE, version % 2)).isEqualTo(version);
            }
            assertThat(pool.put(FILE, 2, Stage.page(FILE, 2, 1)).refusal()).isEqualTo(Refusal.FULL);
            assertThat(pool.pageCount()).isEqualTo(2);
        }
    }

    @Test
    void R24_aSlabThatIsBeingEmptiedServesWhoeverEmptiesIt() {
        try (LocatedStage stage = LocatedStage.full()) {
            AtomicInteger flushes = new AtomicInteger();
            stage.hooks().at("flush", () -> {
                if (flushes.incrementAndGet() == 2) { // the room of one page is free, that of others about to be
                    byte[] page = Stage.page(OTHER, 0, 1);
                    assertThat(join(start(() -> stage.clean().put(OTHER, 0, page)))
                                    .stored())
                            .isFalse();
                }
            });
            assertThat(stage.put(100)).isTrue();
            assertThat(flushes).hasValueGreaterThan(1);
            assertThat(stage.get(100)).isEqualTo(1);
        }
    }

    /** Real tiers of three slabs, each with room for 4 large pages or 31 small ones. */
    @ParameterizedTest
    @ValueSource(strings = {"heap", "offheap"})
    void R25_aPersistentPutClaimsTheSlabWithTheFewestSmallPages(String tier) {
        TierConfig config = TierConfig.of(tier, Size.ofBytes(64 << 10)).withWatermarks(100, 100);
        try (PageStore store =
                        PageStore.builder().directory("1MiB").tier(config).open();
                EphemeralPool small = (EphemeralPool) store.pool(
                        PoolConfig.ephemeral("small").withPageSize(512).withGetMode(GetMode.INCLUSIVE));
                EphemeralPool large = store.ephemeral("large", GetMode.INCLUSIVE);
                PersistentPool dirty = store.persistent("dirty", GetMode.INCLUSIVE)) {
            for (int i = 0; small.stats().evicted() == 0; i++) {
                assertThat(small.put(FILE, i, Pages.noise(i + 1, 512)).stored()).isTrue();
            }
            assertThat(large.put(OTHER, 0, Stage.page(OTHER, 0, 1)).refusal()).isEqualTo(Refusal.FULL);
            assertThat(small.stats().evicted())
                    .as("two pages do not make 4 KiB")
                    .isEqualTo(3);
            for (int i = 0; i < 10; i++) {
                small.flush(FILE, i); // one slab has fewer than the others
            }
            List<Long> evicted = new ArrayList<>();
            long before = small.stats().evicted();
            while (dirty.put(FILE, evicted.size(), Stage.page(FILE, evicted.size(), 1))
                    .stored()) {
                evicted.add(small.stats().evicted() - before);
                before = small.stats().evicted();
            }
            assertThat(small.pageCount()).as("refused when there is none left").isZero();
            assertThat(evicted).as("pages of three slabs").hasSize(12);
            for (int i = 0; i < 12; i++) {
                assertThat(evicted.get(i)).as("put %d", i).isLessThanOrEqualTo(i % 4 == 0 ? 31 : 0);
                assertThat(dirty.get(FILE, i, new byte[PAGE])).isTrue();
            }
            assertThat(evicted.stream().filter(pages -> pages > 0))
                    .as("the fewest first")
                    .containsExactly(22L, 31L, 31L);
        }
    }

    @Test
    void R25_victimsAreThePagesOfOneSlabAndNoMore() {
        try (LocatedStage stage = LocatedStage.empty();
                EphemeralPool small = stage.smallPages()) {
            for (int i = 0; i < 256; i++) { // two units of 128 pages each
                assertThat(small.put(OTHER, i, Pages.noise(i + 1, 512)).stored())
                        .isTrue();
            }
            for (int i = 0; i < 28; i++) {
                assertThat(small.flush(OTHER, 128 + i)).isTrue();
            }
            for (int i = 0; i < LocatedStage.PAGES_IN_UNIT; i++) {
                assertThat(stage.put(i)).isTrue();
                assertThat(small.stats().evicted()).isEqualTo(100);
            }
            assertThat(small.pageCount()).isEqualTo(128);
            assertThat(stage.put(LocatedStage.PAGES_IN_UNIT)).isTrue();
            assertThat(small.pageCount()).isZero();
        }
    }

    @Test
    void R26_aMoveStartsNoOtherMove() {
        try (Stage stage = Stage.of(Stage.whenFull(FullAction.DEMOTE, FullAction.DEMOTE), 1, 1, 4)) {
            EphemeralPool clean = stage.ephemeral(GetMode.INCLUSIVE);
            for (int i = 0; i < 3; i++) {
                assertThat(stage.put(clean, FILE, i, 1)).isTrue();
            }
            assertThat(stage.stats(1).demotedOut()).isZero();
            assertThat(clean.stats().evicted()).as("the lowest gave way").isEqualTo(1);
            assertThat(clean.flushObject(FILE)).isEqualTo(2);
            PersistentPool dirty = stage.persistent(GetMode.INCLUSIVE);
            for (int i = 0; i < 6; i++) {
                long before = stage.stats(0).demotedOut() + stage.stats(1).demotedOut();
                assertThat(stage.put(dirty, FILE, i, 1)).isTrue();
                long moves = stage.stats(0).demotedOut() + stage.stats(1).demotedOut() - before;
                assertThat(moves).as("one for each tier that the put came to").isLessThanOrEqualTo(2);
            }
            for (int i = 0; i < 6; i++) {
                assertThat(stage.get(dirty, FILE, i)).isEqualTo(1);
            }
        }
    }

    @Test
    void R27_pagesWithoutACopyTakeRoomInTheDirectory() {
        byte[] zeros = new byte[PAGE];
        try (Stage stage = Stage.withDirectory("1B", 4)) { // the least there is: 64 entries
            EphemeralPool clean = stage.ephemeral(GetMode.INCLUSIVE);
            PersistentPool dirty = stage.persistent(GetMode.INCLUSIVE);
            for (int i = 0; i < 100; i++) {
                assertThat(clean.put(FILE, i, zeros).stored()).isTrue();
            }
            assertThat(clean.pageCount()).isEqualTo(64);
            for (int i = 0; i < 64; i++) {
                assertThat(dirty.put(FILE, i, zeros).stored()).isTrue();
            }
            assertThat(clean.pageCount()).as("persistent before ephemeral").isZero();
            assertThat(dirty.put(FILE, 64, zeros).refusal()).isEqualTo(Refusal.DIRECTORY_FULL);
            assertThat(clean.put(FILE, 64, zeros).refusal()).isEqualTo(Refusal.DIRECTORY_FULL);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void R28_pagesOfAFlushedObjectAreTheFirstToGo(boolean destroyed) {
        try (Stage stage = Stage.of(5)) {
            PersistentPool dying = stage.persistent(GetMode.INCLUSIVE);
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            for (int i = 0; i < 3; i++) {
                stage.put(dying, i == 2 && destroyed ? OTHER : FILE, i, 1);
            }
            stage.put(pool, FILE, 0, 1);
            stage.put(pool, FILE, 1, 1);
            stage.tier(0).gate().shutForOne("flush");
            CompletableFuture<Long> ending = start(() -> {
                if (destroyed) {
                    dying.close();
                    return 3L;
                }
                return dying.flushObject(FILE);
            });
            stage.tier(0).gate().awaitArrival("flush"); // one copy is on its way out, two are dead
            assertThat(stage.copies()).isEqualTo(5);
            assertThat(stage.put(pool, FILE, 2, 1)).isTrue();
            assertThat(stage.put(pool, FILE, 3, 1)).isTrue();
            stage.tier(0).gate().open("flush");
            assertThat(join(ending))
                    .as("all that were flushed, whoever freed them")
                    .isEqualTo(3);
            assertThat(stage.put(pool, FILE, 4, 1)).isTrue();
        }
    }

    @Test
    void R28_entriesOfAFlushedObjectAreTheFirstToGo() {
        byte[] zeros = new byte[PAGE];
        try (Stage stage = Stage.withDirectory("1B", 64)) { // the least there is: 64 entries
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            for (int i = 0; i < 64; i++) {
                assertThat(stage.put(pool, FILE, i, 1)).isTrue();
            }
            stage.tier(0).gate().shutForOne("flush");
            CompletableFuture<Long> flushing = start(() -> pool.flushObject(FILE));
            stage.tier(0).gate().awaitArrival("flush");
            for (int i = 0; i < 60; i++) {
                assertThat(pool.put(OTHER, i, zeros).stored()).as("page %d", i).isTrue();
            }
            stage.tier(0).gate().open("flush");
            assertThat(join(flushing)).isEqualTo(64);
        }
    }

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

    // ---- batches and words

    /** A reader that came before the tier was to go still reads in it: its pages leave, it stays until the reader has left. */
    @Test
    void R31_aTierGoesWhenItsPagesHaveLeftAndThenItsReaders() {
        try (Stage stage = Stage.of(2, 4)) {
            PersistentPool dirty = stage.persistent(GetMode.INCLUSIVE);
            assertThat(stage.put(dirty, FILE, 0, 1)).isTrue();
            TierChain chain = stage.store().chain(PoolConfig.CHAIN_DEFAULT);
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
