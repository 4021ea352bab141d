package io.github.tmem.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.EphemeralPool;
import io.github.tmem.api.GetMode;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PersistentPool;
import io.github.tmem.api.PutResult;
import io.github.tmem.api.Refusal;
import io.github.tmem.kit.Gate;
import io.github.tmem.kit.Race;
import io.github.tmem.kit.backend.KeyedTestBackend;
import io.github.tmem.kit.backend.Link;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Frees in slow tiers: nobody waits for them, many go in one call, and what was never sent owes none. */
@Timeout(120)
class FreesTest {
    private static final ObjectId FILE = ObjectId.of(1);
    private static final ObjectId OTHER = ObjectId.of(2);
    private static final int PAGES = 3000;
    private static final int FREES_AT_ONCE = 512;

    /** Pages at the low watermark of a tier of eight; the high one is twice as high. */
    private static final int LOW = 2;

    @Test
    void aFlushWaitsForNoFreeAndTheFreesOfAnObjectGoInFewCalls() {
        AtomicInteger calls = new AtomicInteger();
        try (Gate wire = new Gate();
                Stage stage = Stage.over(tier -> tier, KeyedTestBackend.slow((PAGES + 1L) * Stage.PAGE))) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            for (int index = 0; index < PAGES; index++) {
                assertThat(stage.put(pool, FILE, index, 1)).isTrue();
            }
            stage.put(pool, OTHER, 1, 1);
            stage.hooks(0).at("flush-all", () -> {
                calls.incrementAndGet();
                wire.arrive("free");
            });
            wire.shutForOne("free");
            assertThat(pool.flush(OTHER, 1)).isTrue();
            wire.awaitArrival("free");
            assertThat(pool.flushObject(FILE)).isEqualTo(PAGES);
            assertThat(stage.get(pool, FILE, 1)).isZero();
            assertThat(stage.stats(0).freesOwed()).isEqualTo(PAGES + 1);
            assertThat(stage.stats(0).usedBytes())
                    .as("until the frees are answered")
                    .isPositive();
            wire.open("free");
            Race.until(() -> stage.stats(0).freesOwed() == 0);
            assertThat(calls.get()).isLessThanOrEqualTo(2 + PAGES / FREES_AT_ONCE);
            assertThat(stage.stats(0).usedBytes()).isZero();
        }
    }

    /** The free that the overwrite owes is one; the put that nobody sent adds none, and says and counts what it did. */
    @Test
    void aPutThatWasNotSentOwesNoFree() {
        try (Stage stage = Stage.over(tier -> tier, KeyedTestBackend.slow(4L * Stage.PAGE))) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            assertThat(stage.put(pool, FILE, 1, 1)).isTrue();
            stage.tier(0).link(Link.AWAY);
            PutResult refused = pool.put(FILE, 1, Stage.page(FILE, 1, 2));
            assertThat(refused).isEqualTo(PutResult.refused(Refusal.UNAVAILABLE));
            for (int index = 2; index < 100; index++) {
                assertThat(stage.put(pool, FILE, index, 1)).isFalse();
            }
            assertThat(stage.stats(0).freesOwed()).isEqualTo(1);
            assertThat(stage.stats(0).usedBytes()).isEqualTo(Stage.PAGE);
            assertThat(stage.stats(0).unavailable()).isEqualTo(99);
            assertThat(stage.stats(0).unanswered()).isGreaterThanOrEqualTo(99);
            assertThat(stage.get(pool, FILE, 1)).isZero();
            stage.tier(0).link(Link.UP);
            Race.until(() -> stage.stats(0).freesOwed() == 0);
            assertThat(stage.put(pool, FILE, 1, 3)).isTrue();
        }
    }

    /** It goes on by itself when there is an answer again. */
    @Test
    void theBackgroundWaitsForATierThatIsAway() {
        AtomicInteger tries = new AtomicInteger();
        try (Stage stage = smallOverSlow()) {
            stage.hooks(1).at("putAsync", tries::incrementAndGet);
            stage.tier(1).link(Link.AWAY);
            EphemeralPool pool = putPages(stage, 6);
            int before = tries.get();
            Race.until(() -> tries.get() > before + 6); // no pass sends more: one has begun since the last put
            assertThat(stage.stats(1).freesOwed()).isZero();
            assertThat(stage.stats(0).demotedOut()).isZero();
            assertThat(stage.copies(0)).as("nothing is dropped").isEqualTo(6);
            stage.tier(1).link(Link.UP);
            Race.until(() -> stage.copies(0) <= LOW);
            for (int index = 0; index < 6; index++) {
                assertThat(stage.get(pool, FILE, index)).isEqualTo(1);
            }
        }
    }

    /** What was on its way down to the low watermark goes there, also if the tier is below the high one by now. */
    @Test
    void theBackgroundGoesOnWhereATierThatWentAwayStoppedIt() {
        AtomicInteger tries = new AtomicInteger();
        try (Stage stage = smallOverSlow()) {
            KeyedTestBackend below = stage.tier(1);
            stage.hooks(1).at("putAsync", tries::incrementAndGet);
            below.gate().shut("put");
            putPages(stage, 5);
            Race.until(() -> tries.get() == 5);
            below.gate().passOne("put");
            Race.until(() -> below.contents().size() == 1);
            below.link(Link.AWAY);
            below.gate().open("put");
            Race.until(() -> tries.get() > 5 + 4); // the pass that was stopped sends the other four once more, at most
            assertThat(stage.stats(0).demotedOut()).isEqualTo(1);
            below.link(Link.UP);
            Race.until(() -> stage.copies(0) <= LOW);
        }
    }

    private static Stage smallOverSlow() {
        return Stage.over(
                tier -> tier.withWatermarks(50, 25),
                KeyedTestBackend.local(4L * LOW * Stage.PAGE),
                KeyedTestBackend.slow(256L * Stage.PAGE));
    }

    private static EphemeralPool putPages(Stage stage, int pages) {
        EphemeralPool pool = stage.ephemeral(GetMode.INCLUSIVE);
        for (int index = 0; index < pages; index++) {
            assertThat(stage.put(pool, FILE, index, 1)).isTrue();
        }
        return pool;
    }
}
