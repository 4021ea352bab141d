package io.github.tmem.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tmem.api.EphemeralPool;
import io.github.tmem.api.GetMode;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PageKind;
import io.github.tmem.api.PageLostException;
import io.github.tmem.api.PagePool;
import io.github.tmem.api.PersistentPool;
import io.github.tmem.api.config.FullAction;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.api.live.Evacuated;
import io.github.tmem.api.live.Evacuated.End;
import io.github.tmem.api.stats.TierState;
import io.github.tmem.kit.Race;
import io.github.tmem.kit.backend.KeyedTestBackend;
import io.github.tmem.kit.backend.Link;
import io.github.tmem.kit.codec.CodecFault;
import io.github.tmem.kit.codec.CodecScript;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tiers that are drained: where their pages go, what it costs the others, and the numbers that are told of it. */
class TierDrainTest {
    private static final ObjectId FILE = ObjectId.of(1);
    private static final ObjectId OTHER = ObjectId.of(2);
    private static final int PAGE = Stage.PAGE;

    /** Down the chain, and up again. */
    @Test
    void whatMovedIsCountedByItsDirection() {
        try (Stage stage = Stage.of(8, 8)) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            for (int index = 0; index < 3; index++) {
                assertThat(stage.put(pool, FILE, index, 1)).isTrue();
            }
            assertThat(stage.chain().drain(stage.name(0)).moved()).isEqualTo(3);
            assertThat(stage.stats(0).demotedOut()).isEqualTo(3);
            assertThat(stage.stats(1).demotedIn()).isEqualTo(3);
            assertThat(stage.stats(0).promotedOut()).isZero();
            stage.chain().thaw(stage.name(0));
            assertThat(stage.chain().drain(stage.name(1)).moved()).isEqualTo(3);
            assertThat(stage.stats(1).promotedOut()).isEqualTo(3);
            assertThat(stage.stats(0).promotedIn()).isEqualTo(3);
            assertThat(stage.stats(1).demotedOut()).isZero();
            assertThat(stage.stats(0).relocated() + stage.stats(1).relocated()).isZero();
        }
    }

    @Test
    void theProgressIsOfWhatMovedAndOfWhatGaveWay() {
        try (Stage stage = Stage.of(4, 2)) {
            EphemeralPool clean = stage.ephemeral(GetMode.INCLUSIVE);
            for (int index = 0; index < 4; index++) {
                assertThat(stage.put(clean, FILE, index, 1)).isTrue();
            }
            List<String> heard = new ArrayList<>();
            Evacuated drained = stage.chain().drain(stage.name(0), (gone, left) -> heard.add(gone + " " + left));
            assertThat(drained).isEqualTo(new Evacuated(End.COMPLETE, 2, 2, 0));
            assertThat(heard).containsExactly("1 3", "2 2", "3 1", "4 0");
        }
    }

    /** It comes back to where a tier looks for pages that may leave, and the next drain finds it. */
    @ParameterizedTest
    @EnumSource
    void aPageWhoseMoveFailsStaysOrGivesWay(PageKind kind) {
        try (Stage stage = Stage.of(4, 4)) {
            PagePool pool = kind == PageKind.PERSISTENT
                    ? stage.persistent(GetMode.INCLUSIVE)
                    : stage.ephemeral(GetMode.INCLUSIVE);
            assertThat(stage.put(pool, FILE, 0, 1)).isTrue();
            stage.hooks(0).at("get-done", () -> {
                throw new IllegalStateException("planted");
            });
            assertThatThrownBy(() -> stage.chain().drain(stage.name(0))).hasMessage("planted");
            stage.hooks(0).heal();
            int stays = kind == PageKind.PERSISTENT ? 1 : 0;
            assertThat(stage.stats(0).state()).isEqualTo(TierState.OPEN);
            assertThat(pool.pageCount()).isEqualTo(stays);
            assertThat(stage.chain().drain(stage.name(0))).isEqualTo(new Evacuated(End.COMPLETE, stays, 0, 0));
        }
    }

    /** The checksum is right, and yet the codec does not know its own bytes. */
    @Test
    void aPageThatDoesNotDecodeOnItsWayOutIsLost() {
        try (Stage stage = Stage.of(tier -> tier.withCodec("test-gated"), 4, 4);
                CodecScript script = CodecScript.start()) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            assertThat(Stage.putCompressible(pool, FILE, 0)).isTrue();
            stage.chain().codec(stage.name(1), "none");
            script.next(CodecFault.DECODE_MALFORMED);
            assertThat(stage.chain().drain(stage.name(0))).isEqualTo(new Evacuated(End.COMPLETE, 0, 0, 0));
            assertThat(stage.stats(0).corrupt()).isEqualTo(1);
            assertThatThrownBy(() -> stage.get(pool, FILE, 0)).isInstanceOf(PageLostException.class);
        }
    }

    /** Each codec that is opened is of one more scratch. */
    @Test
    void aDrainMovesItsPagesWithTheSameScratch() {
        try (CodecScript script = CodecScript.start();
                Stage stage = Stage.of(tier -> tier.withCodec("test-gated"), 16, 16)) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            for (int index = 0; index < 16; index++) {
                assertThat(stage.put(pool, FILE, index, 1)).isTrue();
            }
            int opened = script.codecsOpened();
            assertThat(stage.chain().drain(stage.name(0)).moved()).isEqualTo(16);
            assertThat(script.codecsOpened() - opened).isLessThan(4);
        }
    }

    /** With so many pools the pages of some shards stand for all, when one is looked for that should leave next. */
    @Test
    void aDrainFindsTheSinglePagesOfManyPools() {
        try (Stage stage = Stage.of(8192, 8192)) {
            List<PersistentPool> pools = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
                assertThat(stage.put(pool, FILE, 0, 1)).isTrue();
                pools.add(pool);
            }
            AtomicInteger calls = new AtomicInteger();
            Evacuated result = stage.chain().drain(stage.name(0), (gone, left) -> calls.incrementAndGet() < 10_000);
            assertThat(result).isEqualTo(new Evacuated(End.COMPLETE, 300, 0, 0));
            pools.forEach(pool -> assertThat(stage.get(pool, FILE, 0)).isEqualTo(1));
        }
    }

    /** The long pages fit nowhere, and the short one does: one that stays says nothing of the others. */
    @Test
    void aPageThatFitsLeavesThoughOthersStay() {
        try (Stage stage = Stage.over(
                tier -> tier.withCodec("test-runs"),
                KeyedTestBackend.local(32 * PAGE),
                KeyedTestBackend.local(PAGE - 1))) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            for (int index = 0; index < 8; index++) {
                assertThat(stage.put(pool, FILE, index, 1)).isTrue();
            }
            assertThat(Stage.putCompressible(pool, FILE, 8)).isTrue();
            assertThat(stage.chain().drain(stage.name(0))).isEqualTo(new Evacuated(End.NO_ROOM, 1, 0, 8));
        }
    }

    /** Each page may push one out below the tier it comes to, whatever those before it did. */
    @Test
    void everyPageMayPushOthersDown() {
        try (Stage stage = Stage.of(Stage.whenFull(FullAction.DEMOTE, FullAction.DEMOTE), 8, 8, 8)) {
            EphemeralPool clean = stage.ephemeral(GetMode.INCLUSIVE);
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            stage.chain().freeze(stage.name(0));
            stage.chain().freeze(stage.name(1));
            for (int index = 0; index < 8; index++) {
                assertThat(stage.put(clean, FILE, index, 1)).isTrue();
            }
            stage.chain().thaw(stage.name(1));
            for (int index = 0; index < 8; index++) {
                assertThat(stage.put(pool, FILE, index, 1)).isTrue();
            }
            stage.chain().thaw(stage.name(0));
            for (int index = 8; index < 14; index++) {
                assertThat(stage.put(pool, FILE, index, 1)).isTrue();
            }
            assertThat(stage.chain().drain(stage.name(0))).isEqualTo(new Evacuated(End.COMPLETE, 6, 0, 0));
            assertThat(stage.stats(1).demotedOut()).isEqualTo(6);
            assertThat(clean.pageCount()).isEqualTo(2);
        }
    }

    /** The background has hidden all that are left, and none of them gets anywhere. */
    @Test
    void aDrainWaitsForPagesThatOthersMoveAndMayGiveUp() {
        try (Stage stage = Stage.over(
                tier -> Stage.whenFull(FullAction.DEMOTE, FullAction.DEMOTE).apply(tier.withWatermarks(25, 10)),
                KeyedTestBackend.local(8L * PAGE),
                KeyedTestBackend.slow(1_000L * PAGE))) {
            EphemeralPool clean = stage.ephemeral(GetMode.INCLUSIVE);
            stage.chain().freeze(stage.name(0));
            assertThat(stage.put(clean, OTHER, 0, 1)).isTrue();
            stage.chain().thaw(stage.name(0));
            stage.chain().freeze(stage.name(1)); // so that nothing goes down yet, and the first page gives way
            for (int index = 0; index < 5; index++) {
                assertThat(stage.put(clean, FILE, index, 1)).isTrue();
            }
            CountDownLatch hidden = new CountDownLatch(4);
            stage.hooks(1).at("putAsync", hidden::countDown);
            AtomicInteger calls = new AtomicInteger();
            Evacuated drained = stage.chain().drain(stage.name(0), (gone, left) -> {
                switch (calls.incrementAndGet()) {
                    case 1 -> {
                        stage.tier(1).gate().shut("put");
                        stage.chain().thaw(stage.name(1));
                        clean.flush(OTHER, 0); // its free wakes the background
                        await(hidden);
                    }
                    case 2 -> {
                        stage.hooks(1).at("putAsync", () -> {
                            throw new IllegalStateException("planted");
                        });
                        stage.tier(1).link(Link.DOWN);
                        stage.tier(1).gate().open("put");
                        Race.until(() -> stage.stats(1).movesRefused() >= 4);
                        stage.tier(1).link(Link.UP);
                    }
                    default -> {}
                }
                return true;
            });
            assertThat(drained).isEqualTo(new Evacuated(End.COMPLETE, 4, 1, 0));
            assertThat(clean.pageCount()).isEqualTo(4);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Pages that prove damaged on their way out have left, too: more of them than may stay in a row. */
    @Test
    void damagedPagesAreNotInTheWay() {
        try (Stage stage = Stage.of(100, 100)) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            for (int index = 0; index < 80; index++) {
                assertThat(stage.put(pool, FILE, index, 1)).isTrue();
            }
            stage.tier(0).restart(Map.of());
            assertThat(stage.chain().drain(stage.name(0))).isEqualTo(new Evacuated(End.COMPLETE, 0, 0, 0));
            assertThatThrownBy(() -> stage.get(pool, FILE, 79)).isInstanceOf(PageLostException.class);
        }
    }

    /** A pool at its cap gets no longer form of its pages, so nobody else gives way for it. */
    @Test
    void nobodyGivesWayToAPageThatItsQuotaKeepsBack() {
        try (Stage stage = Stage.of(8, 4)) {
            stage.chain().codec(stage.name(1), "none");
            EphemeralPool clean = stage.ephemeral(GetMode.INCLUSIVE);
            for (int index = 0; index < 4; index++) {
                assertThat(stage.put(clean, FILE, index, 1)).isTrue();
            }
            assertThat(stage.chain().drain(stage.name(0))).isEqualTo(new Evacuated(End.COMPLETE, 4, 0, 0));
            stage.chain().thaw(stage.name(0));
            PagePool capped = stage.open(PoolConfig.persistent("capped").withQuota(Stage.pages(1)));
            for (int index = 0; index < 2; index++) {
                assertThat(Stage.putCompressible(capped, FILE, index)).isTrue();
            }
            assertThat(stage.chain().drain(stage.name(0)).end()).isEqualTo(End.NO_ROOM);
            assertThat(clean.pageCount()).isEqualTo(4);
            assertThat(stage.stats(1).movesRefused()).isPositive();
        }
    }

    /** What a tier in between keeps in another form does not come to the next one in that form. */
    @Test
    void aPageIsOfferedToEachTierInTheFormItKeeps() {
        try (Stage stage = Stage.of(8, 4, 4)) {
            stage.chain().codec(stage.name(1), "none");
            PagePool capped = stage.open(PoolConfig.persistent("capped").withQuota(Stage.pages(1)));
            for (int index = 0; index < 2; index++) {
                assertThat(Stage.putCompressible(capped, FILE, index)).isTrue();
            }
            assertThat(stage.chain().drain(stage.name(0))).isEqualTo(new Evacuated(End.COMPLETE, 2, 0, 0));
            assertThat(stage.copies(2)).isEqualTo(2);
            assertThat(stage.get(capped, FILE, 0)).isEqualTo(1);
        }
    }

    /** And pages that give way have left: more of them than may stay in a row. */
    @Test
    void aTierThatDoesNotAnswerIsAskedOnce() {
        try (Stage stage = Stage.aboveSlow(80, 80)) {
            EphemeralPool clean = stage.ephemeral(GetMode.INCLUSIVE);
            for (int index = 0; index < 80; index++) {
                assertThat(stage.put(clean, FILE, index, 1)).isTrue();
            }
            AtomicInteger puts = new AtomicInteger();
            stage.hooks(1).at("put", puts::incrementAndGet);
            stage.tier(1).link(Link.DOWN);
            assertThat(stage.chain().drain(stage.name(0))).isEqualTo(new Evacuated(End.COMPLETE, 0, 80, 0));
            assertThat(puts).hasValue(1);
        }
    }
}
