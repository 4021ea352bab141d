package io.github.tmem.system;

import static io.github.tmem.kit.Aside.join;
import static io.github.tmem.kit.Aside.start;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.EphemeralPool;
import io.github.tmem.api.GetMode;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PutResult;
import io.github.tmem.api.Refusal;
import io.github.tmem.kit.backend.Link;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The rule of fills, R03 of {@code docs/coherence.md}: what was read from a source comes before every put and flush of its key
 * that came after the reading began. Every race is forced by stopping a backend call.
 */
class FillRulesTest {
    private static final ObjectId FILE = ObjectId.of(1);
    private static final ObjectId OTHER = ObjectId.of(2);

    @Test
    void R03_aSlowFillerNeverOverwritesANewerPage() {
        try (Stage stage = Stage.of(4)) {
            EphemeralPool pool = stage.ephemeral(GetMode.INCLUSIVE);
            long token = pool.fillToken(FILE, 0);
            assertThat(stage.get(pool, FILE, 0)).isZero();
            byte[] read = Stage.page(FILE, 0, 1); // from the source, which changes now
            stage.put(pool, FILE, 0, 2);
            assertThat(pool.put(FILE, 0, read, token).refusal()).isEqualTo(Refusal.OUTDATED);
            assertThat(stage.get(pool, FILE, 0)).as("the newer page stays").isEqualTo(2);
            token = pool.fillToken(FILE, 0);
            assertThat(pool.put(FILE, 0, Stage.page(FILE, 0, 3), token).stored())
                    .isTrue();
            assertThat(stage.get(pool, FILE, 0)).isEqualTo(3);
        }
    }

    /** The put is on its way when the fill comes and goes: it began after the token, so its page is the newer one. */
    @Test
    void R03_aPutThatBeganAfterTheTokenComesAfterTheFill() {
        try (Stage stage = Stage.of(4)) {
            EphemeralPool pool = stage.ephemeral(GetMode.INCLUSIVE);
            long token = pool.fillToken(FILE, 0);
            stage.tier(0).gate().shutForOne("put-done");
            CompletableFuture<Boolean> putting = start(() -> stage.put(pool, FILE, 0, 2));
            stage.tier(0).gate().awaitArrival("put-done");
            pool.put(FILE, 0, Stage.page(FILE, 0, 1), token);
            stage.tier(0).gate().open("put-done");
            assertThat(join(putting)).isTrue();
            assertThat(stage.get(pool, FILE, 0)).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"put", "refused put", "flush", "flushObject"})
    void R03_whatHappensWhileTheFillIsOnItsWayOutdatesIt(String change) {
        try (Stage stage = Stage.of(4)) {
            EphemeralPool pool = stage.ephemeral(GetMode.INCLUSIVE);
            long token = pool.fillToken(FILE, 0);
            stage.tier(0).gate().shutForOne("put-done");
            CompletableFuture<PutResult> filling = start(() -> pool.put(FILE, 0, Stage.page(FILE, 0, 1), token));
            stage.tier(0).gate().awaitArrival("put-done");
            change(stage, pool, change);
            stage.tier(0).gate().open("put-done");
            assertThat(join(filling).refusal()).isEqualTo(Refusal.OUTDATED);
            assertThat(stage.get(pool, FILE, 0)).isEqualTo(change.equals("put") ? 2 : 0);
            assertThat(stage.copies()).as("its own copy is freed").isEqualTo(change.equals("put") ? 1 : 0);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"put", "refused put", "flush", "flushObject"})
    void R03_whatHappenedSinceTheTokenOutdatesTheFillAlsoWithoutAnyPage(String change) {
        try (Stage stage = Stage.of(4)) {
            EphemeralPool pool = stage.ephemeral(GetMode.INCLUSIVE);
            long token = pool.fillToken(FILE, 0);
            change(stage, pool, change); // of an object that has no page
            PutResult result = pool.put(FILE, 0, Stage.page(FILE, 0, 1), token);
            assertThat(result.refusal()).isEqualTo(Refusal.OUTDATED);
            stage.put(pool, FILE, 9, 1);
            long second = pool.fillToken(FILE, 0);
            change(stage, pool, change); // of an object that has another
            assertThat(pool.put(FILE, 0, Stage.page(FILE, 0, 1), second).refusal())
                    .isEqualTo(Refusal.OUTDATED);
            assertThat(pool.stats().refused()).containsEntry(Refusal.OUTDATED, 2L);
        }
    }

    private static void change(Stage stage, EphemeralPool pool, String change) {
        switch (change) {
            case "put" -> assertThat(stage.put(pool, FILE, 0, 2)).isTrue();
            case "refused put" -> {
                stage.tier(0).link(Link.DOWN);
                assertThat(stage.put(pool, FILE, 0, 2)).isFalse();
                stage.tier(0).link(Link.UP);
            }
            case "flush" -> assertThat(pool.flush(FILE, 0)).isFalse();
            case "flushObject" -> assertThat(pool.flushObject(FILE)).isLessThan(2);
            default -> throw new IllegalArgumentException(change);
        }
    }

    @Test
    void R03_evictionsAndMovesOutdateNoFill() {
        try (Stage stage = Stage.of(1, 1)) {
            EphemeralPool pool = stage.ephemeral(GetMode.INCLUSIVE);
            stage.put(pool, FILE, 0, 1);
            long token = pool.fillToken(FILE, 0);
            stage.put(pool, OTHER, 1, 1); // page 0 goes down
            stage.put(pool, OTHER, 2, 1); // and out
            assertThat(stage.get(pool, FILE, 0)).isZero();
            assertThat(pool.stats().evicted()).isEqualTo(1);
            assertThat(pool.put(FILE, 0, Stage.page(FILE, 0, 1), token).stored())
                    .isTrue();
        }
    }
}
