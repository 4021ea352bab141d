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
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.api.stats.PoolStats;
import io.github.tmem.api.stats.TierStats;
import io.github.tmem.kit.PageKey;
import io.github.tmem.kit.Pages;
import io.github.tmem.kit.Race;
import io.github.tmem.kit.Shape;
import io.github.tmem.kit.backend.KeyedTestBackend;
import io.github.tmem.kit.backend.Link;
import io.github.tmem.kit.codec.CodecFault;
import io.github.tmem.kit.codec.CodecScript;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The laws of bytes, races, room and counts, L6 to L11, each on the narrowest interleaving that could break it. Every race is forced by stopping a backend call;
 * {@code docs/coherence.md} says which line of the code each test guards.
 */
class ContentLawsTest {
    private static final ObjectId FILE = ObjectId.of(1);
    private static final ObjectId OTHER = ObjectId.of(2);

    private static PoolStats stats(PagePool pool) {
        return pool.stats();
    }

    private static TierStats tier(Stage stage, int number) {
        return stage.store().stats().tiers().get(number);
    }

    // ---- L6: the bytes are right

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void L06_aDamagedCopyIsAMissOrLostAndNeverDelivered(boolean persistent) {
        try (Stage stage = Stage.of(1)) {
            PagePool pool = persistent ? stage.persistent(GetMode.INCLUSIVE) : stage.ephemeral(GetMode.INCLUSIVE);
            stage.put(pool, FILE, 0, 1);
            var contents = new java.util.HashMap<>(stage.tier(0).contents());
            contents.values().forEach(bytes -> bytes[1234] ^= 4);
            stage.tier(0).restart(contents);
            if (persistent) {
                assertThatThrownBy(() -> stage.get(pool, FILE, 0)).isInstanceOf(PageLostException.class);
            } else {
                assertThat(stage.get(pool, FILE, 0)).isZero();
            }
            assertThat(tier(stage, 0).corrupt()).isEqualTo(1);
            assertThat(stage.copies()).isZero();
        }
    }

