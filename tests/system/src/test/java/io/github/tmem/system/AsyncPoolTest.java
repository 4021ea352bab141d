package io.github.tmem.system;

import static io.github.tmem.kit.Aside.start;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tmem.api.AsyncPool;
import io.github.tmem.api.EphemeralPool;
import io.github.tmem.api.GetMode;
import io.github.tmem.api.GetResult;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PageLostException;
import io.github.tmem.api.PageUnavailableException;
import io.github.tmem.api.PersistentPool;
import io.github.tmem.api.PoolClosedException;
import io.github.tmem.api.PutResult;
import io.github.tmem.api.Refusal;
import io.github.tmem.kit.Aside;
import io.github.tmem.kit.Gate;
import io.github.tmem.kit.Race;
import io.github.tmem.kit.backend.KeyedTestBackend;
import io.github.tmem.kit.backend.Link;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@link AsyncPool}, and the batches of a pool, over slow tiers whose calls stand at gates. */
class AsyncPoolTest {
    private static final ObjectId FILE = ObjectId.of(1);
    private static final int PAGE = Stage.PAGE;
    private static final int MANY = 64;
    private static final int UNDER_WAY_MAX = 1024;

    private static Stage slow(int pages) {
        return Stage.over(tier -> tier, KeyedTestBackend.slow((long) pages * PAGE));
    }

    private static <T> T join(CompletionStage<T> stage) {
        return Aside.join(stage.toCompletableFuture());
    }

    private static MemorySegment pages(long version, long... indexes) {
        byte[] pages = new byte[indexes.length * PAGE];
        for (int i = 0; i < indexes.length; i++) {
            System.arraycopy(Stage.page(FILE, indexes[i], version + i), 0, pages, i * PAGE, PAGE);
        }
        return MemorySegment.ofArray(pages);
    }

    private static MemorySegment page(long version) {
        return MemorySegment.ofArray(Stage.page(FILE, 0, version));
    }

    private static MemorySegment buffer(int pages) {
        return MemorySegment.ofArray(new byte[pages * PAGE]);
    }

    private static byte[] bytes(MemorySegment memory) {
        return memory.toArray(ValueLayout.JAVA_BYTE);
    }

    /** Who gives up waiting has not got his buffer back: the stage says when he has. */
    @Test
    void whoGivesUpWaitingEndsNoOperation() {
        try (Stage stage = slow(8)) {
            PersistentPool pool = stage.persistent(GetMode.EXCLUSIVE);
            stage.put(pool, FILE, 0, 1);
            Gate gate = stage.tier(0).gate();
            gate.shut("get");
            MemorySegment destination = buffer(1);
            CompletionStage<Boolean> getting = pool.async().getAsync(FILE, 0, destination);
            gate.awaitArrival("get");
            assertThat(getting.toCompletableFuture().cancel(true)).isTrue();
            assertThat(getting.toCompletableFuture()).isNotDone();
            gate.open("get");
            assertThat(join(getting)).isTrue();
            assertThat(bytes(destination)).isEqualTo(Stage.page(FILE, 0, 1));
        }
    }

    /** The store has room for one page of each of them: the same page a thousand times would take the caller's memory twice. */
    @Test
    void putsOfOnePageInOneBatchRunInTheCaller() {
        try (Stage stage = slow(8)) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            PutResult[] results = new PutResult[3];
            Arrays.setAll(
                    results,
                    i -> PutResult.storedIn(
                            stage.store().stats().tiers().getFirst().tier()));
            CompletionStage<PutResult[]> putting =
                    pool.async().putAllAsync(FILE, new long[] {4, 4, 4}, pages(1, 4, 4, 4));
            assertThat(putting.toCompletableFuture()).isDone();
            assertThat(join(putting)).isEqualTo(results);
            assertThat(stage.get(pool, FILE, 4)).isEqualTo(3);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void batchesHaveManyPagesUnderWayAtOnce(boolean asynchronous) {
        long[] indexes = LongStream.range(0, MANY).toArray();
        try (Stage stage = slow(MANY)) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            Gate gate = stage.tier(0).gate();
            MemorySegment pages = pages(1, indexes);
            gate.shut("put");
            CompletionStage<PutResult[]> putting = asynchronous
                    ? pool.async().putAllAsync(FILE, indexes, pages)
                    : start(() -> pool.putAll(FILE, indexes, pages));
            gate.awaitArrivals("put", MANY);
            byte[] expected = bytes(pages);
            if (asynchronous) {
                pages.fill((byte) 0); // ours again (L7)
            }
            gate.open("put");
            assertThat(join(putting)).hasSize(MANY).allMatch(PutResult::stored);
            MemorySegment destination = buffer(MANY);
            gate.shut("get");
            CompletionStage<GetResult[]> getting = asynchronous
                    ? pool.async().getAllAsync(FILE, indexes, destination)
                    : start(() -> pool.getAll(FILE, indexes, destination));
            gate.awaitArrivals("get", MANY);
            gate.open("get");
            assertThat(join(getting)).hasSize(MANY).containsOnly(GetResult.HIT);
            assertThat(bytes(destination)).isEqualTo(expected);
        }
    }

