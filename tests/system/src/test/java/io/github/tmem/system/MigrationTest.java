package io.github.tmem.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.GetMode;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PagePool;
import io.github.tmem.api.PageStore;
import io.github.tmem.api.PersistentPool;
import io.github.tmem.api.PutResult;
import io.github.tmem.api.Refusal;
import io.github.tmem.api.live.PoolExport;
import io.github.tmem.kit.Delivery;
import io.github.tmem.kit.PageKey;
import io.github.tmem.kit.Pages;
import io.github.tmem.kit.Race;
import io.github.tmem.kit.Shape;
import io.github.tmem.kit.StoreExtension;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Pools that move from one store to another while several threads use them. */
class MigrationTest {
    private static final int PAGE = 4096;
    private static final int WRITERS = 3;
    private static final int PASSES = 6;
    private static final long STEPS_BETWEEN = 3_000;

    /** So many refusals tell a client that a pool is frozen: then it leaves it alone, for its pages would only go. */
    private static final int REFUSALS = 20;

    private static final int OBJECTS = 3;
    private static final int INDEXES = 80;

    /** A client of two pools that knows what it left in them. No other touches its objects. */
    private static final class Client {
        private final List<PersistentPool> pools;
        private final int number;
        private final SplittableRandom random;
        private final List<Map<PageKey, Long>> expected;
        private final AtomicIntegerArray refusals;
        private long version;

        Client(List<PersistentPool> pools, int number) {
            this.pools = pools;
            this.number = number;
            this.random = new SplittableRandom(number + 1);
            this.expected = pools.stream()
                    .<Map<PageKey, Long>>map(pool -> new HashMap<>())
                    .toList();
            this.refusals = new AtomicIntegerArray(pools.size());
        }

        private boolean hasLeft(int which) {
            return refusals.get(which) >= REFUSALS;
        }

        /** Whether all pools are frozen, as far as this client is concerned. */
        boolean hasLeftAll() {
            return IntStream.range(0, pools.size()).allMatch(this::hasLeft);
        }

        private PageKey anyKey() {
            return PageKey.of((long) number * OBJECTS + random.nextInt(OBJECTS), random.nextInt(INDEXES));
        }

        void step() {
            int which = random.nextInt(pools.size());
            if (hasLeft(which)) {
                return;
            }
            PagePool pool = pools.get(which);
            Map<PageKey, Long> mine = expected.get(which);
            PageKey key = anyKey();
            int dice = random.nextInt(1000);
            if (dice < 4) {
                pool.flushObject(key.object());
                mine.keySet().removeIf(other -> other.object().equals(key.object()));
            } else if (dice < 250) {
                pool.flush(key.object(), key.index());
                mine.remove(key);
            } else if (dice < 450) {
                assertThat(Delivery.get(pool, key)).isEqualTo(mine.getOrDefault(key, 0L));
                if (pool.getMode() == GetMode.EXCLUSIVE) {
                    mine.remove(key);
                }
            } else {
                put(which, key, mine, dice);
            }
        }

        private void put(int which, PageKey key, Map<PageKey, Long> mine, int dice) {
            PagePool pool = pools.get(which);
            version++;
            byte[] page = Pages.make(key, version, Shape.at(dice), PAGE);
            PutResult result = dice % 5 == 0
                    ? pool.putAll(key.object(), new long[] {key.index()}, MemorySegment.ofArray(page))[0]
                    : pool.put(key.object(), key.index(), page);
            if (result.stored()) {
                mine.put(key, version);
            } else {
                mine.remove(key);
            }
            if (result.refusal() == Refusal.FROZEN) {
                refusals.incrementAndGet(which);
            }
        }
    }

    private static void restore(PagePool pool, ByteArrayOutputStream bytes) throws IOException {
        pool.transfer().restore(new ByteArrayInputStream(bytes.toByteArray()));
    }

    /** How far the move has come: the clients work on until it is over. */
    private static final class Clock {
        private final AtomicLong steps = new AtomicLong();
        private volatile boolean over;

        void step(Client client) {
            client.step();
            steps.incrementAndGet();
        }

        void await(long more) {
            long until = steps.get() + more;
            Race.until(() -> steps.get() >= until);
        }
    }

    @Test
    void nothingIsMissedAndNothingComesBack() throws IOException {
        try (PageStore source =
                        PageStore.builder().heap("512KiB").offHeap("1280KiB").open();
                PageStore target = PageStore.builder().offHeap("16MiB").open()) {
            List<PersistentPool> pools = List.of(
                    source.persistent("kept", GetMode.INCLUSIVE), source.persistent("taken", GetMode.EXCLUSIVE));
            List<PersistentPool> copies = List.of(
                    target.persistent("kept", GetMode.INCLUSIVE), target.persistent("taken", GetMode.EXCLUSIVE));
            List<Client> clients = IntStream.range(0, WRITERS)
                    .mapToObj(number -> new Client(pools, number))
                    .toList();
            List<ByteArrayOutputStream> streams = List.of(new ByteArrayOutputStream(), new ByteArrayOutputStream());
            try (PoolExport kept = pools.get(0).transfer().export();
                    PoolExport taken = pools.get(1).transfer().export()) {
                move(clients, pools, List.of(kept, taken), streams);
                kept.write(streams.get(0));
                taken.write(streams.get(1));
            }
            for (int i = 0; i < pools.size(); i++) {
                restore(copies.get(i), streams.get(i));
                assertSame(copies.get(i), clients, i);
            }
            assertThat(pools.get(0).stats().refusedTotal()).isPositive();
            StoreExtension.verify(source);
            StoreExtension.verify(target);
        }
    }

    private static void move(
            List<Client> clients,
            List<PersistentPool> pools,
            List<PoolExport> exports,
            List<ByteArrayOutputStream> streams) {
        Clock clock = new Clock();
        AtomicReference<Long> pagesOfLater = new AtomicReference<>(0L);
        new Race()
                .with(clients.size(), number -> {
                    while (!clock.over) {
                        clock.step(clients.get(number));
                    }
                })
                .with(() -> {
                    try {
                        for (int pass = 0; pass < PASSES; pass++) {
                            clock.await(STEPS_BETWEEN);
                            for (int i = 0; i < exports.size(); i++) {
                                if (pass == PASSES - 1) {
                                    pools.get(i).transfer().freeze();
                                }
                                long pages =
                                        exports.get(i).write(streams.get(i)).pages();
                                pagesOfLater.set(pass == 0 ? 0 : pagesOfLater.get() + pages);
                            }
                        }
                        Race.until(() -> clients.stream().allMatch(Client::hasLeftAll));
                    } finally {
                        clock.over = true;
                    }
                })
                .run();
        assertThat(pagesOfLater.get()).isPositive();
    }

    private static void assertSame(PersistentPool copy, List<Client> clients, int which) {
        Stream<PageKey> keys = IntStream.range(0, WRITERS * OBJECTS)
                .boxed()
                .flatMap(object ->
                        IntStream.range(0, INDEXES).mapToObj(index -> new PageKey(ObjectId.of(object), index)));
        Map<PageKey, Long> expected = new HashMap<>();
        clients.forEach(client -> expected.putAll(client.expected.get(which)));
        assertThat(copy.pageCount()).isEqualTo(expected.size()).isPositive();
        keys.forEach(key -> assertThat(Delivery.get(copy, key))
                .as("%s of %s", key, copy.name())
                .isEqualTo(expected.getOrDefault(key, 0L)));
    }
}
