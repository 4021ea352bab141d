package io.github.tmem.system;

import static io.github.tmem.kit.Aside.join;
import static io.github.tmem.kit.Aside.start;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tmem.api.EphemeralPool;
import io.github.tmem.api.GetMode;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PageKind;
import io.github.tmem.api.PageLostException;
import io.github.tmem.api.PagePool;
import io.github.tmem.api.PersistentPool;
import io.github.tmem.api.config.ConfigException;
import io.github.tmem.api.config.FullAction;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.api.config.Size;
import io.github.tmem.api.config.TierConfig;
import io.github.tmem.api.live.Evacuated;
import io.github.tmem.api.live.Evacuated.End;
import io.github.tmem.api.live.TierChain;
import io.github.tmem.api.spi.LocatedBackend.ClaimGoal;
import io.github.tmem.api.stats.TierState;
import io.github.tmem.kit.Gate;
import io.github.tmem.kit.PageKey;
import io.github.tmem.kit.Pages;
import io.github.tmem.kit.Race;
import io.github.tmem.kit.Shape;
import io.github.tmem.kit.backend.KeyedTestBackend;
import io.github.tmem.kit.backend.Link;
import io.github.tmem.kit.codec.CodecFault;
import io.github.tmem.kit.codec.CodecScript;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tiers that are drained or become smaller: what stays, what it costs the others, and the numbers that are told of it. */
class EvacuationTest {
    private static final ObjectId FILE = ObjectId.of(1);
    private static final ObjectId OTHER = ObjectId.of(2);
    private static final int PAGE = Stage.PAGE;

    private static TierChain chain(Stage stage) {
        return stage.store().chain(PoolConfig.CHAIN_DEFAULT);
    }

    private static String name(Stage stage, int tier) {
        return chain(stage).tiers().get(tier);
    }

    private static Size pages(long count) {
        return Size.ofBytes(count * PAGE);
    }

    private static byte[] smallPage() {
        return Pages.make(new PageKey(FILE, 0), 1, Shape.INCOMPRESSIBLE, 512);
    }

    private static boolean putCompressible(PagePool pool, long index) {
        byte[] page = Pages.make(new PageKey(FILE, index), 1, Shape.COMPRESSIBLE, PAGE);
        return pool.put(FILE, index, page).stored();
    }

