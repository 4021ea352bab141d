package io.github.tmem.system;

import static io.github.tmem.kit.Aside.join;
import static io.github.tmem.kit.Aside.start;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tmem.api.EphemeralPool;
import io.github.tmem.api.GetMode;
import io.github.tmem.api.ObjectId;
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
import io.github.tmem.kit.backend.KeyedTestBackend;
import io.github.tmem.kit.codec.CodecScript;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Tiers that become smaller: what stays, what gives way, and the numbers that are told of it. */
class TierResizeTest {
    private static final ObjectId FILE = ObjectId.of(1);

    private static byte[] smallPage() {
        return Pages.make(new PageKey(FILE, 0), 1, Shape.INCOMPRESSIBLE, 512);
    }

    @Test
    void aTierThatCannotBeResizedKeepsItsRoom() {
        try (Stage stage = Stage.of(4)) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            stage.hooks(0).at("resize", () -> {
                throw new ConfigException("planted");
            });
            assertThatThrownBy(() -> stage.chain().resize(stage.name(0), Stage.pages(2)))
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
        try (Stage stage = Stage.over(tier -> tier, KeyedTestBackend.slow(4L * Stage.PAGE))) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            for (int index = 0; index < 4; index++) {
                assertThat(stage.put(pool, FILE, index, 1)).isTrue();
            }
            stage.tier(0).gate().shutForOne("flush");
            assertThat(pool.flush(FILE, 3)).isTrue();
            stage.tier(0).gate().awaitArrival("flush");
            Evacuated shrunk = stage.chain().resize(stage.name(0), Stage.pages(3), (gone, left) -> {
                stage.tier(0).gate().open("flush");
                return true;
            });
            assertThat(shrunk).isEqualTo(new Evacuated(End.COMPLETE, 0, 0, 0));
            assertThat(pool.pageCount()).isEqualTo(3);
        }
    }

    @Test
    void whatIsLeftIsWhatTheTierStillHas() {
        try (Stage stage = Stage.of(8, 2)) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            for (int index = 0; index < 8; index++) {
                assertThat(stage.put(pool, FILE, index, 1)).isTrue();
            }
            assertThat(stage.chain().resize(stage.name(0), Stage.pages(4)))
                    .isEqualTo(new Evacuated(End.NO_ROOM, 2, 0, 6));
            assertThat(stage.copies(0)).isEqualTo(6);
        }
    }
}
