package io.github.tmem.system;

import static io.github.tmem.kit.Aside.join;
import static io.github.tmem.kit.Aside.start;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.EphemeralPool;
import io.github.tmem.api.GetMode;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PageKind;
import io.github.tmem.api.PagePool;
import io.github.tmem.api.PersistentPool;
import io.github.tmem.api.Refusal;
import io.github.tmem.api.config.FullAction;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.api.spi.Capabilities;
import io.github.tmem.api.spi.Capabilities.Addressing;
import io.github.tmem.api.spi.Capabilities.Latency;
import io.github.tmem.kit.backend.KeyedTestBackend;
import io.github.tmem.kit.backend.Link;
import io.github.tmem.kit.codec.CodecScript;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** However a page ends, its entry serves another: the smallest directory, of 64, is filled after more than 64 ends. */
class EntriesTest {
    private static final ObjectId FILE = ObjectId.of(1);
    private static final ObjectId OTHER = ObjectId.of(2);
    private static final int PAGE = Stage.PAGE;
    private static final int ENDS = 70;

    @Test
    void aPageThatFindsNoPlaceBelowGivesItsEntryBack() {
        KeyedTestBackend shortCopies = new KeyedTestBackend(
                4 * PAGE, new Capabilities(Addressing.KEYED, Latency.LOCAL, EnumSet.allOf(PageKind.class), PAGE / 2));
        try (Stage stage = Stage.withDirectory(
                "1B",
                Stage.whenFull(FullAction.DEMOTE, FullAction.DEMOTE),
                KeyedTestBackend.local(PAGE),
                shortCopies)) {
            EphemeralPool clean = stage.ephemeral(GetMode.INCLUSIVE);
            for (int i = 0; i < 200; i++) {
                assertThat(stage.put(clean, FILE, i, 1)).isTrue();
            }
            assertThat(stage.stats(0).evicted()).isEqualTo(199);
            fillDirectory(stage.persistent(GetMode.INCLUSIVE));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Link.class,
            names = {"UP", "DOWN"})
    void aPageThatAGetDropsGivesItsEntryBack(Link link) {
        try (Stage stage = Stage.withDirectory("1B", 200)) {
            EphemeralPool clean = stage.ephemeral(GetMode.INCLUSIVE);
            for (int i = 0; i < 100; i++) {
                assertThat(stage.put(clean, FILE, i, 1)).isTrue();
                stage.tier(0).restart(Map.of());
                stage.tier(0).link(link);
                assertThat(stage.get(clean, FILE, i)).isZero();
                stage.tier(0).link(Link.UP);
            }
            assertThat(clean.stats().dropped()).isEqualTo(100);
            fillDirectory(stage.persistent(GetMode.INCLUSIVE));
        }
    }

    @Test
    void aPageWithoutACopyThatIsTakenGivesItsEntryBack() {
        try (Stage stage = Stage.withDirectory("1B", 1)) {
            EphemeralPool clean = stage.ephemeral(GetMode.EXCLUSIVE);
            for (int i = 0; i < ENDS; i++) {
                assertThat(clean.put(FILE, i, new byte[PAGE]).stored()).isTrue();
                assertThat(clean.get(FILE, i, new byte[PAGE])).isTrue();
            }
            fillDirectory(stage.persistent(GetMode.INCLUSIVE));
        }
    }

    /** What the walk at the end finds otherwise: an object that was made for a put, and has no page. */
    @Test
    void aRefusedPutLeavesNoObjectBehind() {
        try (Stage stage = Stage.of(1)) {
            PersistentPool dirty = stage.persistent(GetMode.INCLUSIVE);
            stage.put(dirty, FILE, 0, 1);
            assertThat(stage.put(dirty, OTHER, 0, 1)).isFalse();
            stage.verify();
        }
    }

    @Test
    void aPutAboveTheLastIndexIsRefused() {
        try (Stage stage = Stage.of(2)) {
            PagePool pool = stage.open(PoolConfig.persistent("small").withIndexes(10));
            assertThat(stage.put(pool, FILE, 9, 1)).isTrue();
            assertThat(pool.put(FILE, 10, new byte[PAGE]).refusal()).isEqualTo(Refusal.WRONG_INDEX);
            assertThat(pool.stats().refused()).containsOnlyKeys(Refusal.WRONG_INDEX);
        }
    }

    /** Each operation borrows working memory, which holds a codec of each sort: none is made for every operation. */
    @Test
    void operationsGiveTheirWorkingMemoryBack() {
        try (CodecScript script = CodecScript.start();
                Arena arena = Arena.ofShared();
                Stage stage = Stage.of(tier -> tier.withCodec("test-gated"), 8)) {
            EphemeralPool clean = stage.ephemeral(GetMode.INCLUSIVE);
            MemorySegment page = arena.allocate(PAGE).copyFrom(MemorySegment.ofArray(Stage.page(FILE, 0, 1)));
            List<Runnable> operations = List.of(
                    () -> clean.put(FILE, 0, page),
                    () -> stage.put(clean, FILE, 0, 1),
                    () -> clean.put(FILE, 0, page, clean.fillToken(FILE, 0)),
                    () -> clean.get(FILE, 0, page),
                    () -> stage.get(clean, FILE, 0),
                    () -> clean.flush(FILE, 1),
                    () -> clean.flushObject(FILE));
            for (Runnable operation : operations) {
                stage.put(clean, FILE, 0, 1);
                int before = script.codecsOpened();
                for (int i = 0; i < ENDS; i++) {
                    operation.run();
                }
                assertThat(script.codecsOpened() - before).isLessThan(ENDS / 2);
            }
        }
    }

    /** As many pages as the smallest directory has entries. */
    private static void fillDirectory(PersistentPool pool) {
        assertThat(pool.pageCount()).isZero();
        byte[] zeros = new byte[PAGE];
        for (int i = 0; i < 64; i++) {
            assertThat(pool.put(OTHER, i, zeros).stored()).as("page %d", i).isTrue();
        }
        assertThat(pool.put(OTHER, 64, zeros).refusal()).isEqualTo(Refusal.DIRECTORY_FULL);
    }

    @Test
    void aRefusedPutGivesItsEntryBack() {
        try (Stage stage = Stage.withDirectory("1B", 1)) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            stage.put(pool, FILE, 0, 1);
            for (int i = 1; i < ENDS; i++) {
                assertThat(pool.put(FILE, i, Stage.page(FILE, i, 1)).refusal()).isEqualTo(Refusal.FULL);
            }
            pool.flush(FILE, 0);
            fillDirectory(pool);
        }
    }

