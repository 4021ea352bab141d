package io.github.tmem.system;

import static io.github.tmem.kit.Aside.join;
import static io.github.tmem.kit.Aside.start;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.BlobPool;
import io.github.tmem.api.GetMode;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PageKind;
import io.github.tmem.api.PersistentPool;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.api.config.Size;
import io.github.tmem.api.spi.Capabilities;
import io.github.tmem.api.spi.Capabilities.Addressing;
import io.github.tmem.api.spi.Capabilities.Latency;
import io.github.tmem.kit.backend.KeyedTestBackend;
import java.util.EnumSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Whose room a put takes that must not be refused while anything may give way. */
class PersistentRoomTest {
    private static final ObjectId FILE = ObjectId.of(1);
    private static final ObjectId OTHER = ObjectId.of(2);
    private static final int PAGE = Stage.PAGE;

    /** The quota of a pool of values is one for both kinds. */
    @Test
    void aPersistentValueTakesTheQuotaOfValuesOnTheirWayDown() throws InterruptedException {
        KeyedTestBackend cleanOnly = new KeyedTestBackend(
                16 * PAGE, new Capabilities(Addressing.KEYED, Latency.SLOW, EnumSet.of(PageKind.EPHEMERAL), 1 << 20));
        try (Stage stage =
                Stage.over(tier -> tier.withWatermarks(40, 10), KeyedTestBackend.local(4 * PAGE), cleanOnly)) {
            BlobPool pool = stage.blobs(PoolConfig.ephemeral("capped").withQuota(Size.ofBytes(2L * PAGE)));
            byte[] value = Values.make(1, PAGE);
            CountDownLatch inFlight = new CountDownLatch(2);
            stage.hooks(1).at("putAsync", inFlight::countDown);
            cleanOnly.gate().shut("put");
            for (int i = 0; i < 2; i++) {
                assertThat(Values.put(pool, FILE, i, value, PageKind.EPHEMERAL).stored())
                        .isTrue();
            }
            assertThat(inFlight.await(30, TimeUnit.SECONDS)).isTrue();
            cleanOnly.gate().awaitArrival("put");
            assertThat(join(start(() -> Values.put(pool, OTHER, 0, value, PageKind.PERSISTENT)))
                            .stored())
                    .isTrue();
            cleanOnly.gate().open("put");
            stage.verify();
            assertThat(Values.get(pool, OTHER, 0)).isEqualTo(value);
            assertThat(pool.count()).isEqualTo(2);
        }
    }

    /** What is dead gives way, however much of it there is, before a page that must not go is refused (R28). */
    @Test
    void aPersistentPutIsNotRefusedForFreesThatAreOwed() throws InterruptedException {
        byte[] runs = new byte[PAGE];
        runs[0] = 1;
        try (Stage stage = Stage.withDirectory(
                "1MiB",
                tier -> tier.withCodec("test-runs"),
                KeyedTestBackend.slow(8 * PAGE),
                KeyedTestBackend.slow(PAGE))) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            int pages = 0;
            while (stage.copies(1) == 0) {
                assertThat(pool.put(FILE, pages++, runs).stored()).isTrue();
            }
            assertThat(stage.stats(0).usedBytes() / stage.copies(0))
                    .as("bytes of a copy")
                    .isLessThan(PAGE / 16);
            CountDownLatch arrived = new CountDownLatch(1);
            CountDownLatch released = new CountDownLatch(1);
            stage.hooks(1).at("flush-all", () -> {
                arrived.countDown();
                awaitRelease(released);
            });
            pool.flush(FILE, pages - 1);
            assertThat(arrived.await(30, TimeUnit.SECONDS))
                    .as("the background is busy")
                    .isTrue();
            pool.flushObject(FILE);
            assertThat(stage.put(pool, OTHER, 0, 1)).isTrue();
            released.countDown();
            assertThat(stage.get(pool, OTHER, 0)).isEqualTo(1);
        }
    }

    private static void awaitRelease(CountDownLatch released) {
        try {
            assertThat(released.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
    }
}
