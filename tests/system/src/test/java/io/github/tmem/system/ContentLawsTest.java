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
import io.github.tmem.kit.PageKey;
import io.github.tmem.kit.Pages;
import io.github.tmem.kit.Race;
import io.github.tmem.kit.Shape;
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
 * The laws of bytes and races, L6 to L8, each on the narrowest interleaving that could break it. Every race is forced by
 * stopping a backend call; {@code docs/coherence.md} says which line of the code each test guards.
 */
class ContentLawsTest {
    private static final ObjectId FILE = ObjectId.of(1);

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
            assertThat(stage.stats(0).corrupt()).isEqualTo(1);
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
            assertThat(stage.stats(0).hits()).isEqualTo(8);
            assertThat(stage.stats(0).dropped()).isEqualTo(1);
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
            assertThat(stage.stats(0).corrupt()).isEqualTo(1);
            assertThat(stage.stats(0).hits()).isEqualTo(1);
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
            assertThat(stage.stats(0).corrupt()).isZero();
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
            assertThat(stage.stats(0).hits()).isEqualTo(2);
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
            assertThat(pool.stats().taken()).isEqualTo(1);
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
            assertThat(pool.stats().taken()).isZero();
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
}
