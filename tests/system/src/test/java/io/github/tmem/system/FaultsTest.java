package io.github.tmem.system;

import static io.github.tmem.kit.Aside.join;
import static io.github.tmem.kit.Aside.start;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tmem.api.EphemeralPool;
import io.github.tmem.api.GetMode;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PagePool;
import io.github.tmem.api.PersistentPool;
import io.github.tmem.api.config.TierConfig;
import io.github.tmem.kit.Race;
import io.github.tmem.kit.StatsLaws;
import io.github.tmem.kit.backend.KeyedTestBackend;
import io.github.tmem.kit.backend.Link;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What goes wrong outside of the chain: backends that throw, links that are down, destinations that cannot be written.
 * No page is wrong, no room is lost, and everything is well again once the fault is over. Closing the {@link Stage}
 * checks that no copy is left behind.
 */
class FaultsTest {
    private static final ObjectId FILE = ObjectId.of(1);
    private static final int PAGE = Stage.PAGE;

    /** A failure that a backend's contract does not allow. */
    private static final class Scripted extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    private static void awaitCalls(CountDownLatch calls) {
        try {
            assertThat(calls.await(30, TimeUnit.SECONDS))
                    .as("calls still missing: %d", calls.getCount())
                    .isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
    }

    private static TierConfig watermarks(TierConfig tier) {
        return tier.withWatermarks(50, 25);
    }

    // ---- flushes that throw

    @Test
    void aFlushOfTheReplacedCopyThatThrowsLeavesThePutStored() {
        try (Stage stage = Stage.of(64)) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            stage.put(pool, FILE, 0, 1);
            stage.hooks(0).at("flush", () -> {
                throw new Scripted();
            });
            assertThat(stage.put(pool, FILE, 0, 2)).isTrue();
            assertThat(stage.stats(0).unanswered()).isPositive();
            assertThat(stage.stats(0).usedBytes())
                    .as("the old copy's room is still taken")
                    .isEqualTo(2L * PAGE);
            assertThat(stage.put(pool, FILE, 10, 1)).isTrue();
            assertThat(stage.put(pool, FILE, 11, 1)).isTrue();
            assertThat(stage.get(pool, FILE, 10)).isEqualTo(1);
            assertThat(stage.get(pool, FILE, 11)).isEqualTo(1);
            assertThat(stage.get(pool, FILE, 0)).isEqualTo(2);
            stage.hooks(0).heal();
            stage.verify();
            assertThat(stage.copies()).isEqualTo(3);
            assertThat(stage.stats(0).freesOwed()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(GetMode.class)
    void operationsWhoseFlushThrowsAreDone(GetMode mode) {
        try (Stage stage = Stage.of(3)) {
            EphemeralPool pool = stage.ephemeral(mode);
            for (int i = 0; i < 3; i++) {
                stage.put(pool, FILE, i, 1);
            }
            stage.hooks(0).at("flush", () -> {
                throw new Scripted();
            });
            assertThat(stage.get(pool, FILE, 0)).isEqualTo(1);
            assertThat(stage.get(pool, FILE, 0)).isEqualTo(mode == GetMode.EXCLUSIVE ? 0 : 1);
            assertThat(pool.flush(FILE, 1)).isTrue();
            assertThat(stage.get(pool, FILE, 1)).isZero();
            assertThat(stage.put(pool, FILE, 7, 1)).as("all room is owed").isFalse();
            assertThat(pool.flushObject(FILE)).isBetween(0L, 2L);
            assertThat(pool.pageCount()).isZero();
            stage.hooks(0).heal();
            stage.verify();
            assertThat(stage.stats(0).usedBytes()).isZero();
            assertThat(stage.put(pool, FILE, 7, 2)).isTrue();
            StatsLaws.check(stage.store().stats());
        }
    }

    // ---- destinations that cannot be written

    @ParameterizedTest
    @CsvSource({"EXCLUSIVE,false", "EXCLUSIVE,true", "INCLUSIVE,false", "INCLUSIVE,true"})
    void aGetIntoAClosedArenaLeavesThePage(GetMode mode, boolean filled) {
        MemorySegment closed;
        try (Arena arena = Arena.ofConfined()) {
            closed = arena.allocate(PAGE);
        }
        aGetIsRefused(mode, filled, closed);
    }

    @ParameterizedTest
    @CsvSource({"EXCLUSIVE,false", "EXCLUSIVE,true", "INCLUSIVE,false", "INCLUSIVE,true"})
    void aGetIntoAnotherThreadsSegmentLeavesThePage(GetMode mode, boolean filled) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment mine = arena.allocate(PAGE);
            join(start(() -> {
                aGetIsRefused(mode, filled, mine);
                return true;
            }));
        }
    }

