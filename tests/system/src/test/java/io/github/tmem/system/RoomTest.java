package io.github.tmem.system;

import static io.github.tmem.kit.Aside.join;
import static io.github.tmem.kit.Aside.start;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tmem.api.EphemeralPool;
import io.github.tmem.api.GetMode;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PageKind;
import io.github.tmem.api.PersistentPool;
import io.github.tmem.api.PutResult;
import io.github.tmem.api.Refusal;
import io.github.tmem.api.config.FullAction;
import io.github.tmem.api.spi.Capabilities;
import io.github.tmem.api.spi.Capabilities.Addressing;
import io.github.tmem.api.spi.Capabilities.Latency;
import io.github.tmem.kit.Race;
import io.github.tmem.kit.backend.KeyedTestBackend;
import io.github.tmem.kit.backend.Link;
import java.util.EnumSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Who gets the room of a full tier, and that room which is given up serves somebody (L3, L9, L10). */
class RoomTest {
    private static final ObjectId FILE = ObjectId.of(1);
    private static final ObjectId OTHER = ObjectId.of(2);
    private static final int PAGE = Stage.PAGE;

    private static KeyedTestBackend keyed(Latency latency, int pages) {
        return latency == Latency.SLOW
                ? KeyedTestBackend.slow((long) pages * PAGE)
                : KeyedTestBackend.local((long) pages * PAGE);
    }

    @ParameterizedTest
    @EnumSource(Latency.class)
    void aTierThatDoesNotAnswerIsNotEmptiedInVain(Latency latency) {
        try (Stage stage = Stage.over(tier -> tier, keyed(latency, 64))) {
            EphemeralPool clean = stage.ephemeral(GetMode.INCLUSIVE);
            PersistentPool dirty = stage.persistent(GetMode.INCLUSIVE);
            for (int i = 0; i < 64; i++) {
                assertThat(stage.put(clean, FILE, i, 1)).isTrue();
            }
            stage.tier(0).link(Link.DOWN);
            PutResult result = dirty.put(OTHER, 0, Stage.page(OTHER, 0, 1));
            assertThat(result.refusal()).isIn(Refusal.UNAVAILABLE, Refusal.FULL);
            assertThat(clean.pageCount()).isBetween(62L, 64L);
            stage.tier(0).link(Link.UP);
            assertThat(stage.put(dirty, OTHER, 0, 2)).isTrue();
            assertThat(stage.get(dirty, OTHER, 0)).isEqualTo(2);
        }
    }

