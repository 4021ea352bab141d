package io.github.tmem.system;

import static io.github.tmem.kit.Aside.join;
import static io.github.tmem.kit.Aside.start;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.EphemeralPool;
import io.github.tmem.api.GetMode;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PageStore;
import io.github.tmem.api.PersistentPool;
import io.github.tmem.api.PutResult;
import io.github.tmem.api.Refusal;
import io.github.tmem.api.config.FullAction;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.api.config.Size;
import io.github.tmem.api.config.TierConfig;
import io.github.tmem.kit.Pages;
import io.github.tmem.kit.backend.KeyedTestBackend;
import io.github.tmem.kit.backend.Link;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The rules of room, R19 to R28 of {@code docs/coherence.md}, each on the case it was made for: what is owed, who gives way, and
 * who gets what was given up. Every race is forced by stopping a backend call.
 */
class RoomRulesTest {
    private static final ObjectId FILE = ObjectId.of(1);
    private static final ObjectId OTHER = ObjectId.of(2);
    private static final int PAGE = Stage.PAGE;

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
}
