package io.github.tmem.system;

import static io.github.tmem.kit.Aside.join;
import static io.github.tmem.kit.Aside.start;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tmem.api.BlobPool;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PageKind;
import io.github.tmem.api.PageLostException;
import io.github.tmem.api.PageUnavailableException;
import io.github.tmem.api.PutResult;
import io.github.tmem.api.Refusal;
import io.github.tmem.api.config.FullAction;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.api.config.Size;
import io.github.tmem.api.stats.PoolStats;
import io.github.tmem.kit.backend.Link;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The laws where a key of a blob pool changes its kind: it has a value of one kind at most, at every moment. Every race is
 * forced by stopping a backend call.
 */
class BlobLawsTest {
    private static final ObjectId FILE = ObjectId.of(1);
    private static final int LENGTH = Stage.PAGE;
    private static final int HALF = LENGTH / 2;

    private static PageKind other(PageKind kind) {
        return kind == PageKind.EPHEMERAL ? PageKind.PERSISTENT : PageKind.EPHEMERAL;
    }

    private static byte[] value(long version) {
        return Values.make(version, LENGTH);
    }

    private static PutResult put(BlobPool pool, long index, long version, PageKind kind) {
        return Values.put(pool, FILE, index, value(version), kind);
    }

    private static byte[] get(BlobPool pool, long index) {
        return Values.get(pool, FILE, index);
    }

    private static PoolStats stats(Stage stage) {
        return stage.store().stats().pools().getFirst();
    }

    // ---- L1: put, put, get