    @Test
    void singleCallsReturnBeforeTheTierDoes() {
        try (Stage stage = slow(4)) {
            PersistentPool pool = stage.persistent(GetMode.EXCLUSIVE);
            AsyncPool async = pool.async();
            stage.tier(0).gate().shut("put");
            MemorySegment page = page(1);
            CompletableFuture<PutResult> putting = async.putAsync(FILE, 0, page).toCompletableFuture();
            page.fill((byte) 0);
            stage.tier(0).gate().awaitArrival("put");
            assertThat(putting).isNotDone();
            stage.tier(0).gate().open("put");
            assertThat(join(putting).stored()).isTrue();
            MemorySegment destination = buffer(1);
            stage.tier(0).gate().shut("get");
            CompletableFuture<Boolean> getting =
                    async.getAsync(FILE, 0, destination).toCompletableFuture();
            stage.tier(0).gate().awaitArrival("get");
            assertThat(getting).isNotDone();
            stage.tier(0).gate().open("get");
            assertThat(join(getting)).isTrue();
            assertThat(bytes(destination)).isEqualTo(Stage.page(FILE, 0, 1));
            assertThat(async.getAsync(FILE, 0, destination)).as("taken").isCompletedWithValue(false);
        }
    }

    @Test
    void whatMeetsNoSlowTierIsCompleteOnReturn() {
        try (Stage stage = Stage.of(4)) {
            AsyncPool async = stage.ephemeral(GetMode.INCLUSIVE).async();
            long[] indexes = {0, 1};
            assertThat(async.putAsync(FILE, 0, page(1)).toCompletableFuture()).isCompleted();
            assertThat(async.putAllAsync(FILE, indexes, pages(1, indexes)).toCompletableFuture())
                    .isCompleted();
            assertThat(async.getAsync(FILE, 0, buffer(1)).toCompletableFuture()).isCompletedWithValue(true);
            assertThat(async.getAllAsync(FILE, indexes, buffer(2)).toCompletableFuture())
                    .isCompletedWithValueMatching(results -> results[1] == GetResult.HIT);
        }
        try (Stage stage = Stage.aboveSlow(4, 4)) {
            EphemeralPool pool = stage.ephemeral(GetMode.INCLUSIVE);
            stage.put(pool, FILE, 0, 1);
            assertThat(pool.async().getAsync(FILE, 0, buffer(1)).toCompletableFuture())
                    .isCompletedWithValue(true);
            assertThat(pool.async().getAsync(FILE, 1, buffer(1)).toCompletableFuture())
                    .isCompletedWithValue(false);
        }
    }

    @Test
    void ofDuplicatesInABatchTheLastWinsAndOneExclusiveGetHits() {
        long[] indexes = new long[MANY];
        for (int i = 0; i < MANY; i++) {
            indexes[i] = i % 2;
        }
        try (Stage stage = slow(4)) {
            PersistentPool pool = stage.persistent(GetMode.EXCLUSIVE);
            PutResult[] stored = join(pool.async().putAllAsync(FILE, indexes, pages(1, indexes)));
            assertThat(stored).allMatch(PutResult::stored);
            MemorySegment destination = buffer(MANY);
            GetResult[] results = join(pool.async().getAllAsync(FILE, indexes, destination));
            assertThat(Arrays.copyOf(results, 2)).containsOnly(GetResult.HIT);
            assertThat(Arrays.copyOfRange(results, 2, MANY)).containsOnly(GetResult.MISS);
            assertThat(bytes(destination.asSlice(0, 2 * PAGE))).isEqualTo(bytes(pages(MANY - 1, 0, 1)));
            assertThat(bytes(destination.asSlice(2 * PAGE)))
                    .as("misses touch nothing")
                    .containsOnly(0);
        }
    }