    /** A page that was hit often is looked at the second time without the lock: only if what was read is good. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void L06_aDamagedCopyOfAPageThatWasHitOftenIsNotDelivered(boolean gone) {
        try (Stage stage = Stage.of(2)) {
            PagePool pool = stage.ephemeral(GetMode.INCLUSIVE);
            stage.put(pool, FILE, 0, 1);
            for (int hits = 0; hits < 8; hits++) {
                assertThat(stage.get(pool, FILE, 0)).isEqualTo(1);
            }
            var contents = new java.util.HashMap<>(stage.tier(0).contents());
            contents.values().forEach(bytes -> bytes[1234] ^= 4);
            stage.tier(0).restart(gone ? Map.of() : contents);
            assertThat(stage.get(pool, FILE, 0)).isZero();
            assertThat(tier(stage, 0).hits()).isEqualTo(8);
            assertThat(tier(stage, 0).dropped()).isEqualTo(1);
        }
    }

    @Test
    void L06_aCopyThatDoesNotDecodeIsAMiss() {
        try (CodecScript script = CodecScript.start();
                Stage stage = Stage.of(tier -> tier.withCodec("test-gated"), 2)) {
            PagePool pool = stage.ephemeral(GetMode.INCLUSIVE);
            PageKey key = new PageKey(FILE, 0);
            pool.put(FILE, 0, Pages.make(key, 1, Shape.COMPRESSIBLE, Stage.PAGE));
            assertThat(stage.get(pool, FILE, 0)).isEqualTo(1);
            script.next(CodecFault.DECODE_MALFORMED);
            assertThat(stage.get(pool, FILE, 0)).isZero();
            assertThat(tier(stage, 0).corrupt()).isEqualTo(1);
            assertThat(tier(stage, 0).hits()).isEqualTo(1);
        }
    }

    /** Memory that another thread may close is written before the page is given up, other memory after. */
    @ParameterizedTest
    @EnumSource
    void L06_aPageThatOneWordFillsIsDeliveredIntoEverySortOfMemory(GetMode mode) {
        try (Stage stage = Stage.of(1);
                Arena shared = Arena.ofShared();
                Arena confined = Arena.ofConfined()) {
            PagePool pool = stage.ephemeral(mode);
            byte[] page = new byte[Stage.PAGE];
            Arrays.fill(page, (byte) 7);
            List<MemorySegment> destinations = List.of(
                    shared.allocate(Stage.PAGE),
                    confined.allocate(Stage.PAGE),
                    MemorySegment.ofArray(new byte[Stage.PAGE]));
            for (MemorySegment destination : destinations) {
                pool.put(FILE, 0, page);
                assertThat(pool.get(FILE, 0, destination)).isTrue();
                assertThat(destination.mismatch(MemorySegment.ofArray(page))).isEqualTo(-1);
            }
            pool.put(FILE, 0, page);
            byte[] array = new byte[Stage.PAGE];
            assertThat(pool.get(FILE, 0, array)).isTrue();
            assertThat(array).isEqualTo(page);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void L06_aCopyThatSeemsDamagedOnceIsReadAgain(boolean persistent) {
        try (Stage stage = Stage.of(1)) {
            PagePool pool = persistent ? stage.persistent(GetMode.INCLUSIVE) : stage.ephemeral(GetMode.INCLUSIVE);
            stage.put(pool, FILE, 0, 1);
            var intact = new java.util.HashMap<>(stage.tier(0).contents());
            var damaged = new java.util.HashMap<Long, byte[]>();
            intact.forEach((copy, bytes) -> damaged.put(copy, bytes.clone()));
            damaged.values().forEach(bytes -> bytes[1234] ^= 4);
            stage.tier(0).restart(damaged);
            stage.hooks(0).at("get-done", () -> stage.tier(0).restart(intact));
            assertThat(stage.get(pool, FILE, 0)).isEqualTo(1);
            assertThat(tier(stage, 0).corrupt()).isZero();
            assertThat(pool.pageCount()).isEqualTo(1);
        }
    }

    // ---- L7: copy semantics

    @Test
    void L07_theCallersBufferIsFreeOnceThePutReturns() {
        try (Stage stage = Stage.aboveSlow(1, 8)) {
            EphemeralPool pool = stage.ephemeral(GetMode.INCLUSIVE);
            byte[] buffer = new byte[Stage.PAGE];
            for (int i = 0; i < 6; i++) {
                System.arraycopy(Stage.page(FILE, i, 1), 0, buffer, 0, buffer.length);
                pool.put(FILE, i, buffer);
                java.util.Arrays.fill(buffer, (byte) -1);
                assertThat(stage.get(pool, FILE, i)).isEqualTo(1);
                assertThat(buffer).as("still the caller's").containsOnly((byte) -1);
            }
        }
    }

    // ---- L8: per-key linearizable

    /** The seventeenth look is under the lock, where the put that would overtake it has to wait. */
    @Test
    void L08_aGetThatWasOvertakenSixteenTimesEnds() {
        try (Stage stage = Stage.of(64)) {
            PagePool pool = stage.ephemeral(GetMode.INCLUSIVE);
            stage.put(pool, FILE, 0, 1);
            List<Thread> puts = new ArrayList<>();
            stage.hooks(0).at("get-done", () -> {
                long version = puts.size() + 2L;
                Thread put = Thread.ofPlatform().daemon().start(() -> stage.put(pool, FILE, 0, version));
                puts.add(put);
                Race.until(() -> !put.isAlive() || LockSupport.getBlocker(put) != null);
            });
            assertThat(join(start(() -> stage.get(pool, FILE, 0)))).isEqualTo(17);
            assertThat(puts).hasSize(17);
            Race.until(() -> puts.stream().noneMatch(Thread::isAlive));
            stage.hooks(0).heal();
            assertThat(stage.get(pool, FILE, 0)).isEqualTo(18);
            assertThat(tier(stage, 0).hits()).isEqualTo(2);
        }
    }

    @Test
    void L08_ofTwoRacingExclusiveGetsOneWins() {
        try (Stage stage = Stage.of(2)) {
            EphemeralPool pool = stage.ephemeral(GetMode.EXCLUSIVE);
            stage.put(pool, FILE, 0, 1);
            stage.tier(0).gate().shut("get-done");
            CompletableFuture<Long> first = start(() -> stage.get(pool, FILE, 0));
            CompletableFuture<Long> second = start(() -> stage.get(pool, FILE, 0));
            stage.tier(0).gate().awaitArrivals("get-done", 2);
            stage.tier(0).gate().open("get-done");
            assertThat(List.of(join(first), join(second))).containsExactlyInAnyOrder(1L, 0L);
            assertThat(stats(pool).taken()).isEqualTo(1);
            assertThat(stage.copies()).isZero();
        }
    }

    @Test
    void L08_anExclusiveGetChecksBeforeItRemoves() {
        try (Stage stage = Stage.of(1)) {
            PersistentPool pool = stage.persistent(GetMode.EXCLUSIVE);
            stage.put(pool, FILE, 0, 1);
            stage.tier(0).link(Link.DOWN);
            assertThatThrownBy(() -> stage.get(pool, FILE, 0)).isInstanceOf(PageUnavailableException.class);
            stage.tier(0).link(Link.UP);
            assertThat(stage.get(pool, FILE, 0))
                    .as("not given up by the get that failed")
                    .isEqualTo(1);
            assertThat(stage.get(pool, FILE, 0)).isZero();
        }
    }

    @Test
    void L08_anExclusiveGetThatAMoveOvertookFreesTheCopyThatIsThere() {
        try (Stage stage = Stage.of(1, 4)) {
            EphemeralPool pool = stage.ephemeral(GetMode.EXCLUSIVE);
            stage.put(pool, FILE, 0, 1);
            stage.tier(0).gate().shutForOne("get-done");
            CompletableFuture<Long> taking = start(() -> stage.get(pool, FILE, 0));
            stage.tier(0).gate().awaitArrival("get-done");
            stage.put(pool, FILE, 1, 1); // pushes page 0 down: same stamp, another copy
            assertThat(stage.copies(1)).isEqualTo(1);
            stage.tier(0).gate().open("get-done");
            assertThat(join(taking)).isEqualTo(1);
            assertThat(stage.copies(0)).isEqualTo(1);
            assertThat(stage.copies(1)).isZero();
        }
    }

    @Test
    void L08_anExclusiveGetOfADamagedCopyTakesNothing() {
        try (Stage stage = Stage.of(1)) {
            PersistentPool pool = stage.persistent(GetMode.EXCLUSIVE);
            stage.put(pool, FILE, 0, 1);
            stage.tier(0).restart(java.util.Map.of());
            assertThatThrownBy(() -> stage.get(pool, FILE, 0)).isInstanceOf(PageLostException.class);
            assertThatThrownBy(() -> stage.get(pool, FILE, 0)).isInstanceOf(PageLostException.class);
            assertThat(stats(pool).taken()).isZero();
        }
    }

    @Test
    void L08_aReaderOnItsWayDeliversNothingOfAnObjectThatIsDetached() {
        try (Stage stage = Stage.of(4)) {
            EphemeralPool pool = stage.ephemeral(GetMode.INCLUSIVE);
            stage.put(pool, FILE, 0, 1);
            stage.put(pool, FILE, 1, 1);
            stage.tier(0).gate().shutForOne("get-done");
            CompletableFuture<Long> reading = start(() -> stage.get(pool, FILE, 0));
            stage.tier(0).gate().awaitArrival("get-done");
            stage.tier(0).gate().shutForOne("flush"); // page 1 goes first; page 0 is dead, its entry still there
            CompletableFuture<Long> flushing = start(() -> pool.flushObject(FILE));
            stage.tier(0).gate().awaitArrival("flush");
            assertThat(stage.copies()).isEqualTo(2);
            stage.tier(0).gate().open("get-done");
            assertThat(join(reading)).isZero();
            stage.tier(0).gate().open("flush");
            assertThat(join(flushing)).isEqualTo(2);
        }
    }

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
            Race.until(() -> tier(stage, 0).usedBytes() == 7 * 512); // the room of one is free, of another about to be
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
                assertThat(tier(stage, 0).usedBytes()).isLessThanOrEqualTo(3L * Stage.PAGE);
                assertThat(tier(stage, 1).usedBytes()).isLessThanOrEqualTo(2L * Stage.PAGE);
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
            PoolStats stats = stats(pool);
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
            assertThat(tier(stage, 0).demotedOut())
                    .isEqualTo(tier(stage, 1).demotedIn())
                    .isPositive();
            assertThat(tier(stage, 0).evicted() + tier(stage, 1).evicted()).isEqualTo(stats.evicted());
        }
    }
}
