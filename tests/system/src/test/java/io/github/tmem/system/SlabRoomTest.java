package io.github.tmem.system;

import static io.github.tmem.kit.Aside.join;
import static io.github.tmem.kit.Aside.start;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tmem.api.EphemeralPool;
import io.github.tmem.api.GetMode;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PageStore;
import io.github.tmem.api.PersistentPool;
import io.github.tmem.api.config.FullAction;
import io.github.tmem.kit.Delivery;
import io.github.tmem.kit.Gate;
import io.github.tmem.kit.PageKey;
import io.github.tmem.kit.Pages;
import io.github.tmem.kit.Race;
import io.github.tmem.kit.backend.LocatedTestBackend;
import io.github.tmem.kit.provider.TestBackends;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who gets the slabs of a full tier, and that sparse ones are emptied (L9, L10). */
class SlabRoomTest {
    private static final ObjectId FILE = ObjectId.of(1);
    private static final ObjectId OTHER = ObjectId.of(2);

    @Test
    void twoPersistentPutsShareTheLastEphemeralSlab() {
        try (Gate gate = new Gate();
                LocatedStage stage = LocatedStage.full()) {
            gate.shutForOne("flush");
            stage.hooks().at("flush", () -> gate.arrive("flush"));
            CompletableFuture<Boolean> first = start(() -> stage.put(100));
            gate.awaitArrival("flush"); // it holds the slab, whose first page is about to go
            AtomicInteger claims = new AtomicInteger();
            stage.hooks().at("claim", () -> {
                if (claims.incrementAndGet() == 10) { // by then the second put has not given up
                    gate.open("flush");
                    join(first);
                }
            });
            assertThat(join(start(() -> stage.put(101)))).isTrue();
            assertThat(join(first)).isTrue();
            assertThat(stage.get(100)).isEqualTo(1);
            assertThat(stage.get(101)).isEqualTo(1);
            assertThat(stage.clean().pageCount()).isZero();
        }
    }

    /** No put works on a claim any more, so there is nothing to wait for. */
    @Test
    void aPutThatFindsNothingToClaimGivesUpAtOnce() {
        try (LocatedStage stage = LocatedStage.full()) {
            int unit = LocatedStage.PAGES_IN_UNIT;
            for (int index = unit; index < 2 * unit; index++) {
                assertThat(stage.put(index)).isTrue();
            }
            assertThat(stage.clean().pageCount()).isZero();
            AtomicInteger claims = new AtomicInteger();
            stage.hooks().at("claim", claims::incrementAndGet);
            assertThat(stage.put(100)).isFalse();
            assertThat(claims.get()).isBetween(1, 4);
        }
    }

    /** A copy whose put has not come to an end keeps its unit, which is not used as if it were empty, but claimed once more. */
    @Test
    void aPersistentPutClaimsAgain() {
        try (Gate gate = new Gate();
                LocatedStage stage = LocatedStage.full()) {
            stage.clean().flush(ObjectId.of(2), 0);
            gate.shutForOne("put-done");
            stage.hooks().at("put-done", () -> gate.arrive("put-done"));
            CompletableFuture<Boolean> clean = start(() -> stage.putClean(99));
            gate.awaitArrival("put-done");
            AtomicInteger claims = new AtomicInteger();
            stage.hooks().at("claim", () -> {
                if (claims.incrementAndGet() == 2) {
                    gate.open("put-done");
                    join(clean);
                }
            });
            assertThat(stage.put(100)).isTrue();
            assertThat(claims).hasValue(2);
        }
    }

    /** The place a page was to move to is taken meanwhile, or it cannot be read: it stays, and can move later. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aPageThatCannotLeaveItsUnitNowMovesLater(boolean fails) {
        int last = LocatedStage.PAGES_IN_UNIT;
        try (LocatedStage stage = LocatedStage.empty();
                EphemeralPool small = stage.smallPages()) {
            for (int index = 0; index <= last; index++) { // the last one is alone in its unit
                assertThat(stage.put(index)).isTrue();
            }
            stage.flush(0, 1);
            stage.hooks().at("get-done", () -> {
                stage.hooks().heal();
                if (fails) {
                    throw new IllegalStateException("planted");
                }
                assertThat(join(start(() -> stage.put(100)))).isTrue();
            });
            if (fails) {
                assertThatThrownBy(() -> small.put(OTHER, 0, Pages.noise(1, 512)))
                        .hasMessage("planted");
            } else {
                assertThat(small.put(OTHER, 0, Pages.noise(1, 512)).stored()).isFalse();
                stage.flush(1, 2);
            }
            assertThat(stage.store().stats().tiers().getFirst().movesRefused()).isEqualTo(fails ? 0 : 1);
            assertThat(small.put(OTHER, 0, Pages.noise(1, 512)).stored()).isTrue();
            assertThat(stage.store().stats().tiers().getFirst().relocated()).isEqualTo(1);
            assertThat(stage.get(last)).isEqualTo(1);
        }
    }

    /** Three units with room to spare: what is in two of them fits into the third. */
    @Test
    void theBackgroundEmptiesSparseUnits() {
        long unit = LocatedTestBackend.UNIT_BYTES;
        LocatedTestBackend medium = new LocatedTestBackend(8 * unit);
        try (TestBackends.Registration tier = TestBackends.register("wrapped", config -> medium);
                PageStore store = PageStore.builder()
                        .directory("1MiB")
                        .tier(tier.tier(8 * unit)
                                .withWatermarks(20, 10)
                                .withWhenFull(FullAction.DEMOTE, FullAction.DEMOTE))
                        .heap("1MiB")
                        .open()) {
            PersistentPool dirty = store.persistent("dirty", GetMode.INCLUSIVE);
            EphemeralPool clean = store.ephemeral("clean", GetMode.INCLUSIVE);
            int pages = LocatedStage.PAGES_IN_UNIT;
            for (int index = 0; index < 3 * pages; index++) {
                assertThat(dirty.put(FILE, index, Stage.page(FILE, index, 1)).stored())
                        .isTrue();
            }
            for (int index = 0; index < 3 * pages; index++) {
                if (index % pages != 0) {
                    dirty.flush(FILE, index);
                }
            }
            clean.put(OTHER, 0, Stage.page(OTHER, 0, 1)); // wakes the background
            Race.until(() -> store.stats().tiers().getFirst().relocated() == 2);
            Race.until(() -> medium.usedBytes() == unit);
            for (int index = 0; index < 3; index++) {
                assertThat(Delivery.get(dirty, new PageKey(FILE, (long) index * pages)))
                        .isEqualTo(1);
            }
            dirty.close();
            clean.close();
        }
    }
}
