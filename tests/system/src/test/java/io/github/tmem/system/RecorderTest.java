package io.github.tmem.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tmem.api.BlobPool;
import io.github.tmem.api.EphemeralPool;
import io.github.tmem.api.GetMode;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PageKind;
import io.github.tmem.api.PageLostException;
import io.github.tmem.api.PageStore;
import io.github.tmem.api.PageUnavailableException;
import io.github.tmem.api.PersistentPool;
import io.github.tmem.api.spi.Recorder;
import io.github.tmem.api.spi.Recorder.Operation;
import io.github.tmem.kit.backend.KeyedTestBackend;
import io.github.tmem.kit.backend.Link;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a recorder hears of a store, and what it cannot do to it. */
class RecorderTest {
    private static final ObjectId FILE = ObjectId.of(1);
    private static final ObjectId NOBODY = ObjectId.of(2);
    private static final byte[] FILLED = new byte[Stage.PAGE];
    private static final String FIRST = "wrapped";
    private static final String SECOND = "wrapped#2";

    /** With one in 64 heard, the chance that none of so many is heard is below 1e-13. */
    private static final int TRIES = 2000;

    /** Remembers what it heard. Thread-safe. */
    private static final class Listener implements Recorder {
        private final Set<Heard> heard = ConcurrentHashMap.newKeySet();

        @Override
        public void record(Operation operation, String chain, String tier, long nanos) {
            assertThat(nanos).isNotNegative();
            assertThat(chain).isEqualTo("default");
            heard.add(new Heard(operation, tier));
        }
    }

    private record Heard(Operation operation, String tier) {}

    private static Heard heard(Operation operation, String tier) {
        return new Heard(operation, tier);
    }

    /** What is heard while an action is repeated until each of {@code expected} has been, or too often. */
    private static void assertHeard(Stage stage, Runnable action, Heard... expected) {
        Listener listener = new Listener();
        stage.store().record(listener);
        for (int i = 0; i < TRIES && listener.heard.size() < expected.length; i++) {
            action.run();
        }
        stage.store().record(Recorder.disabled());
        assertThat(listener.heard).containsExactlyInAnyOrder(expected);
    }