    @ParameterizedTest
    @EnumSource(GetMode.class)
    void aGetWhoseDestinationIsClosedMeanwhileLeavesThePage(GetMode mode) {
        try (Stage stage = Stage.of(4)) {
            PersistentPool pool = stage.persistent(mode);
            stage.put(pool, FILE, 0, 1);
            Arena arena = Arena.ofShared();
            MemorySegment destination = arena.allocate(PAGE);
            stage.hooks(0).at("get-done", arena::close);
            assertThatThrownBy(() -> pool.get(FILE, 0, destination)).isInstanceOf(IllegalStateException.class);
            stage.hooks(0).heal();
            assertThat(pool.stats().hits()).isZero();
            assertThat(stage.get(pool, FILE, 0)).isEqualTo(1);
        }
    }

    private static void aGetIsRefused(GetMode mode, boolean filled, MemorySegment destination) {
        byte[] page = filled ? new byte[PAGE] : Stage.page(FILE, 0, 1);
        byte[] good = new byte[PAGE];
        good[0] = 7;
        try (Stage stage = Stage.of(4)) {
            for (PagePool pool : new PagePool[] {stage.ephemeral(mode), stage.persistent(mode)}) {
                assertThat(pool.put(FILE, 0, page).stored()).isTrue();
                assertThatThrownBy(() -> pool.get(FILE, 0, destination)).isInstanceOf(IllegalArgumentException.class);
                assertThatThrownBy(() -> pool.getAll(FILE, new long[] {0}, destination))
                        .isInstanceOf(IllegalArgumentException.class);
                assertThat(pool.contains(FILE, 0)).isTrue();
                assertThat(pool.stats().hits()).isZero();
                assertThat(pool.get(FILE, 0, good)).isTrue();
                assertThat(good).isEqualTo(page);
                assertThat(pool.contains(FILE, 0)).isEqualTo(mode == GetMode.INCLUSIVE);
            }
        }
    }

