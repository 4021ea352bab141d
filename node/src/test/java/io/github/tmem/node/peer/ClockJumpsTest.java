package io.github.tmem.node.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.EphemeralPool;
import io.github.tmem.api.GetMode;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PagePool;
import io.github.tmem.api.PageStore;
import io.github.tmem.api.PersistentPool;
import io.github.tmem.api.config.Size;
import io.github.tmem.api.config.TierConfig;
import io.github.tmem.kit.Delivery;
import io.github.tmem.kit.PageKey;
import io.github.tmem.kit.Pages;
import io.github.tmem.kit.Race;
import io.github.tmem.kit.Shape;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A node whose clock jumps, and the stores that have pages in it. */
@Timeout(60)
class ClockJumpsTest {
    private static final long DAY = TimeUnit.DAYS.toMillis(1);
    private static final ObjectId FILE = ObjectId.of(1);

    private static PageStore open(RunningNode node) {
        return PageStore.builder()
                .tier(TierConfig.of("remote", Size.parse("16MiB"))
                        .withCodec("none")
                        .withSettings(Map.of(
                                "uri",
                                "redis://127.0.0.1:" + node.port(),
                                "timeout",
                                "10s",
                                "persistent",
                                "accept-loss")))
                .open();
    }

    private static void put(PagePool pool, long index, long version) {
        byte[] page = Pages.make(new PageKey(FILE, index), version, Shape.INCOMPRESSIBLE, pool.pageSize());
        assertThat(pool.put(FILE, index, page).stored()).isTrue();
    }

    private static long get(PagePool pool, long index) {
        return Delivery.get(pool, new PageKey(FILE, index));
    }

    /** Times to live and the lease are over at once: ephemeral pages are missed, persistent ones stay, also when others come. */
    @Test
    void aJumpForwardEndsEphemeralPagesOnly() {
        try (RunningNode node = new RunningNode();
                PageStore store = open(node)) {
            PersistentPool spill = store.persistent("spill", GetMode.INCLUSIVE);
            EphemeralPool blocks = store.ephemeral("blocks", GetMode.INCLUSIVE);
            put(spill, 0, 1);
            put(blocks, 0, 1);
            node.clock.addAndGet(DAY);
            node.state().sessions().sweep();
            try (PageStore other = open(node)) { // which clears away what was left by those whose lease is over
                PersistentPool others = other.persistent("spill", GetMode.INCLUSIVE);
                put(others, 0, 2);
                assertThat(get(others, 0)).isEqualTo(2);
                assertThat(get(spill, 0)).isEqualTo(1);
                assertThat(get(blocks, 0)).isZero();
                put(blocks, 0, 2);
                assertThat(get(blocks, 0)).isEqualTo(2);
            }
            assertThat(get(spill, 0)).isEqualTo(1);
        }
    }

    @Test
    void aJumpBackEndsNothing() throws IOException {
        try (RunningNode node = new RunningNode();
                PageStore store = open(node);
                Wire wire = node.connect()) {
            node.clock.set(2 * DAY);
            String id = wire.ask("TMEM.SESSION", "BEGIN", "1000", "own:");
            PersistentPool spill = store.persistent("spill", GetMode.INCLUSIVE);
            EphemeralPool blocks = store.ephemeral("blocks", GetMode.INCLUSIVE);
            put(spill, 0, 1);
            put(blocks, 0, 1);
            assertThat(wire.ask("SET", "own:1", "v", "PX", "1000")).isEqualTo("+OK\r\n");
            node.clock.addAndGet(-DAY);
            node.state().sessions().sweep();
            assertThat(get(spill, 0)).isEqualTo(1);
            assertThat(get(blocks, 0)).isEqualTo(1);
            assertThat(wire.ask("GET", "own:1")).isEqualTo("$1\r\nv\r\n");
            assertThat(id).startsWith("$32\r\n");
            node.clock.addAndGet(1001);
            assertThat(wire.ask("PING")).isEqualTo("+PONG\r\n"); // heard at this time
            node.clock.addAndGet(1001);
            node.state().sessions().sweep();
            assertThat(wire.rest()).as("the session has ended").doesNotContain("PONG");
            Race.until(() -> get(spill, 0) == 1);
        }
    }
}
