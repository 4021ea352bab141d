package io.github.tmem.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.EphemeralPool;
import io.github.tmem.api.GetMode;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PageKind;
import io.github.tmem.api.spi.Capabilities;
import io.github.tmem.api.spi.Capabilities.Addressing;
import io.github.tmem.api.spi.Capabilities.Latency;
import io.github.tmem.kit.PageKey;
import io.github.tmem.kit.Pages;
import io.github.tmem.kit.Race;
import io.github.tmem.kit.Shape;
import io.github.tmem.kit.backend.KeyedTestBackend;
import io.github.tmem.kit.codec.CodecFault;
import io.github.tmem.kit.codec.CodecScript;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Pages that go down to a slow tier in batches, and those that cannot. */
class SlowMovesTest {
    private static final ObjectId FILE = ObjectId.of(1);

    private static KeyedTestBackend slow(int lengthMax) {
        return new KeyedTestBackend(
                64 * Stage.PAGE,
                new Capabilities(Addressing.KEYED, Latency.SLOW, EnumSet.allOf(PageKind.class), lengthMax));
    }

    @Test
    void aMoveThatTheSlowTierDoesNotTakeIsCounted() {
        try (Stage stage = Stage.over(
                tier -> tier.withWatermarks(50, 25), KeyedTestBackend.local(16 * Stage.PAGE), slow(Stage.PAGE / 2))) {
            EphemeralPool pool = stage.ephemeral(GetMode.INCLUSIVE);
            for (int i = 0; i < 10; i++) {
                stage.put(pool, FILE, i, 1);
            }
            Race.until(() -> stage.stats(0).evicted() > 0);
            stage.verify(); // and the pass is over
            assertThat(stage.stats(1).movesRefused()).isEqualTo(stage.stats(0).evicted());
        }
    }

    @Test
    void aPageThatDoesNotDecodeOnItsWayToASlowTierIsCorrupt() {
        Iterator<String> codecs = List.of("test-gated", "none").iterator();
        try (CodecScript script = CodecScript.start();
                Stage stage = Stage.over(
                        tier -> tier.withWatermarks(50, 25).withCodec(codecs.next()),
                        KeyedTestBackend.local(16 * Stage.PAGE),
                        slow(2 * Stage.PAGE))) {
            EphemeralPool pool = stage.ephemeral(GetMode.INCLUSIVE);
            script.next(CodecFault.DECODE_MALFORMED);
            putUntilPagesMove(stage, pool);
            stage.verify();
            assertThat(stage.stats(0).corrupt()).isEqualTo(1);
            assertThat(stage.stats(0).dropped()).isEqualTo(1);
            assertThat(pool.stats().dropped()).isEqualTo(1);
        }
    }

    /** The batches' codecs are opened anew, and none of the older ones is left open. */
    @Test
    void aCodecThatComesLaterIsKnownToTheMovesThatFollow() {
        try (CodecScript script = CodecScript.start()) {
            try (Stage stage = Stage.over(
                    tier -> tier.withWatermarks(50, 25).withCodec("test-gated"),
                    KeyedTestBackend.local(16 * Stage.PAGE),
                    slow(2 * Stage.PAGE))) {
                EphemeralPool pool = stage.ephemeral(GetMode.INCLUSIVE);
                stage.chain().codec(stage.stats(0).tier(), "test-runs");
                putUntilPagesMove(stage, pool);
                assertThat(stage.stats(0).corrupt() + stage.stats(1).corrupt()).isZero();
            }
            assertThat(script.codecsClosed()).isEqualTo(script.codecsOpened());
        }
    }

    private static void putUntilPagesMove(Stage stage, EphemeralPool pool) {
        for (int i = 0; stage.stats(0).demotedOut() == 0; i++) {
            assertThat(i).as("pages stored without a demotion").isLessThan(10_000);
            pool.put(FILE, i, Pages.make(new PageKey(FILE, i), 1, Shape.COMPRESSIBLE, Stage.PAGE));
        }
    }
}