    // ---- demotions that throw, or are not answered for long

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 8})
    void aDemotionThatThrowsHarmsNoPage(int thrower) {
        assertNoPageIsHarmed(thrower, () -> {
            throw new Scripted();
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 8})
    void aDemotionThatFindsNoMemoryHarmsNoPage(int thrower) {
        assertNoPageIsHarmed(thrower, () -> {
            throw new OutOfMemoryError("scripted");
        });
    }

    private static void assertNoPageIsHarmed(int thrower, Runnable fault) {
        try (Stage stage = Stage.over(
                FaultsTest::watermarks, KeyedTestBackend.local(16 * PAGE), KeyedTestBackend.slow(64 * PAGE))) {
            EphemeralPool pool = stage.ephemeral(GetMode.INCLUSIVE);
            CountDownLatch calls = new CountDownLatch(thrower);
            stage.hooks(1).at("putAsync", () -> {
                calls.countDown();
                if (calls.getCount() == 0) {
                    fault.run();
                }
            });
            stage.tier(1).gate().shut("put"); // the flights before the one that throws are under way
            for (int i = 0; i < 16; i++) {
                assertThat(stage.put(pool, FILE, i, 1)).isTrue();
            }
            awaitCalls(calls);
            assertPagesAreRight(stage, pool, 16, 1);
            stage.hooks(1).heal();
            stage.tier(1).gate().open("put");
            stage.verify();
            assertPagesAreRight(stage, pool, 16, 1);
            for (int i = 0; i < 16; i++) { // wakes the background again
                assertThat(stage.put(pool, FILE, i, 2)).isTrue();
            }
            stage.verify();
            assertPagesAreRight(stage, pool, 16, 2);
            assertThat(stage.stats(0).corrupt() + stage.stats(1).corrupt()).isZero();
            assertThat(pool.stats().dropped()).isZero();
            StatsLaws.check(pool.stats());
        }
    }

    /** A page that a full tier refused pushes another out of it, and goes there itself: that call fails, the others landed. */
    @Test
    void aDemotionThatThrowsWhenItLandsHarmsNoOther() {
        try (Stage stage = Stage.over(
                FaultsTest::watermarks, KeyedTestBackend.local(16 * PAGE), KeyedTestBackend.slow(4 * PAGE))) {
            EphemeralPool pool = stage.ephemeral(GetMode.INCLUSIVE);
            CountDownLatch calls = new CountDownLatch(1);
            stage.hooks(1).at("put", () -> {
                calls.countDown();
                throw new Scripted();
            });
            for (int i = 0; i < 16; i++) {
                assertThat(stage.put(pool, FILE, i, 1)).isTrue();
            }
            awaitCalls(calls);
            stage.hooks(1).heal();
            stage.verify();
            assertPagesAreRight(stage, pool, 16, 1);
        }
    }

    @Test
    void aFlushThatFindsNoMemoryIsRepeated() {
        try (Stage stage = Stage.of(4)) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            stage.put(pool, FILE, 0, 1);
            stage.hooks(0).at("flush", () -> {
                throw new OutOfMemoryError("scripted");
            });
            assertThat(pool.flush(FILE, 0)).isTrue();
            stage.hooks(0).heal();
            Race.until(() -> stage.stats(0).freesOwed() == 0);
            stage.verify();
            assertThat(stage.stats(0).usedBytes()).isZero();
        }
    }

    /** Each page is held with this version, or gone. */
    private static void assertPagesAreRight(Stage stage, EphemeralPool pool, int pages, long version) {
        for (int i = 0; i < pages; i++) {
            assertThat(stage.get(pool, FILE, i)).as("page %d", i).isIn(0L, version);
        }
    }

    @Test
    void pagesOnALongWayDownAreReadReplacedAndFlushed() {
        try (Stage stage = Stage.over(
                FaultsTest::watermarks, KeyedTestBackend.local(16 * PAGE), KeyedTestBackend.slow(64 * PAGE))) {
            EphemeralPool pool = stage.ephemeral(GetMode.INCLUSIVE);
            stage.tier(1).gate().shut("put");
            for (int i = 0; i < 12; i++) {
                assertThat(stage.put(pool, FILE, i, 1)).isTrue();
            }
            stage.tier(1).gate().awaitArrival("put");
            for (int i = 0; i < 12; i++) {
                assertThat(stage.get(pool, FILE, i)).isEqualTo(1);
            }
            for (int i = 0; i < 12; i += 3) {
                assertThat(stage.put(pool, FILE, i, 2)).isTrue();
                assertThat(pool.flush(FILE, i + 1)).isTrue();
            }
            stage.tier(1).gate().open("put");
            stage.verify();
            for (int i = 0; i < 12; i += 3) {
                assertThat(stage.get(pool, FILE, i)).isEqualTo(2);
                assertThat(stage.get(pool, FILE, i + 1)).isZero();
                assertThat(stage.get(pool, FILE, i + 2)).isEqualTo(1);
            }
            assertThat(stage.copies()).isEqualTo(8);
        }
    }

    // ---- puts that throw

    @ParameterizedTest
    @ValueSource(strings = {"put", "put-done"})
    void aPutThatThrowsReachesTheCallerAndKeepsNoRoom(String point) {
        try (Stage stage = Stage.of(128)) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            stage.put(pool, FILE, 0, 1);
            stage.hooks(0).at(point, () -> {
                throw new Scripted();
            });
            for (int i = 0; i < 100; i++) {
                int index = i;
                assertThatThrownBy(() -> stage.put(pool, FILE, index, 2)).isInstanceOf(Scripted.class);
                assertThat(stage.get(pool, FILE, index)).isZero();
                assertThat(pool.contains(FILE, index)).isFalse();
            }
            stage.hooks(0).heal();
            stage.verify();
            assertThat(stage.stats(0).usedBytes()).isZero();
            assertThat(stage.copies()).isZero();
            for (int i = 0; i < 128; i++) {
                assertThat(stage.put(pool, FILE, i, 3)).as("page %d", i).isTrue();
            }
            StatsLaws.check(pool.stats());
        }
    }

    @Test
    void aFlushThatThrowsInAClaimIsDoneLater() {
        AtomicBoolean thrown = new AtomicBoolean();
        try (LocatedStage stage = LocatedStage.full()) {
            stage.hooks().at("flush", () -> {
                if (thrown.compareAndSet(false, true)) {
                    throw new Scripted();
                }
            });
            boolean stored = stage.put(100);
            assertThat(stage.get(100)).isEqualTo(stored ? 1 : 0);
            assertThat(thrown).isTrue();
            stage.hooks().heal();
            stage.verify();
            assertThat(stage.put(101)).isTrue();
            assertThat(stage.get(101)).isEqualTo(1);
        }
    }

    // ---- links that are down

    @Test
    void aFreeThatIsNotAnsweredIsRepeatedWithPauses() throws InterruptedException {
        try (Stage stage = Stage.over(tier -> tier, KeyedTestBackend.slow(64 * PAGE))) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            stage.put(pool, FILE, 0, 1);
            CountDownLatch calls = new CountDownLatch(1000);
            stage.hooks(0).at("flush", calls::countDown);
            stage.tier(0).link(Link.DOWN);
            assertThat(pool.flush(FILE, 0)).isTrue();
            assertThat(calls.await(200, TimeUnit.MILLISECONDS))
                    .as("a thousand flush calls for one free")
                    .isFalse();
            assertThat(stage.stats(0).freesOwed()).isEqualTo(1);
            assertThat(stage.stats(0).usedBytes()).isEqualTo(PAGE);
            stage.tier(0).link(Link.UP);
            stage.verify();
            assertThat(stage.stats(0).freesOwed()).isZero();
            assertThat(stage.stats(0).usedBytes()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"DOWN", "ANSWERS_LOST"})
    void demotionsIntoATierThatDoesNotAnswerKeepNoRoomThere(Link link) {
        try (Stage stage = Stage.over(
                FaultsTest::watermarks, KeyedTestBackend.local(8 * PAGE), KeyedTestBackend.slow(64 * PAGE))) {
            EphemeralPool pool = stage.ephemeral(GetMode.INCLUSIVE);
            CountDownLatch calls = new CountDownLatch(1); // no more are sent once one has come back without an answer
            stage.hooks(1).at("putAsync", calls::countDown);
            stage.tier(1).link(link);
            for (int i = 0; i < 100; i++) {
                stage.put(pool, FILE, i, 1); // refused while all pages of the upper tier are on their way
            }
            awaitCalls(calls);
            stage.tier(1).link(Link.UP);
            pool.close();
            stage.verify();
            assertThat(stage.stats(1).usedBytes()).isZero();
            assertThat(stage.stats(1).freesOwed()).isZero();
            assertThat(stage.copies()).isZero();
        }
    }
}
