package io.github.tmem.tiering.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.EphemeralPool;
import io.github.tmem.api.GetMode;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PageStore;
import io.github.tmem.api.PersistentPool;
import io.github.tmem.api.spi.SelfChecking;
import io.github.tmem.kit.backend.KeyedTestBackend;
import io.github.tmem.kit.backend.LocatedTestBackend;
import io.github.tmem.kit.provider.TestBackends;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StoreSmokeTest {
    private static byte[] page(long seed) {
        byte[] page = new byte[4096];
        Random random = new Random(seed);
        for (int i = 0; i < page.length; i++) {
            page[i] = (byte) (random.nextInt(3) == 0 ? random.nextInt() : i);
        }
        return page;
    }

    @Test
    void twoTiersHoldWhatTheyPromise() {
        LocatedTestBackend upper = new LocatedTestBackend(1 << 20);
        KeyedTestBackend lower = KeyedTestBackend.local(2 << 20);
        try (var first = TestBackends.register("test-located", tier -> upper);
                var second = TestBackends.register("test-keyed", tier -> lower);
                PageStore store = PageStore.builder()
                        .tier(first.tier(1 << 20))
                        .tier(second.tier(2 << 20))
                        .open()) {
            EphemeralPool clean = store.ephemeral("clean", GetMode.INCLUSIVE);
            PersistentPool dirty = store.persistent("dirty");
            byte[] out = new byte[4096];
            for (int i = 0; i < 2000; i++) {
                clean.put(ObjectId.of(1), i, page(i));
                if (i % 4 == 0) {
                    assertThat(dirty.put(ObjectId.of(2), i, page(-i)).stored()).isTrue();
                }
            }
            int hits = 0;
            for (int i = 0; i < 2000; i++) {
                if (clean.get(ObjectId.of(1), i, out)) {
                    assertThat(out).isEqualTo(page(i));
                    hits++;
                }
                if (i % 4 == 0) {
                    assertThat(dirty.get(ObjectId.of(2), i, out)).isTrue();
                    assertThat(out).isEqualTo(page(-i));
                }
            }
            assertThat(hits).isPositive();
            ((SelfChecking) store).verify();
            assertThat(dirty.flushObject(ObjectId.of(2))).isEqualTo(500);
            ((SelfChecking) store).verify();
        }
    }
}