    @Test
    void resultsAndErrorsAreThoseOfTheSynchronousCalls() {
        try (Stage stage = slow(2)) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            AsyncPool async = pool.async();
            PutResult[] results = join(async.putAllAsync(FILE, new long[] {0, 1, 2}, pages(1, 0, 1, 2)));
            assertThat(results).extracting(PutResult::refusal).containsOnlyOnce(Refusal.FULL);
            int kept = results[0].stored() ? 0 : 1;
            stage.tier(0).link(Link.DOWN);
            assertThat(async.getAsync(FILE, kept, buffer(1)))
                    .failsWithin(Duration.ofSeconds(30))
                    .withThrowableThat()
                    .withCauseInstanceOf(PageUnavailableException.class);
            stage.tier(0).restart(Map.of());
            assertThatThrownBy(() -> async.getAsync(FILE, kept, buffer(1))
                            .toCompletableFuture()
                            .join())
                    .isInstanceOf(CompletionException.class)
                    .hasCauseInstanceOf(PageLostException.class);
            assertThat(join(async.getAllAsync(FILE, new long[] {kept, 9}, buffer(2))))
                    .containsExactly(GetResult.LOST, GetResult.MISS);
            assertThat(pool.flushObject(FILE)).isEqualTo(2);
        }
    }

    @Test
    void whatATierThrowsEndsTheBatchAndTheRestIsDoneNevertheless() {
        try (Stage stage = slow(4)) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            stage.hooks(0).at("put", () -> {
                throw new IllegalStateException("the medium broke");
            });
            long[] indexes = {0, 1};
            assertThatThrownBy(() -> pool.putAll(FILE, indexes, pages(1, indexes)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("the medium broke");
            CompletionStage<PutResult[]> failing = pool.async().putAllAsync(FILE, indexes, pages(1, indexes));
            assertThatThrownBy(() -> failing.toCompletableFuture().join())
                    .hasCauseInstanceOf(IllegalStateException.class);
            stage.hooks(0).heal();
            assertThat(join(pool.async().putAsync(FILE, 0, page(2))).stored())
                    .as("its room was given back")
                    .isTrue();
        }
    }

    @Test
    void memoryOfOneThreadIsRefusedWhereOthersWriteAndCopiedWhereTheyRead() {
        try (Stage stage = slow(4);
                Arena arena = Arena.ofConfined()) {
            PersistentPool pool = stage.persistent(GetMode.EXCLUSIVE);
            AsyncPool async = pool.async();
            MemorySegment confined = arena.allocate(2 * PAGE);
            confined.copyFrom(pages(1, 0, 1));
            long[] indexes = {0, 1};
            assertThat(join(async.putAllAsync(FILE, indexes, confined))).allMatch(PutResult::stored);
            assertThatThrownBy(() -> async.getAllAsync(FILE, indexes, confined))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("shared or automatic arena");
            assertThatThrownBy(() -> async.getAsync(FILE, 0, confined.asSlice(0, PAGE)))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> async.putAsync(FILE, 0, confined)).isInstanceOf(IllegalArgumentException.class);
            assertThat(pool.pageCount()).as("nothing was taken").isEqualTo(2);
            confined.fill((byte) 0);
            assertThat(pool.getAll(FILE, indexes, confined)).containsOnly(GetResult.HIT);
            assertThat(bytes(confined)).isEqualTo(bytes(pages(1, 0, 1)));
        }
    }

    @Test
    void aStoreThatClosesWaitsForWhatIsUnderWayAndTakesNoMore() {
        try (Stage stage = slow(4)) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            AsyncPool async = pool.async();
            stage.tier(0).gate().shut("put");
            CompletionStage<PutResult> putting = async.putAsync(FILE, 0, page(1));
            stage.tier(0).gate().awaitArrival("put");
            CompletableFuture<Boolean> closing = start(() -> {
                stage.store().close();
                return true;
            });
            Race.until(() ->
                    async.getAsync(FILE, 1, buffer(1)).toCompletableFuture().isCompletedExceptionally());
            assertThatThrownBy(() -> async.putAsync(FILE, 1, page(1))
                            .toCompletableFuture()
                            .join())
                    .hasCauseInstanceOf(PoolClosedException.class);
            assertThat(closing).isNotDone();
            stage.tier(0).gate().open("put");
            assertThat(join(putting).stored()).isTrue();
            assertThat(join(closing)).isTrue();
        }
    }

    @Test
    void noMoreAreUnderWayThanTheStoreHasRoomForAndTheCallerWaits() {
        long[] indexes = LongStream.range(0, UNDER_WAY_MAX + MANY).toArray();
        try (Stage stage = slow(indexes.length)) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            Gate gate = stage.tier(0).gate();
            gate.shut("put");
            AtomicReference<Thread> caller = new AtomicReference<>();
            CompletableFuture<CompletionStage<PutResult[]>> calling = start(() -> {
                caller.set(Thread.currentThread());
                return pool.async().putAllAsync(FILE, indexes, pages(1, indexes));
            });
            gate.awaitArrivals("put", UNDER_WAY_MAX);
            Race.until(() -> calling.isDone() || caller.get().getState() == Thread.State.WAITING);
            assertThat(calling).as("the caller waits").isNotDone();
            assertThat(gate.waiting("put")).isEqualTo(UNDER_WAY_MAX);
            gate.open("put");
            assertThat(join(join(calling))).hasSize(indexes.length).allMatch(PutResult::stored);
        }
    }

    @Test
    void whoHearsOfAnOutcomeMayCloseTheStoreOrGoOn() {
        try (Stage stage = slow(4)) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            stage.tier(0).gate().shut("put");
            CompletionStage<Boolean> chained = pool.async()
                    .putAsync(FILE, 0, page(1))
                    .thenCompose(stored -> pool.async().getAsync(FILE, 0, buffer(1)))
                    .thenApply(hit -> {
                        stage.store().close();
                        return hit;
                    });
            stage.tier(0).gate().awaitArrival("put");
            stage.tier(0).gate().open("put");
            assertThat(join(chained)).isTrue();
        }
    }

    @Test
    void anEmptyBatchIsDone() {
        try (Stage stage = slow(4)) {
            AsyncPool async = stage.ephemeral(GetMode.INCLUSIVE).async();
            assertThat(async.putAllAsync(FILE, new long[0], buffer(0)).toCompletableFuture())
                    .isCompletedWithValueMatching(results -> results.length == 0);
        }
    }
}
