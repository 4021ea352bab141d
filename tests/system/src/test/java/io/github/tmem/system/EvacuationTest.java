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
import io.github.tmem.api.PersistentPool;
import io.github.tmem.api.config.ConfigException;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.api.config.Size;
import io.github.tmem.api.config.TierConfig;
import io.github.tmem.api.live.Evacuated;
import io.github.tmem.api.live.Evacuated.End;
import io.github.tmem.api.live.TierChain;
import io.github.tmem.api.spi.LocatedBackend.ClaimGoal;
import io.github.tmem.kit.Gate;
import io.github.tmem.kit.PageKey;
import io.github.tmem.kit.Pages;
import io.github.tmem.kit.Race;
import io.github.tmem.kit.Shape;
import io.github.tmem.kit.backend.Link;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Tiers that are drained or become smaller: what stays, what it costs the others, and the numbers that are told of it. */
class EvacuationTest {
    private static final ObjectId FILE = ObjectId.of(1);
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

    /** Two units have to stay, until one of them does not: then the other is not yet given up. */
    @Test
    void aUnitThatCouldNotBeEmptiedMayLaterBe() {
        try (LocatedStage stage = LocatedStage.of(4)) {
            int unit = LocatedStage.PAGES_IN_UNIT;
            for (int index = 0; index < 4 * unit; index++) {
                assertThat(stage.put(index)).isTrue();
            }
            AtomicInteger claims = new AtomicInteger();
            Evacuated shrunk = stage.resize(2, (gone, left) -> {
                switch (claims.incrementAndGet()) {
                    case 2 -> stage.flush(3 * unit, 3 * unit + 1); // room for a page of the first
                    case 4 -> {
                        stage.flush(2 * unit + 1, 4 * unit);
                        stage.flush(unit - 1, unit);
                    }
                    default -> {}
                }
                return true;
            });
            assertThat(shrunk).isEqualTo(new Evacuated(End.COMPLETE, 2L * unit - 1, 0, 0));
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
            AtomicBoolean flushed = new AtomicBoolean();
            stage.hooks().at("get-done", () -> {
                if (flushed.compareAndSet(false, true)) {
                    stage.flush(0, 1);
                }
            });
            assertThat(stage.resize(2)).isEqualTo(new Evacuated(End.COMPLETE, LocatedStage.PAGES_IN_UNIT - 1L, 0, 0));
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

    @Test
    void aTierThatDoesNotAnswerIsAskedOnce() {
        try (Stage stage = Stage.aboveSlow(8, 8)) {
            EphemeralPool clean = stage.ephemeral(GetMode.INCLUSIVE);
            for (int index = 0; index < 8; index++) {
                assertThat(stage.put(clean, FILE, index, 1)).isTrue();
            }
            AtomicInteger puts = new AtomicInteger();
            stage.hooks(1).at("put", puts::incrementAndGet);
            stage.tier(1).link(Link.DOWN);
            assertThat(chain(stage).drain(name(stage, 0))).isEqualTo(new Evacuated(End.COMPLETE, 0, 8, 0));
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