    @ParameterizedTest
    @EnumSource
    void L01_aPutReplacesTheValueOfTheOtherKind(PageKind kind) {
        try (Stage stage = Stage.of(4)) {
            BlobPool pool = stage.blobs();
            put(pool, 0, 1, other(kind));
            put(pool, 0, 2, kind);
            assertThat(get(pool, 0)).isEqualTo(value(2));
            assertThat(stage.copies()).isEqualTo(1);
            assertThat(pool.count()).isEqualTo(1);
            assertThat(stats(stage).replaced()).isEqualTo(1);
            assertThat(pool.flush(FILE, 0)).isTrue();
            assertThat(get(pool, 0)).isSameAs(Values.NONE);
            assertThat(pool.flush(FILE, 0)).as("what has gone").isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource
    void L01_ofTwoOverlappingPutsOfDifferentKindsTheLaterStays(PageKind kind) {
        try (Stage stage = Stage.of(4)) {
            BlobPool pool = stage.blobs();
            stage.tier(0).gate().shutForOne("put-done");
            CompletableFuture<PutResult> first = start(() -> put(pool, 0, 1, other(kind)));
            stage.tier(0).gate().awaitArrival("put-done");
            assertThat(put(pool, 0, 2, kind).stored()).isTrue();
            stage.tier(0).gate().open("put-done");
            assertThat(join(first).stored()).as("it came before the other").isTrue();
            assertThat(get(pool, 0)).isEqualTo(value(2));
            assertThat(stage.copies()).isEqualTo(1);
            assertThat(stats(stage).replaced()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void L01_anOverwriteWhoseEntryWentToTheOtherKindComesBefore(PageKind kind) {
        try (Stage stage = Stage.of(4)) {
            BlobPool pool = stage.blobs();
            put(pool, 0, 1, kind);
            stage.tier(0).gate().shutForOne("put-done");
            CompletableFuture<PutResult> overwriting = start(() -> put(pool, 0, 2, kind));
            stage.tier(0).gate().awaitArrival("put-done");
            put(pool, 0, 3, other(kind));
            stage.tier(0).gate().open("put-done");
            assertThat(join(overwriting).stored()).isTrue();
            assertThat(get(pool, 0)).isEqualTo(value(3));
            assertThat(stage.copies()).isEqualTo(1);
        }
    }

    /** The tiers fill up while a put is on its way: what came after it is no older copy whose room it may have. */
    @Test
    void L01_aPutAtAFullChainGivesUpNoNewerValueOfTheOtherKind() {
        try (Stage stage = Stage.of(Stage.whenFull(FullAction.FORWARD, FullAction.FORWARD), 1, 1)) {
            BlobPool pool = stage.blobs();
            stage.tier(0).gate().shutForOne("put");
            CompletableFuture<PutResult> first = start(() -> put(pool, 0, 1, PageKind.EPHEMERAL));
            stage.tier(0).gate().awaitArrival("put");
            assertThat(put(pool, 0, 2, PageKind.PERSISTENT).tier())
                    .isEqualTo(stage.stats(1).tier());
            stage.tier(0).link(Link.DOWN);
            stage.tier(0).gate().open("put");
            assertThat(join(first).refusal()).isEqualTo(Refusal.FULL);
            assertThat(get(pool, 0)).isEqualTo(value(2));
        }
    }

    // ---- L3: reject means gone

    @ParameterizedTest
    @EnumSource
    void L03_aRefusedPutLeavesNoValueOfTheOtherKind(PageKind kind) {
        try (Stage stage = Stage.of(4)) {
            BlobPool pool = stage.blobs();
            put(pool, 0, 1, other(kind));
            stage.tier(0).link(Link.DOWN);
            assertThat(put(pool, 0, 2, kind).refusal()).isEqualTo(Refusal.UNAVAILABLE);
            stage.tier(0).link(Link.UP);
            assertThat(get(pool, 0)).isSameAs(Values.NONE);
            assertThat(pool.length(FILE, 0)).isEqualTo(-1);
            assertThat(stats(stage).replaced()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void L03_aRefusedPutLeavesANewerValueOfTheOtherKindAlone(PageKind kind) {
        try (Stage stage = Stage.of(4)) {
            BlobPool pool = stage.blobs();
            stage.tier(0).gate().shutForOne("put");
            CompletableFuture<PutResult> refused = start(() -> put(pool, 0, 1, other(kind)));
            stage.tier(0).gate().awaitArrival("put");
            put(pool, 0, 2, kind);
            stage.tier(0).link(Link.DOWN);
            stage.tier(0).gate().open("put");
            assertThat(join(refused).stored()).isFalse();
            stage.tier(0).link(Link.UP);
            assertThat(get(pool, 0)).isEqualTo(value(2));
        }
    }

    // ---- L4: flush is total

    @ParameterizedTest
    @EnumSource
    void L04_aFlushOfAllEndsAPutInFlightOfEitherKind(PageKind kind) {
        try (Stage stage = Stage.of(4)) {
            BlobPool pool = stage.blobs();
            put(pool, 7, 7, kind); // so that the object exists
            put(pool, 8, 8, other(kind));
            stage.tier(0).gate().shutForOne("put-done");
            CompletableFuture<PutResult> putting = start(() -> put(pool, 0, 1, kind));
            stage.tier(0).gate().awaitArrival("put-done");
            assertThat(pool.flushAll()).isEqualTo(2);
            stage.tier(0).gate().open("put-done");
            assertThat(join(putting).stored()).as("it came before the flush").isTrue();
            assertThat(get(pool, 0)).isSameAs(Values.NONE);
            assertThat(stage.copies()).isZero();
            assertThat(stats(stage).flushed()).isEqualTo(3);
        }
    }

    /** A put that the flush has ended, and that has returned, must not leave what it replaced to the rest of the flush. */
    @Test
    void L04_whatAFlushOfAllEndedOnItsWayTakesTheOlderValueOfTheOtherKindWithIt() {
        try (Stage stage = Stage.of(4)) {
            BlobPool pool = stage.blobs();
            put(pool, 7, 7, PageKind.PERSISTENT);
            put(pool, 0, 1, PageKind.EPHEMERAL);
            stage.tier(0).gate().shutForOne("put-done");
            CompletableFuture<PutResult> putting = start(() -> put(pool, 0, 2, PageKind.PERSISTENT));
            stage.tier(0).gate().awaitArrival("put-done");
            stage.tier(0).gate().shutForOne("flush");
            CompletableFuture<Long> flushing =
                    start(pool::flushAll); // the persistent ones first: it frees that of key 7
            stage.tier(0).gate().awaitArrival("flush");
            stage.tier(0).gate().open("put-done");
            assertThat(join(putting).stored()).isTrue();
            assertThat(get(pool, 0)).as("the value before the last").isSameAs(Values.NONE);
            stage.tier(0).gate().open("flush");
            join(flushing);
            assertThat(pool.count()).isZero();
            assertThat(stage.copies()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void L04_aPoolThatIsClosedTakesAPutInFlightWithIt(PageKind kind) {
        try (Stage stage = Stage.of(4)) {
            BlobPool pool = stage.blobs();
            stage.tier(0).gate().shutForOne("put-done");
            CompletableFuture<PutResult> putting = start(() -> put(pool, 0, 1, kind));
            stage.tier(0).gate().awaitArrival("put-done");
            pool.close();
            BlobPool again = stage.store().blobs(pool.name());
            stage.tier(0).gate().open("put-done");
            assertThat(join(putting).stored()).isTrue();
            assertThat(get(again, 0)).isSameAs(Values.NONE);
            assertThat(stage.copies()).isZero();
            again.close();
        }
    }

    // ---- L5: a persistent value stays

    /** Also when the key gets a value of the other kind: who looks finds the one or the other. */
    @ParameterizedTest
    @EnumSource
    void L05_aReaderFindsTheValueThatComesAfterTheOneItReads(PageKind kind) {
        try (Stage stage = Stage.of(4)) {
            BlobPool pool = stage.blobs();
            put(pool, 0, 1, PageKind.PERSISTENT);
            stage.tier(0).gate().shutForOne("get-done");
            CompletableFuture<byte[]> reading = start(() -> get(pool, 0));
            stage.tier(0).gate().awaitArrival("get-done");
            put(pool, 0, 2, kind);
            stage.tier(0).gate().open("get-done");
            assertThat(join(reading)).isEqualTo(value(2));
        }
    }

    /** At a full chain the older value goes first; until the newer is there, nobody takes the pause for a miss. */
    @Test
    void L05_aPersistentValueThatGivesWayToAnEphemeralOneIsHeldUntilThatIsThere() {
        try (Stage stage = Stage.of(1)) {
            BlobPool pool = stage.blobs();
            put(pool, 0, 1, PageKind.PERSISTENT);
            stage.tier(0).gate().shutForOne("flush-done"); // of the older value's copy
            CompletableFuture<PutResult> putting = start(() -> put(pool, 0, 2, PageKind.EPHEMERAL));
            stage.tier(0).gate().awaitArrival("flush-done");
            assertThat(pool.length(FILE, 0)).isEqualTo(LENGTH);
            CompletableFuture<byte[]> reading = start(() -> get(pool, 0));
            stage.tier(0).gate().open("flush-done");
            assertThat(join(putting).stored()).isTrue();
            assertThat(join(reading)).isEqualTo(value(2));
        }
    }

    @Test
    void L05_aValueOutOfReachIsUnavailableAndOneThatIsGoneIsLostUntilTheNextPut() {
        try (Stage stage = Stage.of(4)) {
            BlobPool pool = stage.blobs();
            put(pool, 0, 1, PageKind.PERSISTENT);
            put(pool, 1, 1, PageKind.EPHEMERAL);
            stage.tier(0).link(Link.DOWN);
            assertThatThrownBy(() -> get(pool, 0)).isInstanceOf(PageUnavailableException.class);
            assertThatThrownBy(() -> Values.take(pool, FILE, 0)).isInstanceOf(PageUnavailableException.class);
            assertThat(pool.length(FILE, 0)).isEqualTo(LENGTH);
            assertThat(pool.get(FILE, 0, MemorySegment.ofArray(new byte[1]))).isEqualTo(LENGTH);
            assertThat(get(pool, 1)).isSameAs(Values.NONE);
            stage.tier(0).link(Link.UP);
            assertThat(get(pool, 0)).isEqualTo(value(1));
            assertThat(get(pool, 1)).as("L2").isSameAs(Values.NONE);
            stage.tier(0).restart(Map.of());
            assertThatThrownBy(() -> get(pool, 0)).isInstanceOf(PageLostException.class);
            assertThat(pool.length(FILE, 0)).isZero();
            assertThat(pool.count()).isEqualTo(1);
            assertThat(stats(stage).lostPages()).isEqualTo(1);
            put(pool, 0, 3, PageKind.EPHEMERAL);
            assertThat(get(pool, 0)).isEqualTo(value(3));
            assertThat(stats(stage).lost()).isEqualTo(1);
            assertThat(stats(stage).lostPages()).isZero();
        }
    }

    // ---- L8, L9, R23, R29

    @Test
    void L08_ofTwoWhoTakeAValueOneHasIt() {
        try (Stage stage = Stage.of(4)) {
            BlobPool pool = stage.blobs();
            put(pool, 0, 1, PageKind.PERSISTENT);
            stage.tier(0).gate().shutForOne("get-done");
            CompletableFuture<byte[]> loser = start(() -> Values.take(pool, FILE, 0));
            stage.tier(0).gate().awaitArrival("get-done");
            assertThat(Values.take(pool, FILE, 0)).isEqualTo(value(1));
            stage.tier(0).gate().open("get-done");
            assertThat(join(loser)).isSameAs(Values.NONE);
            assertThat(stats(stage).taken()).isEqualTo(1);
            assertThat(stats(stage).misses()).isEqualTo(1);
        }
    }

    @Test
    void L09_persistentValuesTakeTheRoomOfEphemeralOnesAndNeverTheReverse() {
        try (Stage stage = Stage.of(2)) {
            BlobPool pool = stage.blobs();
            put(pool, 0, 1, PageKind.EPHEMERAL);
            put(pool, 1, 1, PageKind.EPHEMERAL);
            assertThat(put(pool, 2, 1, PageKind.PERSISTENT).stored()).isTrue();
            assertThat(put(pool, 3, 1, PageKind.PERSISTENT).stored()).isTrue();
            assertThat(stats(stage).evicted()).isEqualTo(2);
            assertThat(put(pool, 4, 1, PageKind.EPHEMERAL).refusal()).isEqualTo(Refusal.FULL);
            assertThat(put(pool, 4, 1, PageKind.PERSISTENT).refusal()).isEqualTo(Refusal.FULL);
            assertThat(get(pool, 2)).isEqualTo(value(1));
            assertThat(get(pool, 3)).isEqualTo(value(1));
        }
    }

    @ParameterizedTest
    @EnumSource
    void atAFullChainAnOverwriteTakesTheRoomOfTheValueOfTheOtherKind(PageKind kind) {
        try (Stage stage = Stage.of(2)) {
            BlobPool pool = stage.blobs();
            put(pool, 0, 1, PageKind.PERSISTENT);
            put(pool, 1, 1, other(kind));
            assertThat(put(pool, 1, 2, kind).stored()).isTrue();
            assertThat(get(pool, 0)).isEqualTo(value(1));
            assertThat(get(pool, 1)).isEqualTo(value(2));
            assertThat(pool.count()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @EnumSource
    void anOverwriteAtTheQuotaIsChargedWithTheDifferenceToTheOtherKind(PageKind kind) {
        try (Stage stage = Stage.of(8)) {
            BlobPool pool = stage.blobs(PoolConfig.ephemeral("capped").withQuota(Size.ofBytes(2 * LENGTH)));
            put(pool, 0, 1, PageKind.PERSISTENT);
            put(pool, 1, 1, other(kind));
            assertThat(put(pool, 1, 2, kind).stored()).isTrue();
            assertThat(stats(stage).encodedBytes()).isEqualTo(2 * LENGTH);
            assertThat(stats(stage).evicted()).isZero();
            assertThat(get(pool, 0)).isEqualTo(value(1));
            assertThat(get(pool, 1)).isEqualTo(value(2));
        }
    }

    @Test
    void oneQuotaIsForBothKindsAndPersistentValuesTakeIt() {
        try (Stage stage = Stage.of(8)) {
            BlobPool pool = stage.blobs(PoolConfig.ephemeral("capped").withQuota(Size.ofBytes(2 * LENGTH)));
            put(pool, 0, 1, PageKind.EPHEMERAL);
            put(pool, 1, 1, PageKind.EPHEMERAL);
            assertThat(put(pool, 2, 1, PageKind.EPHEMERAL).stored()).isTrue();
            assertThat(stats(stage).evicted()).isEqualTo(1);
            assertThat(put(pool, 3, 1, PageKind.PERSISTENT).stored()).isTrue();
            assertThat(put(pool, 4, 1, PageKind.PERSISTENT).stored()).isTrue();
            assertThat(stats(stage).evicted()).isEqualTo(3);
            assertThat(put(pool, 5, 1, PageKind.EPHEMERAL).refusal()).isEqualTo(Refusal.OVER_QUOTA);
            assertThat(put(pool, 5, 1, PageKind.PERSISTENT).refusal()).isEqualTo(Refusal.OVER_QUOTA);
            assertThat(Values.put(pool, FILE, 4, Values.make(4, HALF), PageKind.PERSISTENT)
                            .stored())
                    .isTrue();
            assertThat(stats(stage).encodedBytes()).isEqualTo(LENGTH + HALF);
            assertThat(stats(stage).quotaBytes()).isEqualTo(2 * LENGTH);
        }
    }
}
