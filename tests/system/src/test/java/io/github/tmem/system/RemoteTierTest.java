package io.github.tmem.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tmem.api.EphemeralPool;
import io.github.tmem.api.GetMode;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PageLostException;
import io.github.tmem.api.PagePool;
import io.github.tmem.api.PageStore;
import io.github.tmem.api.PageUnavailableException;
import io.github.tmem.api.PersistentPool;
import io.github.tmem.api.config.Size;
import io.github.tmem.api.config.TierConfig;
import io.github.tmem.kit.NoLeaks;
import io.github.tmem.kit.PageKey;
import io.github.tmem.kit.Pages;
import io.github.tmem.kit.Race;
import io.github.tmem.kit.Shape;
import io.github.tmem.kit.StoreExtension;
import io.github.tmem.kit.process.RedisServer;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whole stores over a real server that is frozen, killed and started anew. */
@Tag(NoLeaks.NETWORK)
@Timeout(300)
class RemoteTierTest {
    private static final ObjectId FILE = ObjectId.of(1);

    /** What the client's libraries take for good when they are first used is no test's leak. */
    @BeforeAll
    static void useOnce() {
        try (RedisServer server = RedisServer.start();
                PageStore store = open(server, "10s")) {
            PersistentPool pool = store.persistent("pool");
            for (int index = 0; index < 100; index++) {
                put(pool, index, 1);
                assertThat(get(pool, index, 1)).isTrue();
            }
        }
    }

    private static TierConfig remote(RedisServer server, String timeout) {
        return TierConfig.of("remote", Size.parse("64MiB"))
                .withCodec("none")
                .withSettings(Map.of("uri", server.uri(), "timeout", timeout, "persistent", "accept-loss"));
    }

    private static PageStore open(RedisServer server, String timeout) {
        return PageStore.builder().tier(remote(server, timeout)).open();
    }

    private static byte[] page(PagePool pool, long index, int version) {
        return Pages.make(new PageKey(FILE, index), version, Shape.INCOMPRESSIBLE, pool.pageSize());
    }

    private static boolean put(PagePool pool, long index, int version) {
        return pool.put(FILE, index, page(pool, index, version)).stored();
    }

    /** Whether there is a page; if so, it is this one. */
    private static boolean get(PagePool pool, long index, int version) {
        byte[] read = new byte[pool.pageSize()];
        boolean hit = pool.get(FILE, index, read);
        assertThat(read).isEqualTo(hit ? page(pool, index, version) : new byte[pool.pageSize()]);
        return hit;
    }

    private static void assertUnavailable(PagePool pool, long index) {
        assertThatThrownBy(() -> get(pool, index, 1)).isInstanceOf(PageUnavailableException.class);
    }

    private static boolean isUnavailable(PagePool pool, long index) {
        try {
            get(pool, index, 1);
            return false;
        } catch (PageUnavailableException stillAway) {
            return true;
        }
    }

    @Test
    void pagesGoDownIntoTheServerAndComeBackWhole() {
        try (RedisServer server = RedisServer.start();
                PageStore store = PageStore.builder()
                        .tier(TierConfig.of("heap", Size.parse("1MiB")).withCodec("none"))
                        .tier(remote(server, "10s"))
                        .open()) {
            EphemeralPool blocks = store.ephemeral("blocks", GetMode.INCLUSIVE);
            PersistentPool spill = store.persistent("spill", GetMode.INCLUSIVE);
            for (int index = 0; index < 1000; index++) {
                assertThat(put(spill, index, 1)).isTrue();
                assertThat(put(blocks, index, 2)).isTrue();
            }
            int blocksThere = 0;
            for (int index = 0; index < 1000; index++) {
                assertThat(get(spill, index, 1)).isTrue();
                blocksThere += get(blocks, index, 2) ? 1 : 0;
            }
            assertThat(blocksThere).isGreaterThan(500);
            assertThat(store.stats().tiers().getLast().rawBytes()).isGreaterThan(4 << 20);
            StoreExtension.verify(store);
            spill.close();
            blocks.close();
            Race.until(() -> server.command("DBSIZE").equals("1")); // the lease
        }
    }

    /** Persistent pages out of reach are unavailable, and there again later; ephemeral ones are gone for good. */
    @Test
    void S16_aFrozenServerIsNoMissForPersistentPagesAndAMissForEphemeralOnesAlsoLater() {
        try (RedisServer server = RedisServer.start();
                PageStore store = open(server, "100ms")) {
            PersistentPool spill = store.persistent("spill", GetMode.INCLUSIVE);
            EphemeralPool blocks = store.ephemeral("blocks", GetMode.INCLUSIVE);
            Race.until(() -> put(spill, 1, 1));
            Race.until(() -> put(blocks, 2, 1));
            server.process().freeze();
            assertUnavailable(spill, 1);
            assertThat(get(blocks, 2, 1)).isFalse();
            server.process().thaw();
            Race.until(() -> !isUnavailable(spill, 1));
            assertThat(get(spill, 1, 1)).isTrue();
            assertThat(get(blocks, 2, 1)).isFalse(); // S17
            StoreExtension.verify(store);
        }
    }