    @Test
    void everyPageOfAFullSlowTierCanBeOverwritten() {
        try (Stage stage = Stage.over(tier -> tier, keyed(Latency.SLOW, 8))) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            for (int version = 1; version <= 20; version++) {
                for (int i = 0; i < 8; i++) {
                    assertThat(stage.put(pool, FILE, i, version))
                            .as("page %d, version %d", i, version)
                            .isTrue();
                    assertThat(stage.get(pool, FILE, i)).isEqualTo(version);
                }
            }
            assertThat(pool.put(FILE, 8, Stage.page(FILE, 8, 1)).refusal()).isEqualTo(Refusal.FULL);
        }
    }

    @ParameterizedTest
    @EnumSource(PageKind.class)
    void theRoomOfFlushedPagesIsThereAtOnceInASlowTier(PageKind kind) {
        try (Stage stage = Stage.over(tier -> tier, keyed(Latency.SLOW, 8))) {
            var pool = kind == PageKind.PERSISTENT
                    ? stage.persistent(GetMode.INCLUSIVE)
                    : stage.ephemeral(GetMode.INCLUSIVE);
            for (int round = 1; round <= 500; round++) {
                for (int i = 0; i < 8; i++) {
                    assertThat(stage.put(pool, FILE, i, round))
                            .as("page %d, round %d", i, round)
                            .isTrue();
                }
                assertThat(pool.pageCount()).isEqualTo(8);
                assertThat(pool.flushObject(FILE)).isEqualTo(8);
            }
        }
    }

    /** The engine is smaller than the tier's books say, so that each try of the put comes to it, where it can be counted. */
    @ParameterizedTest
    @EnumSource(PageKind.class)
    void aPutWaitsForTheRoomOfACopyThatIsBeingFreed(PageKind kind) {
        try (Stage stage = Stage.over(
                tier -> Stage.withCapacity(tier, 10 * PAGE).withWhenFull(FullAction.EVICT, FullAction.FORWARD),
                keyed(Latency.SLOW, 2))) {
            var pool = kind == PageKind.PERSISTENT
                    ? stage.persistent(GetMode.INCLUSIVE)
                    : stage.ephemeral(GetMode.INCLUSIVE);
            stage.put(pool, FILE, 0, 1);
            stage.put(pool, FILE, 1, 1);
            stage.tier(0).gate().shutForOne("flush");
            assertThat(pool.flush(FILE, 1)).isTrue();
            stage.tier(0).gate().awaitArrival("flush"); // the background has the free in hand
            AtomicInteger tries = new AtomicInteger();
            stage.hooks(0).at("put", () -> {
                if (tries.incrementAndGet() == 5) {
                    stage.tier(0).gate().open("flush");
                    Race.until(() -> stage.copies() == 1);
                }
            });
            assertThat(stage.put(pool, FILE, 2, 1)).isTrue();
            assertThat(tries).hasValue(5);
            assertThat(stage.get(pool, FILE, 0)).as("no page had to go for it").isEqualTo(1);
            assertThat(stage.get(pool, FILE, 2)).isEqualTo(1);
        }
    }

    @Test
    void aPersistentPutTakesTheRoomOfPagesOnTheirWayDown() throws InterruptedException {
        KeyedTestBackend cleanOnly = new KeyedTestBackend(
                16 * PAGE, new Capabilities(Addressing.KEYED, Latency.SLOW, EnumSet.of(PageKind.EPHEMERAL), 1 << 20));
        try (Stage stage =
                Stage.over(tier -> tier.withWatermarks(80, 10), KeyedTestBackend.local(4 * PAGE), cleanOnly)) {
            EphemeralPool clean = stage.ephemeral(GetMode.INCLUSIVE);
            PersistentPool dirty = stage.persistent(GetMode.INCLUSIVE);
            CountDownLatch inFlight = new CountDownLatch(4);
            stage.hooks(1).at("putAsync", inFlight::countDown);
            cleanOnly.gate().shut("put");
            for (int i = 0; i < 4; i++) {
                assertThat(stage.put(clean, FILE, i, 1)).isTrue();
            }
            assertThat(inFlight.await(30, TimeUnit.SECONDS)).isTrue();
            cleanOnly.gate().awaitArrival("put");
            assertThat(join(start(() -> stage.put(dirty, OTHER, 0, 1)))).isTrue();
            assertThat(stage.get(dirty, OTHER, 0)).isEqualTo(1);
            assertThat(clean.pageCount()).isBetween(2L, 3L);
            cleanOnly.gate().open("put");
            stage.verify();
            assertThat(stage.get(dirty, OTHER, 0)).isEqualTo(1);
            assertThat(clean.pageCount()).isBetween(2L, 3L);
        }
    }

    /** A tier that forwards is passed by once it was full, down to its low watermark; a last one has nobody to pass it by for. */
    @Test
    void aTierThatForwardsIsPassedByUntilItHasRoomAgain() {
        try (Stage stage = Stage.of(
                tier -> Stage.whenFull(FullAction.FORWARD, FullAction.FORWARD).apply(tier.withWatermarks(80, 50)),
                4,
                4)) {
            EphemeralPool clean = stage.ephemeral(GetMode.INCLUSIVE);
            for (int index = 0; index < 5; index++) {
                assertThat(stage.put(clean, FILE, index, 1)).isTrue();
            }
            assertThat(stage.copies(1)).isEqualTo(1);
            clean.flush(FILE, 0);
            assertThat(stage.put(clean, FILE, 5, 1)).isTrue();
            assertThat(stage.copies(1)).as("with room in the first").isEqualTo(2);
            clean.flush(FILE, 1);
            assertThat(stage.put(clean, FILE, 6, 1)).isTrue();
            assertThat(stage.copies(0)).isEqualTo(3);
            for (int index = 7; stage.put(clean, FILE, index, 1); index++) {
                assertThat(index).isLessThan(12);
            }
            assertThat(stage.copies(1)).isEqualTo(4);
            clean.flush(FILE, 5);
            assertThat(stage.put(clean, FILE, 20, 1)).as("into the last").isTrue();
        }
    }

    /** Ephemeral or persistent: two pages at most go down for one that comes, though a third would make the room. */
    @Test
    void aPersistentPutPushesTwoPagesDownAtMost() {
        try (Stage stage = Stage.of(
                tier -> Stage.whenFull(FullAction.DEMOTE, FullAction.DEMOTE).apply(tier.withCodec("test-runs")),
                4,
                16)) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            int index = 0;
            while (stage.copies(1) == 0) {
                assertThat(Stage.putCompressible(pool, FILE, index++)).isTrue();
            }
            long before = stage.stats(0).demotedOut();
            assertThat(stage.put(pool, FILE, index, 1)).isTrue();
            assertThat(stage.stats(0).demotedOut() - before).isEqualTo(2);
        }
    }

    /** What was given up for a put is taken by another; the first takes more, as long as there is any. */
    @Test
    void aPutWhoseRoomIsTakenMakesMore() {
        try (Stage stage = Stage.of(tier -> tier.withCodec("test-runs"), 4)) {
            EphemeralPool clean = stage.ephemeral(GetMode.INCLUSIVE);
            PersistentPool dirty = stage.persistent(GetMode.INCLUSIVE);
            for (int index = 0; stage.stats(0).evicted() == 0; index++) {
                Stage.putCompressible(clean, FILE, index);
            }
            long before = clean.pageCount();
            AtomicInteger flushes = new AtomicInteger();
            stage.hooks(0).at("flush", () -> {
                if (flushes.incrementAndGet() == 2) {
                    assertThat(join(start(() -> Stage.putCompressible(dirty, FILE, 1))))
                            .isTrue();
                }
            });
            assertThat(stage.put(dirty, OTHER, 0, 1)).isTrue();
            assertThat(before - clean.pageCount()).isGreaterThan(2);
            assertThat(stage.get(dirty, OTHER, 0)).isEqualTo(1);
        }
    }

    /** The engine has become smaller than its tier thinks: as much room as the page needs is made, and no more. */
    @Test
    void aTierThatStaysFullIsNotEmptiedInVain() {
        try (Stage stage = Stage.of(8)) {
            EphemeralPool clean = stage.ephemeral(GetMode.INCLUSIVE);
            PersistentPool dirty = stage.persistent(GetMode.INCLUSIVE);
            for (int index = 0; index < 8; index++) {
                assertThat(stage.put(clean, FILE, index, 1)).isTrue();
            }
            stage.tier(0).resize(PAGE);
            assertThat(stage.put(dirty, OTHER, 0, 1)).isFalse();
            assertThat(clean.pageCount()).isEqualTo(7);
            stage.tier(0).resize(8L * PAGE);
            assertThat(stage.put(clean, FILE, 9, 1))
                    .as("room is kept for nobody any more")
                    .isTrue();
            assertThat(clean.pageCount()).isEqualTo(8);
        }
    }

    /** Room is kept for persistent pages while one of them makes it, however that ends. */
    @Test
    void aPutThatFailsKeepsNoRoom() {
        try (Stage stage = Stage.of(4)) {
            EphemeralPool clean = stage.ephemeral(GetMode.INCLUSIVE);
            PersistentPool dirty = stage.persistent(GetMode.INCLUSIVE);
            for (int index = 0; index < 4; index++) {
                assertThat(stage.put(clean, FILE, index, 1)).isTrue();
            }
            stage.hooks(0).at("put", () -> {
                throw new IllegalStateException("planted");
            });
            assertThatThrownBy(() -> stage.put(dirty, OTHER, 0, 1)).hasMessage("planted");
            stage.hooks(0).heal();
            assertThat(stage.put(clean, FILE, 5, 1)).isTrue();
            assertThat(stage.get(clean, FILE, 5)).isEqualTo(1);
        }
    }

    /** Ephemeral pages do not take the room that is being made for a persistent one. */
    @Test
    void roomIsKeptForThePutThatMakesIt() {
        try (Stage stage = Stage.of(tier -> tier.withCodec("test-runs"), 4)) {
            EphemeralPool clean = stage.ephemeral(GetMode.INCLUSIVE);
            PersistentPool dirty = stage.persistent(GetMode.INCLUSIVE);
            for (int index = 0; stage.stats(0).evicted() == 0; index++) {
                Stage.putCompressible(clean, FILE, index);
            }
            AtomicInteger flushes = new AtomicInteger();
            stage.hooks(0).at("flush", () -> {
                if (flushes.incrementAndGet() == 2) {
                    assertThat(join(start(() -> Stage.putCompressible(clean, FILE, 500))))
                            .isFalse();
                }
            });
            assertThat(stage.put(dirty, OTHER, 0, 1)).isTrue();
            assertThat(flushes).hasValue(2);
        }
    }

    @ParameterizedTest
    @CsvSource({"FORWARD,flush", "FORWARD,flush-done", "EVICT,flush", "EVICT,flush-done"})
    void containsAndGetAgreeDuringAnOverwriteAtAFullChain(FullAction whenFull, String step) {
        try (Stage stage = Stage.of(Stage.whenFull(whenFull, FullAction.FORWARD), 1)) {
            EphemeralPool pool = stage.ephemeral(GetMode.INCLUSIVE);
            stage.put(pool, FILE, 0, 1);
            stage.tier(0).gate().shut(step);
            CompletableFuture<Boolean> putting = start(() -> stage.put(pool, FILE, 0, 2));
            stage.tier(0).gate().awaitArrival(step);
            boolean held = pool.contains(FILE, 0);
            assertThat(join(start(() -> stage.get(pool, FILE, 0))) != 0)
                    .as("a get hits")
                    .isEqualTo(held);
            stage.tier(0).gate().open(step);
            assertThat(join(putting)).isTrue();
            assertThat(pool.contains(FILE, 0)).isTrue();
            assertThat(stage.get(pool, FILE, 0)).isEqualTo(2);
        }
    }

    /** With a million and a half of pages some are the ninth in their bucket, farther down than a look without the lock goes. */
    @Test
    @Tag("not-mutated")
    void aFullDirectoryFindsAndOverwritesEveryPage() {
        try (Stage stage = Stage.withDirectory("87MiB", 64)) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            byte[] zeros = new byte[Stage.PAGE];
            long pages = 0;
            while (pool.put(FILE, pages, zeros).stored()) {
                pages++;
            }
            assertThat(pages).isGreaterThan(1_000_000);
            byte[] page = new byte[Stage.PAGE];
            for (long index = 0; index < pages; index++) {
                if (!pool.get(FILE, index, page)
                        || !pool.put(FILE, index, zeros).stored()) {
                    throw new AssertionError("page " + index);
                }
            }
        }
    }
}