    @Test
    void aRefusedOverwriteGivesTheOlderEntryBack() {
        try (Stage stage = Stage.withDirectory("1B", 1)) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            for (int i = 0; i < ENDS; i++) {
                assertThat(stage.put(pool, FILE, i, 1)).isTrue();
                stage.tier(0).link(Link.DOWN);
                assertThat(stage.put(pool, FILE, i, 2)).isFalse();
                stage.tier(0).link(Link.UP);
                stage.verify(); // the free that is owed is answered
            }
            fillDirectory(pool);
        }
    }

    @Test
    void aPutThatAFlushOfItsObjectOvertakesGivesItsEntryBack() {
        try (Stage stage = Stage.withDirectory("1B", 4)) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            for (int i = 0; i < ENDS; i++) {
                stage.put(pool, FILE, 0, 1); // so that the object exists
                stage.tier(0).gate().shutForOne("put-done");
                CompletableFuture<Boolean> putting = start(() -> stage.put(pool, FILE, 1, 1));
                stage.tier(0).gate().awaitArrival("put-done");
                assertThat(pool.flushObject(FILE)).isEqualTo(1);
                stage.tier(0).gate().open("put-done");
                assertThat(join(putting)).isTrue();
            }
            fillDirectory(pool);
        }
    }

    /** Neither finds an entry to overwrite; the earlier one is linked first, or last. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void ofTwoFirstPutsOfAKeyOneEntryRemains(boolean earlierFirst) {
        try (Stage stage = Stage.withDirectory("1B", 4)) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            for (int i = 0; i < ENDS; i++) {
                stage.tier(0).gate().shutForOne("put-done");
                CompletableFuture<Boolean> earlier = start(() -> stage.put(pool, FILE, 0, 1));
                stage.tier(0).gate().awaitArrival("put-done");
                stage.tier(0).gate().shutForOne("put");
                CompletableFuture<Boolean> later = start(() -> stage.put(pool, FILE, 0, 2));
                stage.tier(0).gate().awaitArrival("put");
                stage.tier(0).gate().open(earlierFirst ? "put-done" : "put");
                assertThat(join(earlierFirst ? earlier : later)).isTrue();
                stage.tier(0).gate().open(earlierFirst ? "put" : "put-done");
                assertThat(join(earlierFirst ? later : earlier)).isTrue();
                assertThat(stage.get(pool, FILE, 0)).isEqualTo(2);
                assertThat(pool.flush(FILE, 0)).isTrue();
            }
            fillDirectory(pool);
        }
    }

    @Test
    void aPutWhoseEntryHasGoneAndThatFindsNoOtherFreesItsCopyOnce() {
        byte[] zeros = new byte[PAGE];
        try (Stage stage = Stage.withDirectory("1B", 4)) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            stage.put(pool, FILE, 0, 1);
            stage.put(pool, FILE, 1, 1);
            for (int i = 2; i < 64; i++) {
                assertThat(pool.put(FILE, i, zeros).stored()).isTrue();
            }
            stage.tier(0).gate().shutForOne("put-done");
            CompletableFuture<Boolean> putting = start(() -> stage.put(pool, FILE, 0, 2));
            stage.tier(0).gate().awaitArrival("put-done");
            assertThat(pool.flush(FILE, 0)).isTrue();
            assertThat(pool.put(OTHER, 0, zeros).stored()).as("takes its entry").isTrue();
            stage.tier(0).gate().open("put-done");
            assertThat(join(putting)).isFalse();
            assertThat(stage.get(pool, FILE, 0)).isZero();
            assertThat(stage.get(pool, FILE, 1)).isEqualTo(1);
            assertThat(stage.stats(0).usedBytes()).isEqualTo(PAGE);
        }
    }
}