    @Test
    void aTierThatCannotBeResizedKeepsItsRoom() {
        try (Stage stage = Stage.of(4)) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            stage.hooks(0).at("resize", () -> {
                throw new ConfigException("planted");
            });
            assertThatThrownBy(() -> chain(stage).resize(name(stage, 0), pages(2)))
                    .hasMessage("planted");
            for (int index = 0; index < 4; index++) {
                assertThat(stage.put(pool, FILE, index, 1)).isTrue();
            }
            assertThat(stage.put(pool, FILE, 4, 1)).isFalse();
        }
    }

    /** A put has a unit in hand when that comes to lie beyond the capacity, and leaves its own page there. */
    @Test
    void noUnitBeyondTheCapacityStaysInUseWhenATierHasShrunk() {
        try (LocatedStage stage = LocatedStage.of(4);
                Gate gate = new Gate()) {
            int unit = LocatedStage.PAGES_IN_UNIT;
            for (int index = 0; index < 4 * unit; index++) {
                assertThat(stage.put(index)).isTrue();
            }
            stage.flush(1, unit); // the medium takes the last unit first
            stage.flush(4 * unit - 1, 4 * unit);
            EphemeralPool small = stage.smallPages();
            stage.hooks().at("get-done", () -> gate.arrive("read"));
            gate.shutForOne("read");
            CompletableFuture<Boolean> put =
                    start(() -> small.put(FILE, 0, smallPage()).stored());
            gate.awaitArrival("read"); // it moves what is left in the last unit
            stage.flush(unit, 3 * unit);
            AtomicReference<Thread> thread = new AtomicReference<>();
            CompletableFuture<Evacuated> resize = start(() -> {
                thread.set(Thread.currentThread());
                return stage.resize(3);
            });
            Race.until(() ->
                    resize.isDone() || (thread.get() != null && thread.get().getState() == Thread.State.TIMED_WAITING));
            gate.open("read");
            assertThat(join(put)).isTrue();
            assertThat(join(resize).isComplete()).isTrue();
            assertThat(stage.backend().claim(ClaimGoal.SHRINK, 1))
                    .as("a unit beyond the capacity")
                    .isNull();
            assertThat(stage.get(0)).isEqualTo(1);
            small.close();
        }
    }

    /** One tier for both kinds, and no other: what is persistent stays, as long as all of it fits. */
    @Test
    void ephemeralPagesOfATierThatShrinksGiveWayToPersistentOnes() {
        try (LocatedStage stage = LocatedStage.of(10)) {
            int persistent = 0;
            int ephemeral = 0;
            for (char kind : "PEPEPEPEEE".toCharArray()) {
                for (int i = 0; i < LocatedStage.PAGES_IN_UNIT; i++) {
                    assertThat(kind == 'P' ? stage.put(persistent++) : stage.putClean(ephemeral++))
                            .isTrue();
                }
            }
            assertThat(stage.resize(6).isComplete()).isTrue();
            for (int index = 0; index < persistent; index++) {
                assertThat(stage.get(index)).isEqualTo(1);
            }
            assertThat(stage.clean().pageCount()).isEqualTo(2L * LocatedStage.PAGES_IN_UNIT);
        }
    }

    /** The first unit has to stay until the second has gone. */
    @Test
    void aUnitThatCannotBeEmptiedWaitsForTheOthers() {
        try (LocatedStage stage = LocatedStage.of(5)) {
            int unit = LocatedStage.PAGES_IN_UNIT;
            for (int index = 0; index < unit; index++) {
                assertThat(stage.putClean(index)).isTrue();
            }
            for (int index = 0; index < 4 * unit; index++) {
                assertThat(stage.put(index)).isTrue();
            }
            stage.flush(unit, 3 * unit);
            assertThat(stage.resize(3)).isEqualTo(new Evacuated(End.COMPLETE, unit, unit, 0));
            assertThat(stage.get(0)).isEqualTo(1);
        }
    }

    /** Two units have to stay, until one of them does not: then the other is not yet given up. A third gave way before. */
    @Test
    void aUnitThatCouldNotBeEmptiedMayLaterBe() {
        try (LocatedStage stage = LocatedStage.of(5)) {
            int unit = LocatedStage.PAGES_IN_UNIT;
            for (int index = 0; index < unit; index++) {
                assertThat(stage.putClean(index)).isTrue();
            }
            for (int index = 0; index < 4 * unit; index++) {
                assertThat(stage.put(index)).isTrue();
            }
            AtomicInteger claims = new AtomicInteger();
            Evacuated shrunk = stage.resize(2, (gone, left) -> {
                switch (claims.incrementAndGet()) {
                    case 5 -> stage.flush(3 * unit, 3 * unit + 1); // room for a page of the first
                    case 7 -> {
                        stage.flush(2 * unit + 1, 4 * unit);
                        stage.flush(unit - 1, unit);
                    }
                    default -> {}
                }
                return true;
            });
            assertThat(shrunk).isEqualTo(new Evacuated(End.COMPLETE, 2L * unit - 1, unit, 0));
        }
    }

    /** One unit gives way, and the other has to stay: what has gone once is not taken for progress again. */
    @Test
    void aTierThatCannotShrinkFarEnoughSaysWhatHasGone() {
        try (LocatedStage stage = LocatedStage.of(4)) {
            int unit = LocatedStage.PAGES_IN_UNIT;
            for (int index = 0; index < unit; index++) {
                assertThat(stage.putClean(index)).isTrue();
            }
            for (int index = 0; index < 3 * unit; index++) {
                assertThat(stage.put(index)).isTrue();
            }
            assertThat(stage.resize(2)).isEqualTo(new Evacuated(End.NO_ROOM, 0, unit, 3L * unit));
        }
    }

    /** Two units are in the way, and both have to stay: that is found out once for each. */
    @Test
    void aTierWhosePersistentPagesDoNotFitStaysAsItWas() {
        try (LocatedStage stage = LocatedStage.of(4)) {
            for (int index = 0; index < 4 * LocatedStage.PAGES_IN_UNIT; index++) {
                assertThat(stage.put(index)).isTrue();
            }
            AtomicInteger shrinkClaims = new AtomicInteger();
            stage.hooks().at("claim", shrinkClaims::incrementAndGet);
            Evacuated refused = stage.resize(2);
            assertThat(refused).isEqualTo(new Evacuated(End.NO_ROOM, 0, 0, 4L * LocatedStage.PAGES_IN_UNIT));
            assertThat(shrinkClaims.get()).isLessThan(10);
            assertThat(stage.put(0)).isTrue();
        }
    }

    @Test
    void onlyWhatMovedIsCounted() {
        try (LocatedStage stage = LocatedStage.of(3)) {
            for (int index = 0; index < LocatedStage.PAGES_IN_UNIT; index++) {
                assertThat(stage.put(index)).isTrue();
            }
            AtomicInteger reads = new AtomicInteger();
            stage.hooks().at("get-done", () -> {
                int read = reads.getAndIncrement();
                if (read < 2) {
                    stage.flush(read, read + 1);
                }
            });
            long moved = LocatedStage.PAGES_IN_UNIT - 2L;
            assertThat(stage.resize(2)).isEqualTo(new Evacuated(End.COMPLETE, moved, 0, 0));
            assertThat(stage.store().stats().tiers().getFirst().relocated()).isEqualTo(moved);
        }
    }

    /** Down the chain, and up again. */
    @Test
    void whatMovedIsCountedByItsDirection() {
        try (Stage stage = Stage.of(8, 8)) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            for (int index = 0; index < 3; index++) {
                assertThat(stage.put(pool, FILE, index, 1)).isTrue();
            }
            assertThat(chain(stage).drain(name(stage, 0)).moved()).isEqualTo(3);
            assertThat(stage.stats(0).demotedOut()).isEqualTo(3);
            assertThat(stage.stats(1).demotedIn()).isEqualTo(3);
            assertThat(stage.stats(0).promotedOut()).isZero();
            chain(stage).thaw(name(stage, 0));
            assertThat(chain(stage).drain(name(stage, 1)).moved()).isEqualTo(3);
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
            Evacuated drained = chain(stage).drain(name(stage, 0), (gone, left) -> heard.add(gone + " " + left));
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
            assertThatThrownBy(() -> chain(stage).drain(name(stage, 0))).hasMessage("planted");
            stage.hooks(0).heal();
            int stays = kind == PageKind.PERSISTENT ? 1 : 0;
            assertThat(stage.stats(0).state()).isEqualTo(TierState.OPEN);
            assertThat(pool.pageCount()).isEqualTo(stays);
            assertThat(chain(stage).drain(name(stage, 0))).isEqualTo(new Evacuated(End.COMPLETE, stays, 0, 0));
        }
    }

    /** The checksum is right, and yet the codec does not know its own bytes. */
    @Test
    void aPageThatDoesNotDecodeOnItsWayOutIsLost() {
        try (Stage stage = Stage.of(tier -> tier.withCodec("test-gated"), 4, 4);
                CodecScript script = CodecScript.start()) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            assertThat(putCompressible(pool, 0)).isTrue();
            chain(stage).codec(name(stage, 1), "none");
            script.next(CodecFault.DECODE_MALFORMED);
            assertThat(chain(stage).drain(name(stage, 0))).isEqualTo(new Evacuated(End.COMPLETE, 0, 0, 0));
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
            assertThat(chain(stage).drain(name(stage, 0)).moved()).isEqualTo(16);
            assertThat(script.codecsOpened() - opened).isLessThan(4);
        }
    }

    @Test
    void aTierShrinksWithTheSameTwoScratches() {
        try (CodecScript script = CodecScript.start();
                LocatedStage stage = LocatedStage.of(10)) {
            TierChain chain = stage.store().chain(PoolConfig.CHAIN_DEFAULT);
            chain.codec(chain.tiers().getFirst(), "test-gated");
            for (int index = 0; index < 10 * LocatedStage.PAGES_IN_UNIT; index++) {
                assertThat(stage.putClean(index)).isTrue();
            }
            int opened = script.codecsOpened();
            assertThat(stage.resize(2).dropped()).isEqualTo(8L * LocatedStage.PAGES_IN_UNIT);
            assertThat(script.codecsOpened() - opened).isLessThan(4);
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
            assertThat(putCompressible(pool, 8)).isTrue();
            assertThat(chain(stage).drain(name(stage, 0))).isEqualTo(new Evacuated(End.NO_ROOM, 1, 0, 8));
        }
    }

    /** Each page may push one out below the tier it comes to, whatever those before it did. */
    @Test
    void everyPageMayPushOthersDown() {
        try (Stage stage = Stage.of(Stage.whenFull(FullAction.DEMOTE, FullAction.DEMOTE), 8, 8, 8)) {
            EphemeralPool clean = stage.ephemeral(GetMode.INCLUSIVE);
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            chain(stage).freeze(name(stage, 0));
            chain(stage).freeze(name(stage, 1));
            for (int index = 0; index < 8; index++) {
                assertThat(stage.put(clean, FILE, index, 1)).isTrue();
            }
            chain(stage).thaw(name(stage, 1));
            for (int index = 0; index < 8; index++) {
                assertThat(stage.put(pool, FILE, index, 1)).isTrue();
            }
            chain(stage).thaw(name(stage, 0));
            for (int index = 8; index < 14; index++) {
                assertThat(stage.put(pool, FILE, index, 1)).isTrue();
            }
            assertThat(chain(stage).drain(name(stage, 0))).isEqualTo(new Evacuated(End.COMPLETE, 6, 0, 0));
            assertThat(stage.stats(1).demotedOut()).isEqualTo(6);
            assertThat(clean.pageCount()).isEqualTo(2);
        }
    }

    /** Its new copy bears its name: who empties the unit later finds the page by it. */
    @Test
    void aPageThatTookTheRoomOfOthersCanMoveAgain() {
        int unit = LocatedStage.PAGES_IN_UNIT;
        try (LocatedStage stage = LocatedStage.of(3)) {
            for (int index = 0; index < unit; index++) {
                assertThat(stage.putClean(index) && stage.put(index) && stage.put(unit + index))
                        .isTrue();
            }
            TierChain chain = stage.store().chain(PoolConfig.CHAIN_DEFAULT);
            String upper = chain.attach(TierConfig.of("heap", Size.ofBytes(1 << 20)), 0);
            assertThat(stage.put(100)).isTrue();
            assertThat(stage.putClean(100)).isTrue();
            assertThat(chain.detach(upper).isComplete()).isTrue();
            stage.flush(0, 2 * unit);
            assertThat(stage.resize(2)).isEqualTo(new Evacuated(End.COMPLETE, 1, 0, 0));
            assertThat(stage.get(100)).isEqualTo(1);
        }
    }

    /** Its bytes are as good as gone: no page has to leave for them. */
    @Test
    void aTierThatShrinksWaitsForAFreeThatIsUnderWay() {
        try (Stage stage = Stage.over(tier -> tier, KeyedTestBackend.slow(4L * PAGE))) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            for (int index = 0; index < 4; index++) {
                assertThat(stage.put(pool, FILE, index, 1)).isTrue();
            }
            stage.tier(0).gate().shutForOne("flush");
            assertThat(pool.flush(FILE, 3)).isTrue();
            stage.tier(0).gate().awaitArrival("flush");
            Evacuated shrunk = chain(stage).resize(name(stage, 0), pages(3), (gone, left) -> {
                stage.tier(0).gate().open("flush");
                return true;
            });
            assertThat(shrunk).isEqualTo(new Evacuated(End.COMPLETE, 0, 0, 0));
            assertThat(pool.pageCount()).isEqualTo(3);
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
            chain(stage).freeze(name(stage, 0));
            assertThat(stage.put(clean, OTHER, 0, 1)).isTrue();
            chain(stage).thaw(name(stage, 0));
            chain(stage).freeze(name(stage, 1)); // so that nothing goes down yet, and the first page gives way
            for (int index = 0; index < 5; index++) {
                assertThat(stage.put(clean, FILE, index, 1)).isTrue();
            }
            CountDownLatch hidden = new CountDownLatch(4);
            stage.hooks(1).at("putAsync", hidden::countDown);
            AtomicInteger calls = new AtomicInteger();
            Evacuated drained = chain(stage).drain(name(stage, 0), (gone, left) -> {
                switch (calls.incrementAndGet()) {
                    case 1 -> {
                        stage.tier(1).gate().shut("put");
                        chain(stage).thaw(name(stage, 1));
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

    @Test
    void whatIsLeftIsWhatTheTierStillHas() {
        try (Stage stage = Stage.of(8, 2)) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            for (int index = 0; index < 8; index++) {
                assertThat(stage.put(pool, FILE, index, 1)).isTrue();
            }
            assertThat(chain(stage).resize(name(stage, 0), pages(4))).isEqualTo(new Evacuated(End.NO_ROOM, 2, 0, 6));
            assertThat(stage.copies(0)).isEqualTo(6);
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
            assertThat(chain(stage).drain(name(stage, 0))).isEqualTo(new Evacuated(End.COMPLETE, 0, 0, 0));
            assertThatThrownBy(() -> stage.get(pool, FILE, 79)).isInstanceOf(PageLostException.class);
        }
    }

    /** A pool at its cap gets no longer form of its pages, so nobody else gives way for it. */
    @Test
    void nobodyGivesWayToAPageThatItsQuotaKeepsBack() {
        try (Stage stage = Stage.of(8, 4)) {
            chain(stage).codec(name(stage, 1), "none");
            EphemeralPool clean = stage.ephemeral(GetMode.INCLUSIVE);
            for (int index = 0; index < 4; index++) {
                assertThat(stage.put(clean, FILE, index, 1)).isTrue();
            }
            assertThat(chain(stage).drain(name(stage, 0))).isEqualTo(new Evacuated(End.COMPLETE, 4, 0, 0));
            chain(stage).thaw(name(stage, 0));
            PagePool capped = stage.open(PoolConfig.persistent("capped").withQuota(pages(1)));
            for (int index = 0; index < 2; index++) {
                assertThat(putCompressible(capped, index)).isTrue();
            }
            assertThat(chain(stage).drain(name(stage, 0)).end()).isEqualTo(End.NO_ROOM);
            assertThat(clean.pageCount()).isEqualTo(4);
            assertThat(stage.stats(1).movesRefused()).isPositive();
        }
    }

    /** What a tier in between keeps in another form does not come to the next one in that form. */
    @Test
    void aPageIsOfferedToEachTierInTheFormItKeeps() {
        try (Stage stage = Stage.of(8, 4, 4)) {
            chain(stage).codec(name(stage, 1), "none");
            PagePool capped = stage.open(PoolConfig.persistent("capped").withQuota(pages(1)));
            for (int index = 0; index < 2; index++) {
                assertThat(putCompressible(capped, index)).isTrue();
            }
            assertThat(chain(stage).drain(name(stage, 0))).isEqualTo(new Evacuated(End.COMPLETE, 2, 0, 0));
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
            assertThat(chain(stage).drain(name(stage, 0))).isEqualTo(new Evacuated(End.COMPLETE, 0, 80, 0));
            assertThat(puts).hasValue(1);
        }
    }

    /** It is refused before anything is done for its codec: that would wait for the operations under way. */
    @Test
    void aTierThatCannotBeOpenedTakesNoCodec() {
        try (Stage stage = Stage.of(4)) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            stage.put(pool, FILE, 0, 1);
            stage.tier(0).gate().shutForOne("get-done");
            CompletableFuture<Long> get = start(() -> stage.get(pool, FILE, 0));
            stage.tier(0).gate().awaitArrival("get-done");
            AtomicReference<Thread> thread = new AtomicReference<>();
            CompletableFuture<String> attach = start(() -> {
                thread.set(Thread.currentThread());
                TierConfig tier = TierConfig.of("heap", Size.ofBytes(1)).withCodec("test-runs");
                return chain(stage).attach(tier, 1);
            });
            Race.until(() ->
                    attach.isDone() || (thread.get() != null && thread.get().getState() == Thread.State.TIMED_WAITING));
            boolean refusedAtOnce = attach.isDone();
            stage.tier(0).gate().open("get-done");
            assertThat(join(get)).isEqualTo(1);
            assertThatThrownBy(() -> join(attach)).hasRootCauseInstanceOf(ConfigException.class);
            assertThat(refusedAtOnce).isTrue();
        }
    }
}