    /** The refused put leaves no older page, and neither does what arrives of it later. */
    @Test
    void S05_S07_aPutIntoAFrozenServerIsRefusedAndLeavesNothing() {
        try (RedisServer server = RedisServer.start();
                PageStore store = open(server, "100ms")) {
            PersistentPool spill = store.persistent("spill", GetMode.INCLUSIVE);
            Race.until(() -> put(spill, 1, 1));
            server.process().freeze();
            assertThat(put(spill, 1, 2)).isFalse();
            assertThat(get(spill, 1, 2)).isFalse();
            server.process().thaw();
            Race.until(() -> put(spill, 3, 3));
            assertThat(get(spill, 1, 2)).isFalse();
            Race.until(() -> put(spill, 1, 4));
            assertThat(get(spill, 1, 4)).isTrue();
            spill.flush(FILE, 1);
            spill.flush(FILE, 3);
            Race.until(() -> server.command("DBSIZE").equals("1")); // only the lease: all that was owed is freed
        }
    }

    @Test
    void S28_aFlushWithTheServerOutOfReachHolds() {
        try (RedisServer server = RedisServer.start("--appendonly", "yes", "--appendfsync", "always");
                PageStore store = open(server, "500ms")) {
            PersistentPool spill = store.persistent("spill", GetMode.INCLUSIVE);
            for (int index = 0; index < 50; index++) {
                assertThat(put(spill, index, 1)).isTrue();
            }
            server.kill();
            for (int index = 0; index < 49; index++) {
                spill.flush(FILE, index);
            }
            server.restart(); // S40: with what it had
            Race.until(() -> !isUnavailable(spill, 49));
            assertThat(get(spill, 49, 1)).isTrue();
            for (int index = 0; index < 49; index++) {
                assertThat(get(spill, index, 1)).isFalse();
            }
            Race.until(() -> server.command("DBSIZE").equals("2"));
        }
    }

    @Test
    void S46_pagesOfAServerThatCameBackEmptyAreLostAndStayLost() {
        try (RedisServer server = RedisServer.start();
                PageStore store = open(server, "500ms")) {
            PersistentPool spill = store.persistent("spill", GetMode.INCLUSIVE);
            EphemeralPool blocks = store.ephemeral("blocks", GetMode.INCLUSIVE);
            assertThat(put(spill, 1, 1)).isTrue();
            assertThat(put(blocks, 2, 1)).isTrue();
            server.kill();
            assertUnavailable(spill, 1);
            server.restart();
            Race.until(() -> {
                try {
                    return get(spill, 1, 1);
                } catch (PageUnavailableException stillAway) {
                    return false;
                } catch (PageLostException lost) {
                    return true;
                }
            });
            assertThatThrownBy(() -> get(spill, 1, 1)).isInstanceOf(PageLostException.class);
            assertThat(get(blocks, 2, 1)).isFalse();
            Race.until(() -> put(spill, 1, 2));
            assertThat(get(spill, 1, 2)).isTrue();
            StoreExtension.verify(store);
        }
    }

    /** Two servers, one is killed: persistent pages answer, new ones are refused, ephemeral ones go on without end. */
    @Test
    void S46_pagesThatTwoServersHaveOutliveOneOfThem() {
        try (RedisServer living = RedisServer.start();
                RedisServer dying = RedisServer.start();
                PageStore store = PageStore.builder()
                        .tier(TierConfig.of("remote", Size.parse("4MiB"))
                                .withCodec("none")
                                .withSettings(Map.of(
                                        "uri", living.uri() + ",127.0.0.1:" + dying.port(),
                                        "timeout", "2s",
                                        "persistent", "accept-loss",
                                        "replicas", "2")))
                        .open()) {
            PersistentPool spill = store.persistent("spill", GetMode.INCLUSIVE);
            EphemeralPool blocks = store.ephemeral("blocks", GetMode.INCLUSIVE);
            for (int index = 0; index < 100; index++) {
                assertThat(put(spill, index, 1)).isTrue();
            }
            for (int index = 0; index < 1000; index++) {
                put(blocks, index, 1); // more than there is room for
            }
            StoreExtension.verify(store);
            dying.kill();
            for (int index = 0; index < 100; index++) {
                assertThat(get(spill, index, 1)).isTrue();
            }
            assertThat(put(spill, 100, 1)).isFalse();
            assertThat(put(spill, 1, 2)).isFalse();
            assertThat(get(spill, 1, 2)).isFalse();
            for (int index = 2000; index < 3200; index++) {
                put(blocks, index, 1);
            }
            int there = 0;
            for (int index = 2000; index < 3200; index++) {
                there += get(blocks, index, 1) ? 1 : 0;
            }
            assertThat(there).isGreaterThan(100);
            dying.restart();
            Race.until(() -> put(spill, 100, 3));
            assertThat(get(spill, 100, 3)).isTrue();
            assertThat(get(spill, 2, 1)).isTrue();
            StoreExtension.verify(store);
        }
    }

    @Test
    void S48_aDamagedCopyIsNeverDelivered() {
        try (RedisServer server = RedisServer.start();
                PageStore store = open(server, "10s")) {
            EphemeralPool blocks = store.ephemeral("blocks", GetMode.INCLUSIVE);
            assertThat(put(blocks, 1, 1)).isTrue();
            server.command("SETRANGE", server.command("KEYS", "tmem:*{*"), "1000", "damage");
            assertThat(get(blocks, 1, 1)).isFalse();
            PersistentPool spill = store.persistent("spill", GetMode.INCLUSIVE);
            Race.until(() -> server.command("DBSIZE").equals("1"));
            assertThat(put(spill, 1, 1)).isTrue();
            server.command("SETRANGE", server.command("KEYS", "tmem:*{*"), "1000", "damage");
            assertThatThrownBy(() -> get(spill, 1, 1)).isInstanceOf(PageLostException.class);
        }
    }
}
