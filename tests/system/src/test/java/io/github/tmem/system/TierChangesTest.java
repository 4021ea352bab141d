package io.github.tmem.system;

import static io.github.tmem.kit.Aside.join;
import static io.github.tmem.kit.Aside.start;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tmem.api.EphemeralPool;
import io.github.tmem.api.GetMode;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PersistentPool;
import io.github.tmem.api.PoolClosedException;
import io.github.tmem.api.config.ConfigException;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.api.config.Size;
import io.github.tmem.api.config.TierConfig;
import io.github.tmem.api.live.Evacuated;
import io.github.tmem.api.live.Evacuated.End;
import io.github.tmem.api.live.TierChain;
import io.github.tmem.api.stats.TierState;
import io.github.tmem.kit.Race;
import io.github.tmem.kit.backend.KeyedTestBackend;
import io.github.tmem.kit.provider.TestBackends;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What a change of a chain's tiers refuses, waits for and leaves behind. */
class TierChangesTest {
    private static final ObjectId FILE = ObjectId.of(1);
    private static final int PAGE = Stage.PAGE;
    private static final TierConfig HEAP = TierConfig.of("heap", Size.ofBytes(1 << 20));

    @Test
    void aClosedStoreTakesNoChange() {
        try (Stage stage = Stage.of(2, 2)) {
            TierChain chain = stage.chain();
            assertThat(chain.name()).isEqualTo(PoolConfig.CHAIN_DEFAULT);
            String tier = stage.name(0);
            List<String> order = chain.tiers();
            stage.store().close();
            List<Runnable> changes = List.of(
                    () -> chain.attach(HEAP, 0),
                    () -> chain.freeze(tier),
                    () -> chain.thaw(tier),
                    () -> chain.drain(tier),
                    () -> chain.detach(tier),
                    () -> chain.resize(tier, Size.ofBytes(PAGE)),
                    () -> chain.reorder(order),
                    () -> chain.codec(tier, "none"));
            for (Runnable change : changes) {
                assertThatThrownBy(change::run).isInstanceOf(PoolClosedException.class);
            }
        }
    }

    @Test
    void aTierIsAttachedAtAnyPlaceThereIs() {
        try (Stage stage = Stage.of(2)) {
            String first = stage.name(0);
            for (int position : new int[] {-1, 2}) {
                assertThatThrownBy(() -> stage.chain().attach(HEAP, position))
                        .isInstanceOf(ConfigException.class)
                        .hasMessageContaining("position " + position)
                        .hasMessageContaining("0 to 1");
            }
            String below = stage.chain().attach(HEAP, 1);
            String above = stage.chain().attach(HEAP, 0);
            assertThat(stage.chain().tiers()).containsExactly(above, first, below);
        }
    }