    @Test
    void putsAreHeardOfWithTheTierThatTookThem() {
        try (Stage stage = Stage.of(2, 2)) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            assertHeard(stage, () -> stage.put(pool, FILE, 1, 1), heard(Operation.PUT, FIRST));
            stage.put(pool, FILE, 5, 1);
            assertHeard(stage, () -> pool.put(FILE, 0, FILLED), heard(Operation.PUT, Recorder.NO_TIER));
            assertHeard(stage, () -> stage.put(pool, FILE, 2, 1), heard(Operation.PUT, SECOND));
            stage.put(pool, FILE, 6, 1);
            assertHeard(stage, () -> stage.put(pool, FILE, 3, 1), heard(Operation.PUT_REFUSED, Recorder.NO_TIER));
        }
    }

    @ParameterizedTest
    @EnumSource(GetMode.class)
    void getsAreHeardOfWithTheTierThePageWasIn(GetMode mode) {
        try (Stage stage = Stage.of(2, 2)) {
            PersistentPool pool = stage.persistent(mode);
            Heard miss = heard(Operation.GET_MISS, Recorder.NO_TIER);
            assertHeard(stage, () -> stage.get(pool, NOBODY, 1), miss);
            stage.put(pool, FILE, 1, 1);
            assertHeard(stage, () -> stage.get(pool, FILE, 7), miss);
            Heard put = heard(Operation.PUT, FIRST);
            assertHeard(
                    stage,
                    () -> {
                        stage.put(pool, FILE, 1, 1);
                        assertThat(stage.get(pool, FILE, 1)).isEqualTo(1);
                    },
                    put,
                    heard(Operation.GET_HIT, FIRST));
            stage.put(pool, FILE, 1, 1);
            stage.put(pool, FILE, 5, 1);
            assertHeard(
                    stage,
                    () -> {
                        stage.put(pool, FILE, 2, 1);
                        assertThat(stage.get(pool, FILE, 2)).isEqualTo(1);
                    },
                    heard(Operation.PUT, SECOND),
                    heard(Operation.GET_HIT, SECOND));
            assertHeard(
                    stage,
                    () -> {
                        pool.put(FILE, 3, FILLED);
                        assertThat(pool.get(FILE, 3, new byte[Stage.PAGE])).isTrue();
                    },
                    heard(Operation.PUT, Recorder.NO_TIER),
                    heard(Operation.GET_HIT, Recorder.NO_TIER));
        }
    }

    @Test
    void getsThatFailAreHeardOf() {
        try (Stage stage = Stage.of(4)) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            Heard failed = heard(Operation.GET_FAILED, Recorder.NO_TIER);
            stage.put(pool, FILE, 1, 1);
            stage.tier(0).link(Link.DOWN);
            assertHeard(
                    stage,
                    () -> assertThatThrownBy(() -> stage.get(pool, FILE, 1))
                            .isInstanceOf(PageUnavailableException.class),
                    failed);
            stage.tier(0).restart(Map.of());
            assertHeard(
                    stage,
                    () -> assertThatThrownBy(() -> stage.get(pool, FILE, 1)).isInstanceOf(PageLostException.class),
                    failed);
        }
    }

    @Test
    void flushesAreHeardOfWithTheTierThePageWasIn() {
        try (Stage stage = Stage.of(1, 1)) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            assertHeard(stage, () -> pool.flush(FILE, 1), heard(Operation.FLUSH, Recorder.NO_TIER));
            stage.put(pool, FILE, 1, 1);
            assertHeard(
                    stage,
                    () -> {
                        stage.put(pool, FILE, 2, 1);
                        pool.flush(FILE, 2);
                    },
                    heard(Operation.PUT, SECOND),
                    heard(Operation.FLUSH, SECOND));
            assertHeard(
                    stage,
                    () -> {
                        pool.put(FILE, 3, FILLED);
                        pool.flush(FILE, 3);
                    },
                    heard(Operation.PUT, Recorder.NO_TIER),
                    heard(Operation.FLUSH, Recorder.NO_TIER));
        }
    }

    @Test
    void flushesOfValuesAreHeardOfWithTheTierTheValueWasIn() {
        try (Stage stage = Stage.of(4)) {
            BlobPool pool = stage.blobs();
            assertHeard(stage, () -> pool.flush(FILE, 1), heard(Operation.FLUSH, Recorder.NO_TIER));
            assertHeard(
                    stage,
                    () -> {
                        Values.put(pool, FILE, 2, Values.make(1, Stage.PAGE), PageKind.PERSISTENT);
                        pool.flush(FILE, 2);
                    },
                    heard(Operation.PUT, FIRST),
                    heard(Operation.FLUSH, FIRST));
        }
    }

    @Test
    void demotionsAreHeardOfWithTheLowerTier() {
        try (Stage stage = Stage.of(2, 8)) {
            EphemeralPool pool = stage.ephemeral(GetMode.INCLUSIVE);
            int[] index = {0};
            assertHeard(
                    stage,
                    () -> stage.put(pool, FILE, index[0]++, 1),
                    heard(Operation.PUT, FIRST),
                    heard(Operation.DEMOTE, SECOND));
            assertThat(stage.stats(1).demotedIn()).isPositive();
        }
    }

    @Test
    void demotionsToASlowTierAreHeardOf() {
        try (Stage stage = Stage.over(
                tier -> tier.withWatermarks(50, 25),
                KeyedTestBackend.local(16 * Stage.PAGE),
                KeyedTestBackend.slow(64 * Stage.PAGE))) {
            EphemeralPool pool = stage.ephemeral(GetMode.INCLUSIVE);
            Listener listener = new Listener();
            stage.store().record(listener);
            for (int i = 0; i < 200 * TRIES && !listener.heard.contains(heard(Operation.DEMOTE, SECOND)); i++) {
                stage.put(pool, FILE, i, 1);
            }
            assertThat(listener.heard).contains(heard(Operation.DEMOTE, SECOND));
        }
    }

    @Test
    void aRecorderThatThrowsHarmsNoOperation() {
        try (Stage stage = Stage.of(4)) {
            PersistentPool pool = stage.persistent(GetMode.EXCLUSIVE);
            AtomicInteger calls = new AtomicInteger();
            stage.store().record((operation, chain, tier, nanos) -> {
                calls.incrementAndGet();
                throw new IllegalStateException("scripted");
            });
            for (int i = 0; i < TRIES; i++) {
                assertThat(stage.put(pool, FILE, 1, i + 1)).isTrue();
                assertThat(stage.get(pool, FILE, 1)).isEqualTo(i + 1);
            }
            assertThat(calls).hasValue(1);
            assertThat(pool.stats().hits()).isEqualTo(TRIES);
        }
    }

    @Test
    void aStoreHasOneRecorder() {
        try (Stage stage = Stage.of(4)) {
            PageStore store = stage.store();
            EphemeralPool pool = stage.ephemeral(GetMode.INCLUSIVE);
            Listener first = new Listener();
            Listener second = new Listener();
            store.record(first);
            store.record(first); // is no second
            assertThatThrownBy(() -> store.record(second))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("detach");
            for (int i = 0; i < TRIES; i++) {
                stage.put(pool, FILE, 1, 1);
            }
            assertThat(first.heard).containsExactly(heard(Operation.PUT, FIRST));
            assertThat(second.heard).isEmpty();
            first.heard.clear();
            store.record(Recorder.disabled());
            store.record(Recorder.disabled());
            for (int i = 0; i < TRIES; i++) {
                stage.put(pool, FILE, 1, 1);
            }
            assertThat(first.heard).isEmpty();
            store.record(second); // the place is free
        }
    }
}
