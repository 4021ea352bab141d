package io.github.tmem.system;

import static io.github.tmem.kit.Aside.join;
import static io.github.tmem.kit.Aside.start;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tmem.api.EphemeralPool;
import io.github.tmem.api.GetMode;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PageLoader;
import io.github.tmem.api.PageLostException;
import io.github.tmem.api.PagePool;
import io.github.tmem.api.PageUnavailableException;
import io.github.tmem.api.PersistentPool;
import io.github.tmem.api.PoolClosedException;
import io.github.tmem.api.Refusal;
import io.github.tmem.api.spi.Recorder.Operation;
import io.github.tmem.kit.Gate;
import io.github.tmem.kit.Race;
import io.github.tmem.kit.backend.Link;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** {@link PagePool#getOrFill}: one loader at a time for each key, and what becomes of the others. */
class GetOrFillTest {
    private static final ObjectId FILE = ObjectId.of(1);
    private static final int PAGE = Stage.PAGE;

    private static void write(MemorySegment destination, long version) {
        MemorySegment.copy(MemorySegment.ofArray(Stage.page(FILE, 0, version)), 0, destination, 0, PAGE);
    }

    private static PageLoader<RuntimeException> loader(long version) {
        return destination -> write(destination, version);
    }

    private static PageLoader<RuntimeException> none() {
        return destination -> {
            throw new AssertionError("not to be called");
        };
    }

    private static byte[] page(long version) {
        return Stage.page(FILE, 0, version);
    }

    /** Waits until a thread stands still, or has ended. */
    private static void awaitRest(AtomicReference<Thread> thread, CompletableFuture<?> task) {
        Race.until(() -> task.isDone() || (thread.get() != null && thread.get().getState() == Thread.State.WAITING));
    }

    @Test
    void aMissIsLoadedAndStoredAndAHitIsNot() {
        try (Stage stage = Stage.of(4)) {
            EphemeralPool pool = stage.ephemeral(GetMode.INCLUSIVE);
            byte[] buffer = new byte[PAGE];
            assertThat(pool.getOrFill(FILE, 0, buffer, loader(1))).isFalse();
            assertThat(buffer).isEqualTo(page(1));
            byte[] second = new byte[PAGE];
            assertThat(pool.getOrFill(FILE, 0, second, none())).isTrue();
            assertThat(second).isEqualTo(page(1));
            assertThat(pool.stats().misses()).isEqualTo(1);
        }
    }

    @Test
    void whatTheLoaderThrowsIsPassedOnAndNothingIsStored() {
        try (Stage stage = Stage.of(4)) {
            EphemeralPool pool = stage.ephemeral(GetMode.INCLUSIVE);
            PageLoader<IOException> failing = destination -> {
                throw new IOException("no such block");
            };
            assertThatThrownBy(() -> pool.getOrFill(FILE, 0, new byte[PAGE], failing))
                    .isExactlyInstanceOf(IOException.class)
                    .hasMessage("no such block");
            assertThat(pool.contains(FILE, 0)).isFalse();
            assertThat(pool.getOrFill(FILE, 0, new byte[PAGE], loader(1)))
                    .as("the turn was given up")
                    .isFalse();
        }
    }

    @Test
    void whoMissesMeanwhileWaitsAndFindsThePage() {
        try (Stage stage = Stage.of(4);
                Gate gate = new Gate()) {
            EphemeralPool pool = stage.ephemeral(GetMode.INCLUSIVE);
            gate.shut("load");
            CompletableFuture<Boolean> loading = start(() -> pool.getOrFill(FILE, 0, new byte[PAGE], destination -> {
                gate.arrive("load");
                write(destination, 1);
            }));
            gate.awaitArrival("load");
            byte[] buffer = new byte[PAGE];
            AtomicReference<Thread> waiter = new AtomicReference<>();
            CompletableFuture<Boolean> waiting = start(() -> {
                waiter.set(Thread.currentThread());
                return pool.getOrFill(FILE, 0, buffer, none());
            });
            awaitRest(waiter, waiting);
            assertThat(waiting).isNotDone();
            assertThat(pool.getOrFill(FILE, 7, new byte[PAGE], loader(1)))
                    .as("another key is free")
                    .isFalse();
            gate.open("load");
            assertThat(join(loading)).isFalse();
            assertThat(join(waiting)).isTrue();
            assertThat(buffer).isEqualTo(page(1));
        }
    }

    @Test
    void ifTheLoaderFailsTheNextWhoWaitsLoads() {
        try (Stage stage = Stage.of(4);
                Gate gate = new Gate()) {
            EphemeralPool pool = stage.ephemeral(GetMode.INCLUSIVE);
            gate.shut("load");
            CompletableFuture<Boolean> failing = start(() -> pool.getOrFill(FILE, 0, new byte[PAGE], destination -> {
                gate.arrive("load");
                throw new UncheckedIOException(new IOException("no such block"));
            }));
            gate.awaitArrival("load");
            AtomicReference<Thread> waiter = new AtomicReference<>();
            CompletableFuture<Boolean> waiting = start(() -> {
                waiter.set(Thread.currentThread());
                return pool.getOrFill(FILE, 0, new byte[PAGE], loader(2));
            });
            awaitRest(waiter, waiting);
            gate.open("load");
            assertThatThrownBy(() -> join(failing)).hasRootCauseInstanceOf(IOException.class);
            assertThat(join(waiting)).as("loaded").isFalse();
            assertThat(stage.get(pool, FILE, 0)).isEqualTo(2);
        }
    }

    @Test
    void aPagePutWhileTheSourceIsReadStays() {
        try (Stage stage = Stage.of(4)) {
            EphemeralPool pool = stage.ephemeral(GetMode.INCLUSIVE);
            byte[] buffer = new byte[PAGE];
            boolean hit = pool.getOrFill(FILE, 0, buffer, destination -> {
                write(destination, 1);
                stage.put(pool, FILE, 0, 2);
            });
            assertThat(hit).isFalse();
            assertThat(buffer).as("what was read is delivered").isEqualTo(page(1));
            assertThat(stage.get(pool, FILE, 0)).as("and not stored").isEqualTo(2);
            assertThat(pool.stats().refused()).containsEntry(Refusal.OUTDATED, 1L);
        }
    }

    @Test
    void aPagePutBetweenTheMissAndTheTurnIsFoundAndNotLoaded() {
        try (Stage stage = Stage.of(4);
                Gate gate = new Gate()) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            AtomicInteger loads = new AtomicInteger();
            PageLoader<RuntimeException> counted = destination -> {
                loads.incrementAndGet();
                gate.arrive("load");
                write(destination, 1);
            };
            gate.shut("load");
            CompletableFuture<Boolean> first = start(() -> pool.getOrFill(FILE, 0, new byte[PAGE], counted));
            gate.awaitArrival("load");
            AtomicReference<Thread> waiter = new AtomicReference<>();
            CompletableFuture<Boolean> second = start(() -> {
                waiter.set(Thread.currentThread());
                return pool.getOrFill(FILE, 0, new byte[PAGE], counted);
            });
            awaitRest(waiter, second);
            stage.put(pool, FILE, 0, 2);
            gate.open("load");
            assertThat(join(first)).isFalse();
            assertThat(join(second)).isTrue();
            assertThat(loads).hasValue(1);
            assertThat(stage.get(pool, FILE, 0)).isEqualTo(2);
        }
    }

    /** A miss is held up by who listens to misses: a page put then is found once the turn is taken. */
    @Test
    void whoTakesTheTurnLooksAgain() {
        try (Stage stage = Stage.of(4);
                Gate gate = new Gate()) {
            EphemeralPool pool = stage.ephemeral(GetMode.INCLUSIVE);
            AtomicLong asked = new AtomicLong();
            AtomicBoolean held = new AtomicBoolean();
            gate.shutForOne("miss");
            stage.store().record((operation, chain, tier, nanos) -> {
                if (operation == Operation.GET_MISS && held.compareAndSet(false, true)) {
                    gate.arrive("miss");
                }
            });
            CompletableFuture<Boolean> asking = start(() -> {
                boolean found = false;
                while (!held.get()) { // one miss in 64 is heard of
                    found = pool.getOrFill(FILE, asked.incrementAndGet(), new byte[PAGE], loader(1));
                }
                return found;
            });
            gate.awaitArrival("miss");
            assertThat(stage.put(pool, FILE, asked.get(), 2)).isTrue();
            gate.open("miss");
            assertThat(join(asking)).as("found, not loaded").isTrue();
        }
    }

    @Test
    void aLoaderThatAsksForItsOwnKeyIsToldSo() {
        try (Stage stage = Stage.of(4)) {
            EphemeralPool pool = stage.ephemeral(GetMode.INCLUSIVE);
            PageLoader<RuntimeException> circular = destination -> pool.getOrFill(FILE, 0, destination, loader(1));
            assertThatThrownBy(() -> pool.getOrFill(FILE, 0, new byte[PAGE], circular))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("getOrFill");
            PageLoader<RuntimeException> nested = destination -> {
                pool.getOrFill(FILE, 1, new byte[PAGE], loader(1));
                write(destination, 1);
            };
            assertThat(pool.getOrFill(FILE, 0, new byte[PAGE], nested))
                    .as("another key is no circle, and the turn was given up")
                    .isFalse();
        }
    }

    @Test
    void aRefusedPutDoesNotConcernTheCaller() {
        try (Stage stage = Stage.of(4)) {
            EphemeralPool pool = stage.ephemeral(GetMode.INCLUSIVE);
            stage.tier(0).link(Link.DOWN);
            byte[] buffer = new byte[PAGE];
            assertThat(pool.getOrFill(FILE, 0, buffer, loader(1))).isFalse();
            assertThat(buffer).isEqualTo(page(1));
            stage.tier(0).link(Link.UP);
            assertThat(pool.contains(FILE, 0)).isFalse();
        }
    }

    @Test
    void lostAndUnavailablePagesAreNotLoaded() {
        try (Stage stage = Stage.of(4)) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            stage.put(pool, FILE, 0, 1);
            stage.tier(0).link(Link.DOWN);
            assertThatThrownBy(() -> pool.getOrFill(FILE, 0, new byte[PAGE], none()))
                    .isInstanceOf(PageUnavailableException.class);
            stage.tier(0).restart(Map.of());
            assertThatThrownBy(() -> pool.getOrFill(FILE, 0, new byte[PAGE], none()))
                    .isInstanceOf(PageLostException.class);
        }
    }

    @Test
    void aPoolThatIsClosedLoadsNothing() {
        try (Stage stage = Stage.of(4)) {
            EphemeralPool pool = stage.ephemeral(GetMode.INCLUSIVE);
            pool.close();
            assertThatThrownBy(() -> pool.getOrFill(FILE, 0, new byte[PAGE], none()))
                    .isInstanceOf(PoolClosedException.class);
        }
    }
}
