package io.github.tmem.bench.peer.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.GetMode;
import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What all policies have in common. */
class PeerTest {
    private static final int PAGES = 400;
    private static final int ACCESSES = 20_000;
    private static final int CAPACITY = 40;

    /** Hits when each page that is missed is put; behind a user who keeps a page for a while where hits remove it. */
    private static int hits(GetMode mode, PageCache cache) {
        Random random = new Random(11);
        int[] own = new int[20];
        BitSet owned = new BitSet();
        int hits = 0;
        for (int i = 0; i < ACCESSES; i++) {
            int page = (int) Math.min(PAGES - 1, Math.abs(random.nextGaussian()) * PAGES / 4);
            if (owned.get(page)) {
                continue;
            }
            boolean hit = cache.get(page);
            hits += hit ? 1 : 0;
            if (mode == GetMode.EXCLUSIVE) {
                int slot = i % own.length;
                if (owned.get(own[slot])) {
                    owned.clear(own[slot]);
                    cache.put(own[slot]);
                }
                own[slot] = page;
                owned.set(page);
            } else if (!hit) {
                cache.put(page);
            }
        }
        return hits;
    }

    private static int hits(Peer peer, GetMode mode, int capacity) {
        return hits(mode, peer.open(mode, PAGES, capacity, () -> {
            KnownFuture.Recorder recorder = new KnownFuture.Recorder(PAGES);
            hits(mode, recorder);
            return recorder.future();
        }));
    }

    @ParameterizedTest
    @EnumSource
    void nobodyBeatsTheOptimum(GetMode mode) {
        int optimum = hits(Peer.OPTIMUM, mode, CAPACITY);
        for (Peer peer : Peer.values()) {
            if (peer != Peer.OPTIMUM) {
                assertThat(hits(peer, mode, CAPACITY)).as("%s", peer).isBetween(optimum / 5, optimum - 1);
            }
        }
    }

    /** Where a hit removes the page, no page that is there was ever used. */
    @ParameterizedTest
    @EnumSource
    void lruAndSieveAreTheSameWhereAHitRemovesThePage(GetMode mode) {
        boolean same = hits(Peer.LRU, mode, CAPACITY) == hits(Peer.SIEVE, mode, CAPACITY);
        assertThat(same).isEqualTo(mode == GetMode.EXCLUSIVE);
    }

    @ParameterizedTest
    @EnumSource
    void withRoomForAllEveryPageIsMissedOnce(Peer peer) {
        BitSet asked = new BitSet();
        Random random = new Random(11);
        for (int i = 0; i < ACCESSES; i++) {
            asked.set((int) Math.min(PAGES - 1, Math.abs(random.nextGaussian()) * PAGES / 4));
        }
        assertThat(hits(peer, GetMode.INCLUSIVE, PAGES)).isEqualTo(ACCESSES - asked.cardinality());
    }

    @ParameterizedTest
    @EnumSource
    void anExclusiveHitRemovesThePage(Peer peer) {
        PageCache cache = peer.open(GetMode.EXCLUSIVE, PAGES, CAPACITY, () -> {
            KnownFuture.Recorder recorder = new KnownFuture.Recorder(PAGES);
            recorder.get(7);
            recorder.get(7);
            return recorder.future();
        });
        cache.put(7);
        assertThat(cache.get(7)).isTrue();
        assertThat(cache.get(7)).isFalse();
    }
}
