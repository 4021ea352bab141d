package io.github.tmem.system;

import static io.github.tmem.kit.Aside.join;
import static io.github.tmem.kit.Aside.startUntil;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tmem.api.EphemeralPool;
import io.github.tmem.api.GetMode;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PersistentPool;
import io.github.tmem.api.PutResult;
import io.github.tmem.api.Refusal;
import io.github.tmem.kit.backend.Link;
import io.github.tmem.kit.codec.CodecScript;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Fill tokens, beyond what {@link FillRulesTest} forces: tokens that are none, tokens used twice, refusals of other kinds. */
class FillTokenTest {
    private static final ObjectId FILE = ObjectId.of(1);
    private static final ObjectId OTHER = ObjectId.of(2);

    /** So many flushes reach every fence of a chain with one shard; the odds against are 1 in 10 to the 8. */
    private static final int FLUSHES = 10_000;

    private static PutResult fill(PersistentPool pool, long version, long token) {
        return pool.put(FILE, 0, Stage.page(FILE, 0, version), token);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, 2, 1L << 40, Long.MAX_VALUE, Long.MIN_VALUE})
    void aTokenThatWasNeverGivenIsRefusedAndHarmsNothing(long token) {
        try (Stage stage = Stage.of(4)) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            assertThat(fill(pool, 1, token).refusal()).as("before any token").isEqualTo(Refusal.OUTDATED);
            assertThat(pool.fillToken(OTHER, 0)).isPositive();
            assertThat(fill(pool, 1, token).refusal()).isEqualTo(Refusal.OUTDATED);
            stage.put(pool, FILE, 0, 2);
            assertThat(fill(pool, 3, token).refusal()).isEqualTo(Refusal.OUTDATED);
            assertThat(stage.get(pool, FILE, 0)).isEqualTo(2);
            stage.put(pool, FILE, 0, 4);
            assertThat(stage.get(pool, FILE, 0)).isEqualTo(4);
        }
    }

    @Test
    void aTokenServesOneFillAndOutdatesThoseOfOthers() {
        try (Stage stage = Stage.of(4)) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            long first = pool.fillToken(FILE, 0);
            long second = pool.fillToken(FILE, 0);
            assertThat(fill(pool, 1, first).stored()).isTrue();
            assertThat(fill(pool, 2, first).refusal()).isEqualTo(Refusal.OUTDATED);
            assertThat(fill(pool, 3, second).refusal()).isEqualTo(Refusal.OUTDATED);
            assertThat(stage.get(pool, FILE, 0)).isEqualTo(1);
        }
    }

    @Test
    void aFillReplacesAnOlderPage() {
        try (Stage stage = Stage.of(4)) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            stage.put(pool, FILE, 0, 1);
            assertThat(fill(pool, 2, pool.fillToken(FILE, 0)).stored()).isTrue();
            assertThat(stage.get(pool, FILE, 0)).isEqualTo(2);
            assertThat(pool.stats().replaced()).isEqualTo(1);
        }
    }

    @Test
    void aFillThatTheTiersRefuseLeavesNoOlderPage() {
        try (Stage stage = Stage.of(4)) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            stage.put(pool, FILE, 0, 1);
            long token = pool.fillToken(FILE, 0);
            stage.tier(0).link(Link.DOWN);
            assertThat(fill(pool, 2, token).refusal()).isEqualTo(Refusal.UNAVAILABLE);
            stage.tier(0).link(Link.UP);
            assertThat(stage.get(pool, FILE, 0)).isZero();
            assertThat(fill(pool, 2, token).refusal())
                    .as("refused is an end too")
                    .isEqualTo(Refusal.OUTDATED);
        }
    }

    /** What it put came after the token, and nobody else has it: the fill's page was read before. */
    @Test
    void aPutThatBeganBeforeTheTokenAndEndedAfterItOutdatesTheFill() {
        try (Stage stage = Stage.of(4)) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            CompletableFuture<PutResult> putting =
                    startUntil(stage.tier(0).gate(), "put", () -> pool.put(FILE, 0, Stage.page(FILE, 0, 2)));
            long token = pool.fillToken(FILE, 0);
            stage.tier(0).gate().open("put");
            assertThat(join(putting).stored()).isTrue();
            assertThat(fill(pool, 1, token).refusal()).isEqualTo(Refusal.OUTDATED);
            assertThat(stage.get(pool, FILE, 0)).isEqualTo(2);
        }
    }

    @Test
    void aPutUnderWayComesAfterTheFillThatOvertakesIt() {
        try (Stage stage = Stage.of(4)) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            CompletableFuture<PutResult> putting =
                    startUntil(stage.tier(0).gate(), "put-done", () -> pool.put(FILE, 0, Stage.page(FILE, 0, 2)));
            assertThat(fill(pool, 1, pool.fillToken(FILE, 0)).stored()).isTrue();
            assertThat(stage.get(pool, FILE, 0)).isEqualTo(1);
            stage.tier(0).gate().open("put-done");
            assertThat(join(putting).stored()).isTrue();
            assertThat(stage.get(pool, FILE, 0)).isEqualTo(2);
            assertThat(pool.pageCount()).isEqualTo(1);
            assertThat(pool.stats().replaced()).isEqualTo(1);
        }
    }

    /** The same with an entry to overwrite, which the fill has overwritten meanwhile. */
    @Test
    void anOverwriteUnderWayComesAfterTheFillThatOvertakesIt() {
        try (Stage stage = Stage.of(4)) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            stage.put(pool, FILE, 0, 1);
            CompletableFuture<PutResult> putting =
                    startUntil(stage.tier(0).gate(), "put-done", () -> pool.put(FILE, 0, Stage.page(FILE, 0, 3)));
            assertThat(fill(pool, 2, pool.fillToken(FILE, 0)).stored()).isTrue();
            stage.tier(0).gate().open("put-done");
            assertThat(join(putting).stored()).isTrue();
            assertThat(stage.get(pool, FILE, 0)).isEqualTo(3);
        }
    }

    /** The same in a tier with room for one page: the put gives up what the fill has stored there. */
    @Test
    void aPutUnderWayTakesTheRoomOfTheFillThatOvertakesIt() {
        try (CodecScript script = CodecScript.start();
                Stage stage = Stage.of(tier -> tier.withCodec("test-gated"), 1)) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            CompletableFuture<PutResult> putting =
                    startUntil(script.gate(), "encode", () -> pool.put(FILE, 0, Stage.page(FILE, 0, 2)));
            assertThat(fill(pool, 1, pool.fillToken(FILE, 0)).stored()).isTrue();
            script.gate().open("encode");
            assertThat(join(putting).stored()).isTrue();
            assertThat(stage.get(pool, FILE, 0)).isEqualTo(2);
        }
    }

    /** A put that is refused leaves no older page (L3), and what a fill read meanwhile is older. */
    @Test
    void aPutUnderWayThatIsRefusedTakesTheFillAlong() {
        try (Stage stage = Stage.of(4)) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            CompletableFuture<PutResult> putting =
                    startUntil(stage.tier(0).gate(), "put", () -> pool.put(FILE, 0, Stage.page(FILE, 0, 2)));
            assertThat(fill(pool, 1, pool.fillToken(FILE, 0)).stored()).isTrue();
            stage.tier(0).link(Link.DOWN);
            stage.tier(0).gate().open("put");
            assertThat(join(putting).refusal()).isEqualTo(Refusal.UNAVAILABLE);
            stage.tier(0).link(Link.UP);
            assertThat(stage.get(pool, FILE, 0)).isZero();
        }
    }

    @Test
    void aFillThatTheTiersRefuseLeavesThePageOfAPutThatWasUnderWay() {
        try (Stage stage = Stage.of(4)) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            CompletableFuture<PutResult> putting =
                    startUntil(stage.tier(0).gate(), "put-done", () -> pool.put(FILE, 0, Stage.page(FILE, 0, 2)));
            long token = pool.fillToken(FILE, 0);
            CompletableFuture<PutResult> filling = startUntil(stage.tier(0).gate(), "put", () -> fill(pool, 1, token));
            stage.tier(0).gate().open("put-done");
            assertThat(join(putting).stored()).isTrue();
            stage.tier(0).link(Link.DOWN);
            stage.tier(0).gate().open("put");
            assertThat(join(filling).refusal()).as("the key has changed").isEqualTo(Refusal.OUTDATED);
            stage.tier(0).link(Link.UP);
            assertThat(stage.get(pool, FILE, 0)).isEqualTo(2);
        }
    }

    /** It ends like a refused one (R30), but what has taken the place of its page came later, whatever its stamp. */
    @Test
    void aPutThatFailsAfterItWasLinkedTakesNoFillAlong() {
        try (Stage stage = Stage.of(4)) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            stage.put(pool, FILE, 0, 1);
            stage.hooks(0).at("flush", () -> {
                stage.hooks(0).heal();
                assertThat(fill(pool, 3, pool.fillToken(FILE, 0)).stored()).isTrue();
                throw new AssertionError("the medium broke");
            });
            assertThatThrownBy(() -> stage.put(pool, FILE, 0, 2)).hasMessage("the medium broke");
            assertThat(stage.get(pool, FILE, 0)).isEqualTo(3);
        }
    }

    /** The same of its own page, which goes. */
    @Test
    void aFillThatFailsAfterItWasLinkedLeavesNoPage() {
        try (Stage stage = Stage.of(4)) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            stage.put(pool, FILE, 0, 1);
            long token = pool.fillToken(FILE, 0);
            stage.hooks(0).at("flush", () -> {
                stage.hooks(0).heal();
                throw new AssertionError("the medium broke");
            });
            assertThatThrownBy(() -> fill(pool, 2, token)).hasMessage("the medium broke");
            assertThat(stage.get(pool, FILE, 0)).isZero();
        }
    }

    /** Refused by the tier after a newer put: whatever the reason, the newer page is not the fill's to remove. */
    @Test
    void aFillThatTheTiersRefuseLeavesANewerPage() {
        try (Stage stage = Stage.of(4)) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            long token = pool.fillToken(FILE, 0);
            CompletableFuture<PutResult> filling = startUntil(stage.tier(0).gate(), "put", () -> fill(pool, 1, token));
            stage.put(pool, FILE, 0, 2);
            stage.tier(0).link(Link.DOWN);
            stage.tier(0).gate().open("put");
            assertThat(join(filling).refusal()).as("the key has changed").isEqualTo(Refusal.OUTDATED);
            stage.tier(0).link(Link.UP);
            assertThat(stage.get(pool, FILE, 0)).isEqualTo(2);
        }
    }

    /** Its older page is no longer there to stay, so that OUTDATED would be a lie, and a persistent page silently missed (L5). */
    @Test
    void aFillThatGaveUpTheOlderCopyIsNotOutdatedByAnotherKey() {
        try (Stage stage = Stage.of(1)) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            stage.put(pool, FILE, 0, 1);
            long token = pool.fillToken(FILE, 0);
            CompletableFuture<PutResult> filling = startUntil(
                    stage.tier(0).gate(), "put-done", () -> fill(pool, 2, token)); // in the room of the older copy
            for (int i = 0; i < FLUSHES; i++) {
                pool.flush(OTHER, i); // one of them shares its fence
            }
            stage.tier(0).gate().open("put-done");
            assertThat(join(filling).stored()).isTrue();
            assertThat(stage.get(pool, FILE, 0)).isEqualTo(2);
        }
    }

    @Test
    void aFillThatIsOutdatedAfterItGaveUpTheOlderCopyLeavesNoEntryBehind() {
        try (Stage stage = Stage.of(1)) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            stage.put(pool, FILE, 0, 1);
            long token = pool.fillToken(FILE, 0);
            CompletableFuture<PutResult> filling = startUntil(
                    stage.tier(0).gate(), "put-done", () -> fill(pool, 2, token)); // in the room of the older copy
            pool.flush(FILE, 0);
            stage.tier(0).gate().open("put-done");
            assertThat(join(filling).refusal()).isEqualTo(Refusal.OUTDATED);
            assertThat(pool.pageCount()).isZero();
            assertThat(stage.get(pool, FILE, 0)).as("a miss, not a wait").isZero();
        }
    }

    @Test
    void aFillThatIsOutdatedByNowGivesNoOlderCopyUp() {
        try (CodecScript script = CodecScript.start();
                Stage stage = Stage.of(tier -> tier.withCodec("test-gated"), 1)) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            stage.put(pool, FILE, 0, 1);
            long token = pool.fillToken(FILE, 0);
            CompletableFuture<PutResult> filling =
                    startUntil(script.gate(), "encode", () -> fill(pool, 2, token)); // not yet outdated
            for (int i = 0; i < FLUSHES; i++) {
                pool.flush(OTHER, i); // one of them shares its fence
            }
            script.gate().open("encode");
            assertThat(join(filling).refusal()).isEqualTo(Refusal.OUTDATED);
            assertThat(stage.get(pool, FILE, 0)).isEqualTo(1);
        }
    }

    @Test
    void aFillThatIsOutdatedByAnotherKeyLeavesTheOlderPage() {
        try (Stage stage = Stage.of(4)) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            stage.put(pool, FILE, 0, 1);
            long token = pool.fillToken(FILE, 0);
            for (int i = 0; i < FLUSHES; i++) {
                pool.flush(OTHER, i);
            }
            assertThat(fill(pool, 2, token).refusal()).isEqualTo(Refusal.OUTDATED);
            assertThat(stage.get(pool, FILE, 0)).isEqualTo(1);
        }
    }

    @Test
    void pagesWithoutACopyAreFilledAlike() {
        try (Stage stage = Stage.of(4)) {
            EphemeralPool pool = stage.ephemeral(GetMode.INCLUSIVE);
            byte[] zeros = new byte[Stage.PAGE];
            long token = pool.fillToken(FILE, 0);
            assertThat(pool.put(FILE, 0, zeros, token).stored()).isTrue();
            assertThat(pool.put(FILE, 0, zeros, token).refusal()).isEqualTo(Refusal.OUTDATED);
            assertThat(pool.contains(FILE, 0)).isTrue();
        }
    }

    @Test
    void argumentErrorsAreNoPuts() {
        try (Stage stage = Stage.of(4)) {
            EphemeralPool pool = stage.ephemeral(GetMode.INCLUSIVE);
            long token = pool.fillToken(FILE, 0);
            assertThatThrownBy(() -> pool.put(FILE, 0, new byte[Stage.PAGE + 1], token))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThat(pool.put(FILE, 0, Stage.page(FILE, 0, 1), token).stored())
                    .isTrue();
        }
    }
}
