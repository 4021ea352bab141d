package io.github.tmem.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.BlobPool;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PageKind;
import io.github.tmem.api.PageLostException;
import io.github.tmem.api.PageStore;
import io.github.tmem.api.PageUnavailableException;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.api.config.Size;
import io.github.tmem.api.config.StoreConfig;
import io.github.tmem.kit.Pages;
import io.github.tmem.kit.Race;
import io.github.tmem.kit.StoreExtension;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLongArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Random operations on a few keys of a blob pool, of both kinds, on every shape of chain in every sort of weather. */
class BlobModelTest {
    private static final int OPERATIONS = 4_000;
    private static final int OPERATIONS_PER_CHANGE = 200;
    private static final int KEYS = 60;
    private static final int[] LENGTHS = {0, 1, 8, 100, 511, 512, 1000, 4096, 4097, 9000, 20_000};
    private static final int LENGTH_MAX = 20_000;
    private static final long CAPACITY = 128 << 10;

    @RegisterExtension
    private final StoreExtension stores = new StoreExtension();

    /** A value that a key has, unless it is ephemeral and has vanished. */
    private record Value(long version, int length, PageKind kind, boolean lost) {
        byte[] bytes() {
            return Values.make(version, length);
        }
    }

    /** One thread, and what each key has. */
    private static final class Run {
        private final BlobPool pool;
        private final Weather weather;
        private final SplittableRandom random;
        private final Map<Long, Value> values = new HashMap<>();
        private final MemorySegment destination = MemorySegment.ofArray(new byte[LENGTH_MAX]);
        private boolean outages;
        private boolean losses;
        private long version;

        Run(BlobPool pool, Weather weather, long seed) {
            this.pool = pool;
            this.weather = weather;
            this.random = new SplittableRandom(seed);
        }

        private static ObjectId object(long key) {
            return ObjectId.of(key % 5);
        }

        void step(int operation) {
            if (operation % OPERATIONS_PER_CHANGE == 0) {
                outages |= weather.hasOutages();
                losses |= weather.losesPages();
                weather.change();
            }
            long key = random.nextInt(KEYS);
            switch (random.nextInt(100)) {
                case 0 -> flushAll();
                case 1, 2, 3, 4, 5 -> flush(key);
                case 6, 7, 8, 9, 10 -> length(key);
                case 11 -> scan();
                case 12, 13, 14, 15, 16, 17 -> read(key, true);
                default -> {
                    if (random.nextBoolean()) {
                        put(key);
                    } else {
                        read(key, false);
                    }
                }
            }
        }

        private void put(long key) {
            PageKind kind = random.nextBoolean() ? PageKind.EPHEMERAL : PageKind.PERSISTENT;
            Value value = new Value(++version, LENGTHS[random.nextInt(LENGTHS.length)], kind, false);
            if (Values.put(pool, object(key), key, value.bytes(), kind).stored()) {
                values.put(key, value);
            } else {
                values.remove(key);
            }
        }

        private void read(long key, boolean take) {
            Value value = values.get(key);
            destination.fill((byte) 0x5a);
            try {
                int length = take ? pool.take(object(key), key, destination) : pool.get(object(key), key, destination);
                if (length < 0) {
                    assertThat(value == null || value.kind() == PageKind.EPHEMERAL)
                            .as("a miss of %d, which had %s", key, value)
                            .isTrue();
                    values.remove(key);
                } else {
                    assertThat(value).as("what was found of %d", key).isNotNull();
                    assertThat(value.lost()).isFalse();
                    byte[] found = destination.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
                    assertThat(Arrays.equals(found, value.bytes()))
                            .as("bytes of %d", key)
                            .isTrue();
                    if (take) {
                        values.remove(key);
                    }
                }
            } catch (PageUnavailableException unavailable) {
                assertThat(outages).isTrue();
                assertThat(value).isNotNull().extracting(Value::kind).isEqualTo(PageKind.PERSISTENT);
            } catch (PageLostException lost) {
                assertThat(losses).isTrue();
                assertThat(value).isNotNull().extracting(Value::kind).isEqualTo(PageKind.PERSISTENT);
                values.put(key, new Value(value.version(), value.length(), value.kind(), true));
            }
        }

        private void length(long key) {
            Value value = values.get(key);
            int length = pool.length(object(key), key);
            if (value == null) {
                assertThat(length).isEqualTo(-1);
            } else if (value.kind() == PageKind.PERSISTENT) {
                assertThat(length == value.length() || (losses && length == 0)).isTrue();
            } else {
                assertThat(length).isIn(-1, value.length());
            }
        }

        private void flush(long key) {
            Value value = values.remove(key);
            boolean flushed = pool.flush(object(key), key);
            if (value == null || value.kind() == PageKind.PERSISTENT) {
                assertThat(flushed).isEqualTo(value != null);
            }
        }