    /** Tiers that have gone do not count; the number of the first of all is as good as any. */
    @Test
    void aChainHasOnlySoManyTiersAtATime() {
        try (Stage stage = Stage.of(2)) {
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 1_000; i++) {
                            stage.chain().attach(HEAP, 1);
                        }
                    })
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("tiers; allowed");
            for (int i = 0; i < 3; i++) {
                assertThat(stage.chain().detach(stage.name(0)).isComplete()).isTrue();
                stage.chain().attach(HEAP, 0);
            }
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            assertThat(stage.put(pool, FILE, 0, 1)).isTrue();
            assertThat(stage.get(pool, FILE, 0)).isEqualTo(1);
        }
    }

    /** Its codec is looked for first, or the engine would be open and nobody's. */
    @Test
    void aTierWithAnUnknownCodecIsNotOpened() {
        AtomicInteger opened = new AtomicInteger();
        try (Stage stage = Stage.of(2);
                TestBackends.Registration registration = TestBackends.register("wrapped", config -> {
                    opened.incrementAndGet();
                    return KeyedTestBackend.local(PAGE);
                })) {
            TierConfig tier = registration.tier(PAGE).withCodec("zip");
            assertThatThrownBy(() -> stage.chain().attach(tier, 0)).isInstanceOf(ConfigException.class);
            assertThat(opened).hasValue(0);
            assertThat(stage.chain().tiers()).hasSize(1);
        }
    }

    /** The background may be about to store a page there, too. */
    @Test
    void freezeWaitsForTheBackground() {
        try (Stage stage = Stage.over(tier -> tier, KeyedTestBackend.slow(4L * PAGE))) {
            EphemeralPool pool = stage.ephemeral(GetMode.INCLUSIVE);
            assertThat(stage.put(pool, FILE, 0, 1)).isTrue();
            stage.tier(0).gate().shutForOne("flush");
            assertThat(pool.flush(FILE, 0)).isTrue();
            stage.tier(0).gate().awaitArrival("flush");
            AtomicReference<Thread> thread = new AtomicReference<>();
            CompletableFuture<Boolean> freeze = start(() -> {
                thread.set(Thread.currentThread());
                stage.chain().freeze(stage.name(0));
                return true;
            });
            Race.until(() ->
                    freeze.isDone() || (thread.get() != null && thread.get().getState() == Thread.State.BLOCKED));
            assertThat(freeze.isDone()).isFalse();
            stage.tier(0).gate().open("flush");
            assertThat(join(freeze)).isTrue();
        }
    }

    @Test
    void aDrainThatFailsLeavesTheTierAsItWas() {
        try (Stage stage = Stage.of(4)) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            assertThat(stage.put(pool, FILE, 0, 1)).isTrue();
            String tier = stage.name(0);
            assertThat(stage.chain().drain(tier).end()).isEqualTo(End.NO_ROOM);
            assertThat(stage.stats(0).state()).isEqualTo(TierState.OPEN);
            stage.chain().freeze(tier);
            assertThat(stage.chain().drain(tier).end()).isEqualTo(End.NO_ROOM);
            assertThat(stage.stats(0).state()).isEqualTo(TierState.FROZEN);
            stage.chain().thaw(tier);
            pool.flush(FILE, 0);
            assertThat(stage.chain().drain(tier)).isEqualTo(new Evacuated(End.COMPLETE, 0, 0, 0));
            assertThat(stage.stats(0).state()).isEqualTo(TierState.FROZEN);
        }
    }

    /** The last frees are tried by the change itself, before the engine is closed. */
    @Test
    void aTierThatGoesHasBeenToldToFreeEverything() {
        try (Stage stage =
                Stage.over(tier -> tier, KeyedTestBackend.slow(8L * PAGE), KeyedTestBackend.local(8L * PAGE))) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            for (int index = 0; index < 4; index++) {
                assertThat(stage.put(pool, FILE, index, 1)).isTrue();
            }
            AtomicInteger freed = new AtomicInteger();
            stage.hooks(0).at("flush", () -> {
                throw new IllegalStateException("planted");
            });
            Evacuated gone = stage.chain().detach(stage.name(0), (moved, left) -> {
                if (left == 0) {
                    stage.hooks(0).at("flush", freed::incrementAndGet);
                }
                return true;
            });
            assertThat(gone).isEqualTo(new Evacuated(End.COMPLETE, 4, 0, 0));
            assertThat(freed).hasValue(4);
        }
    }

    /** A directory whose size is a share of the tiers' is resized with them. */
    @Test
    void theDirectoryGrowsWithItsTiers() {
        try (Stage stage = Stage.withDirectory("1%", 100)) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            int index = 0;
            while (stage.put(pool, FILE, index, 1)) {
                index++;
            }
            assertThat(index).as("pages, for want of entries").isLessThan(100);
            assertThat(stage.chain()
                            .resize(stage.name(0), Size.ofBytes(400L * PAGE))
                            .isComplete())
                    .isTrue();
            while (stage.put(pool, FILE, index, 1)) {
                index++;
            }
            assertThat(index).isBetween(200, 399);
            int before = index;
            stage.chain().attach(TierConfig.of("heap", Size.ofBytes(4 << 20)), 1);
            while (stage.put(pool, FILE, index, 1)) {
                index++;
            }
            assertThat(index).isGreaterThan(before + 100);
        }
    }

    /** No copy comes that the smaller engine would have no room for. */
    @Test
    void aTierTakesLessBeforeItsEngineBecomesSmaller() {
        try (Stage stage = Stage.of(4)) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            assertThat(stage.put(pool, FILE, 0, 1) && stage.put(pool, FILE, 1, 1))
                    .isTrue();
            List<Boolean> stored = new CopyOnWriteArrayList<>();
            stage.hooks(0).at("resize", () -> stored.add(join(start(() -> stage.put(pool, FILE, 2, 1)))));
            assertThat(stage.chain().resize(stage.name(0), Size.ofBytes(2L * PAGE)))
                    .isEqualTo(new Evacuated(End.COMPLETE, 0, 0, 0));
            assertThat(stored).containsExactly(false);
        }
    }

    @Test
    void aTierThatGrowsTakesMore() {
        try (Stage stage = Stage.of(4)) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            List<Boolean> stored = new ArrayList<>();
            for (int index = 0; index < 5; index++) {
                stored.add(stage.put(pool, FILE, index, 1));
            }
            assertThat(stored).containsExactly(true, true, true, true, false);
            assertThat(stage.chain().resize(stage.name(0), Size.ofBytes(6L * PAGE)))
                    .isEqualTo(new Evacuated(End.COMPLETE, 0, 0, 0));
            assertThat(stage.stats(0).capacityBytes()).isEqualTo(6L * PAGE);
            assertThat(stage.put(pool, FILE, 4, 1) && stage.put(pool, FILE, 5, 1))
                    .isTrue();
            assertThat(stage.put(pool, FILE, 6, 1)).isFalse();
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
                return stage.chain().attach(tier, 1);
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