        private void flushAll() {
            long persistent = values.values().stream()
                    .filter(value -> value.kind() == PageKind.PERSISTENT)
                    .count();
            assertThat(pool.flushAll()).isBetween(persistent, (long) values.size());
            assertThat(pool.count()).isZero();
            values.clear();
        }

        private void scan() {
            List<Long> found = new ArrayList<>();
            long cursor = 0;
            do {
                BlobPool.Scan scan = pool.scan(cursor, 5);
                scan.keys().forEach(key -> found.add(key.index()));
                cursor = scan.next();
            } while (cursor != 0);
            assertThat(found).doesNotHaveDuplicates().isSubsetOf(values.keySet());
            values.forEach((key, value) -> assertThat(value.kind() == PageKind.EPHEMERAL || found.contains(key))
                    .isTrue());
        }

        void end() {
            weather.clear();
            outages = false;
            for (long key = 0; key < KEYS; key++) {
                read(key, false);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void randomOperationsMatchTheOracle(Chains.Shape shape) {
        for (Weather.Sort sort : Weather.Sort.values()) {
            long seed = Long.getLong("tmem.seed", System.nanoTime());
            try {
                run(shape, sort, seed);
            } catch (RuntimeException | AssertionError failure) {
                throw new AssertionError("-Dtmem.seed=" + seed + ", " + shape + " in " + sort, failure);
            }
        }
    }

    private void run(Chains.Shape shape, Weather.Sort sort, long seed) {
        Chains chains = new Chains(stores, seed, CAPACITY);
        PageStore store = stores.open(StoreConfig.ofChain(chains.tiers(shape), List.of())
                .withDirectory(Size.ofBytes(seed % 2 == 0 ? 64_000 : 5_000)));
        Weather weather = chains.weather(sort);
        PoolConfig config = PoolConfig.ephemeral("values");
        try (BlobPool pool = store.blobs(seed % 3 == 0 ? config.withQuota(Size.parse("100KiB")) : config)) {
            Run run = new Run(pool, weather, Pages.mix(seed));
            for (int i = 0; i < OPERATIONS; i++) {
                run.step(i);
            }
            run.end();
            if (weather.sweep()) {
                run.losses = true;
            } else {
                StoreExtension.verify(store);
            }
        }
        stores.finish(store);
    }

    // ---- several threads

    private static final int SHARED_KEYS = 4;

    /**
     * Each key has one writer, who changes its kind with every other put; readers know which put had ended before they began,
     * and which had begun before they ended.
     */
    @Test
    void readersNeverFindAnOlderValueNorMissAPersistentOne() {
        PageStore store = stores.open(StoreConfig.ofChain(List.of(stores.checked("heap", 8 << 20)), List.of()));
        try (BlobPool pool = store.blobs("values")) {
            AtomicLongArray begun = new AtomicLongArray(SHARED_KEYS);
            AtomicLongArray ended = new AtomicLongArray(SHARED_KEYS);
            new Race()
                    .with(2, writer -> {
                        for (long version = 1; version <= 20_000; version++) {
                            int key = (int) (writer * 2L + version % 2);
                            begun.set(key, version);
                            PageKind kind = PageKind.values()[(int) (version / 4 % 2)];
                            byte[] value = Values.make(version, 16 + (int) (version % 3) * 50);
                            assertThat(Values.put(pool, ObjectId.of(0), key, value, kind)
                                            .stored())
                                    .isTrue();
                            ended.set(key, version);
                        }
                    })
                    .with(2, reader -> {
                        MemorySegment destination = MemorySegment.ofArray(new byte[200]);
                        for (int i = 0; i < 40_000; i++) {
                            int key = i % SHARED_KEYS;
                            long first = ended.get(key);
                            int length = pool.get(ObjectId.of(0), key, destination);
                            long last = begun.get(key);
                            assertThat(length >= 0 || first == 0)
                                    .as("a miss: there is room")
                                    .isTrue();
                            if (length >= 0) {
                                assertIsOneOf(destination, length, first, last);
                            }
                        }
                    })
                    .run();
            assertThat(pool.count()).isEqualTo(SHARED_KEYS);
            StoreExtension.verify(store);
        }
    }

    private static void assertIsOneOf(MemorySegment destination, int length, long first, long last) {
        boolean known = false;
        for (long version = Math.max(1, first); version <= last && !known; version++) {
            MemorySegment expected = MemorySegment.ofArray(Values.make(version, 16 + (int) (version % 3) * 50));
            known = expected.byteSize() == length
                    && destination.asSlice(0, length).mismatch(expected) == -1;
        }
        assertThat(known).as("a value of puts %d to %d", first, last).isTrue();
    }
}
