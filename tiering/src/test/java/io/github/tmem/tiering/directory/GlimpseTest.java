package io.github.tmem.tiering.directory;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.ObjectId;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.tiering.policy.Standing;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Looks without the lock while entries come, go, move, are overwritten and serve other keys. Everything an entry says is
 * made from its key and stamp, so that any mixture shows.
 */
class GlimpseTest {
    private static final int KEYS = 64;
    private static final long OPERATIONS = 400_000;
    private static final int MOVES_MAX = 8;

    private final Directory directory = new Directory(100_000, 10, 2);
    private final PoolLedger pool = directory.open(PoolConfig.persistent("pages"), 42);
    private final ObjectId[] ids = {ObjectId.of(1), ObjectId.of(2)};
    private final TrackedObject[] objects = new TrackedObject[2];

    /** By key the highest stamp whose put has ended: no earlier page may be seen by a look that begins after. */
    private final AtomicLongArray ended = new AtomicLongArray(2 * KEYS);

    private long stamps;

    @BeforeEach
    void anObjectThatStays() {
        for (int i = 0; i < objects.length; i++) {
            objects[i] = directory.acquire(pool, ids[i]);
            put(i, -1, directory.take(shard()));
        }
    }

    @AfterEach
    void structureIsSound() {
        directory.checkInvariants();
        directory.close();
    }

    private Shard shard() {
        return directory.shard(0);
    }

    private static long locator(int object, long index, long stamp, int moves) {
        return ((stamp * 2 + object) * 128 + index + 1) * MOVES_MAX + moves;
    }

    private static int crc(long locator) {
        return Long.hashCode(Hashing.mix(locator));
    }

    private static int length(long locator) {
        return 1 + (int) (Hashing.mix(locator + 1) >>> 53);
    }

    private static Place place(long locator) {
        Place place = new Place();
        place.stored((int) (locator % 3), locator, 1, length(locator), crc(locator));
        return place;
    }

    private void put(int object, long index, int entry) {
        long stamp = ++stamps;
        Place place = place(locator(object, index, stamp, 0));
        directory.fillIn(entry, objects[object], index, place);
        shard().lock();
        try {
            assertThat(shard().link(entry, stamp, objects[object], Shard.NONE)).isEqualTo(Linking.LINKED);
        } finally {
            shard().unlock();
        }
    }

    /** Changes the entry of a key in one of all the ways there are. */
    private void change(int object, long index, Random random) {
        int entry;
        shard().lock();
        try {
            entry = shard().find(objects[object], index);
            if (entry != Shard.NONE) {
                Look look = new Look();
                shard().look(entry, look);
                switch (random.nextInt(4)) {
                    case 0 -> shard().unlink(entry, Ending.FLUSHED);
                    case 1 -> move(entry, look);
                    case 2 -> shard().noteHit(look);
                    default -> {
                        long stamp = ++stamps;
                        shard().overwrite(entry, stamp, place(locator(object, index, stamp, 0)));
                        ended.set(object * KEYS + (int) index, stamp);
                    }
                }
                if (shard().stampOf(entry) != 0) {
                    return;
                }
            }
        } finally {
            shard().unlock();
        }
        if (entry == Shard.NONE) {
            put(object, index, directory.take(shard()));
        } else {
            directory.give(entry);
        }
        ended.set(object * KEYS + (int) index, stamps);
    }

    private void move(int entry, Look look) {
        if (look.locator() % MOVES_MAX < MOVES_MAX - 1) {
            shard().swing(entry, place(look.locator() + 1));
        }
    }

    /** Looks twice as a get does; returns whether there was a page. */
    private boolean read(int object, long index, Look look, long[] highestSeen) {
        int key = object * KEYS + (int) index;
        long before = ended.get(key);
        if (shard().glimpse(objects[object], index, look) == Shard.NONE
                || look.stamp() == 0
                || look.state() != EntryState.STORED
                || !shard().stillHoldsUnlocked(look)) {
            return false;
        }
        long stamp = look.locator() / MOVES_MAX / 128 / 2; // of the put whose page this is
        assertThat(stamp).as("stamp of key %d", key).isGreaterThanOrEqualTo(before);
        assertThat(stamp).as("stamp of key %d", key).isGreaterThanOrEqualTo(highestSeen[key]);
        highestSeen[key] = stamp;
        assertThat(look.stamp() & ~stamp)
                .as("what stamp %d has beyond %d, of which a part may be seen", look.stamp(), stamp)
                .isZero();
        long moves = look.locator() % MOVES_MAX;
        assertThat(look.locator()).as("locator of stamp %d", stamp).isEqualTo(locator(object, index, stamp, (int)
                moves));
        assertThat(look.crc()).isEqualTo(crc(look.locator()));
        assertThat(look.length()).isEqualTo(length(look.locator()));
        assertThat(look.tier()).isEqualTo((int) (look.locator() % 3));
        shard().noteHit(look);
        return true;
    }

    @Test
    void whatASecondLookConfirmsIsOnePageOfTheKey() throws Exception {
        try (ExecutorService executor = Executors.newFixedThreadPool(2)) {
            Future<Integer> reader = executor.submit(() -> {
                Random random = new Random(2);
                Look look = new Look();
                long[] highestSeen = new long[2 * KEYS];
                int hits = 0;
                for (long i = 0; i < OPERATIONS * 4; i++) {
                    hits += read(random.nextInt(2), random.nextInt(KEYS), look, highestSeen) ? 1 : 0;
                }
                return hits;
            });
            Random random = new Random(1);
            while (!reader.isDone()) {
                change(random.nextInt(2), random.nextInt(KEYS), random);
            }
            assertThat(hitsOf(reader)).isPositive();
        }
    }

    private static int hitsOf(Future<Integer> reader) throws Exception {
        try {
            return reader.get(60, TimeUnit.SECONDS);
        } catch (ExecutionException failure) {
            throw new AssertionError("the reader failed", failure.getCause());
        }
    }

    @Test
    void anEntryHasNothingToTellUntilItIsLinked() {
        Look look = new Look();
        put(0, 7, directory.take(shard()));
        int entry = shard().glimpse(objects[0], 7, look);
        assertThat(look.stamp()).isEqualTo(stamps);
        shard().lock();
        try {
            shard().unlink(entry, Ending.FLUSHED);
        } finally {
            shard().unlock();
        }
        directory.fillIn(entry, objects[0], 7, place(5));
        assertThat(shard().stillHoldsUnlocked(look)).isFalse();
        Look late = new Look();
        late.set(objects[0], 7, shard(), entry, shard().entries());
        assertThat(late.stamp()).as("a stale chain may lead here").isZero();
        directory.give(entry);
    }

    /** What a glimpse may see while another thread changes the entry: this field early or late, the others not. */
    enum Torn {
        STAMP {
            @Override
            void change(EntryTable entries, int entry) {
                entries.stamp(entry, entries.stamp(entry) + 1);
            }
        },
        LOCATOR {
            @Override
            void change(EntryTable entries, int entry) {
                entries.place(entry, entries.locator(entry) + 1, entries.crc(entry), entries.meta(entry));
            }
        },
        CRC {
            @Override
            void change(EntryTable entries, int entry) {
                entries.place(entry, entries.locator(entry), entries.crc(entry) + 1, entries.meta(entry));
            }
        },
        TIER {
            @Override
            void change(EntryTable entries, int entry) {
                int meta = EntryDescriptor.meta(EntryState.STORED, 14, 1, EntryDescriptor.length(entries.meta(entry)));
                entries.place(entry, entries.locator(entry), entries.crc(entry), meta);
            }
        },
        INDEX {
            @Override
            void change(EntryTable entries, int entry) {
                entries.key(entry, entries.object(entry), 8);
            }
        },
        OBJECT {
            @Override
            void change(EntryTable entries, int entry) {
                entries.key(entry, entries.object(entry) + 1, 7);
            }
        };

        abstract void change(EntryTable entries, int entry);
    }

    @ParameterizedTest
    @EnumSource
    void everyFieldIsComparedInTheSecondLook(Torn torn) {
        Directory other = new Directory(100, 10, 2);
        TrackedObject object = other.acquire(other.open(PoolConfig.persistent("other"), 43), ids[0]);
        Shard shard = other.shard(0);
        int entry = other.take(shard);
        other.fillIn(entry, object, 7, place(locator(0, 7, 1, 0)));
        shard.lock();
        try {
            shard.link(entry, 1, object, Shard.NONE);
            Look look = new Look();
            assertThat(shard.glimpse(object, 7, look)).isEqualTo(entry);
            assertThat(shard.stillHoldsUnlocked(look)).isTrue();
            torn.change(shard.entries(), entry);
            assertThat(shard.stillHoldsUnlocked(look)).isFalse();
            assertThat(shard.stillHolds(look)).isFalse();
        } finally {
            shard.unlock();
            other.close();
        }
    }

    /** The descriptor is written last: until then it is that of the copy which was there before. */
    @Test
    void aWordThatFillsAPageIsNotReadAsACopy() {
        put(0, 7, directory.take(shard()));
        Look look = new Look();
        int entry = shard().glimpse(objects[0], 7, look);
        int length = look.length();
        assertThat(look.isReadable(length)).isTrue();
        assertThat(look.isReadable(length - 1)).as("there is less room").isFalse();
        EntryTable entries = shard().entries();
        long locator = entries.locator(entry);
        int meta = entries.meta(entry);
        for (long word : new long[] {-1, Long.MIN_VALUE}) {
            entries.place(entry, word, entries.crc(entry), meta);
            shard().glimpse(objects[0], 7, look);
            assertThat(look.isReadable(length)).as("word %d", word).isFalse();
        }
        entries.place(entry, 1, entries.crc(entry), EntryDescriptor.meta(EntryState.FILLED, 0, 0, length));
        shard().glimpse(objects[0], 7, look);
        assertThat(look.isReadable(length)).as("with its own descriptor").isFalse();
        entries.place(entry, locator, entries.crc(entry), meta);
        shard().glimpse(objects[0], 7, look);
        assertThat(look.isReadable(length)).isTrue();
    }

    @Test
    void aHitIsNotedWithoutTheLock() {
        put(0, 7, directory.take(shard()));
        Look look = new Look();
        for (int hits = 0; hits < Standing.CREDIT_MAX + 2; hits++) {
            shard().glimpse(objects[0], 7, look);
            assertThat(shard().stillHoldsUnlocked(look)).isTrue();
            assertThat(Standing.credit(look.standing())).isEqualTo(Math.min(hits, Standing.CREDIT_MAX));
            shard().noteHit(look);
        }
        assertThat(shard().stillHoldsUnlocked(look)).isTrue();
    }

    @Test
    void aHitRaisesTheCreditThatThePageHasByThen() {
        put(0, 7, directory.take(shard()));
        Look first = new Look();
        Look second = new Look();
        shard().glimpse(objects[0], 7, first);
        shard().glimpse(objects[0], 7, second);
        shard().noteHit(first);
        shard().noteHit(first);
        shard().noteHit(second);
        shard().glimpse(objects[0], 7, second);
        assertThat(Standing.credit(second.standing())).isEqualTo(3);
        shard().lock();
        try {
            shard().sink(second.entry(), place(second.locator() + 1));
        } finally {
            shard().unlock();
        }
        shard().noteHit(second);
        shard().glimpse(objects[0], 7, second);
        assertThat(Standing.credit(second.standing()))
                .as("set back on the way down")
                .isOne();
    }

    @Test
    void aHitThatIsNotedTooLateIsForgotten() {
        put(0, 7, directory.take(shard()));
        Look late = new Look();
        int entry = shard().glimpse(objects[0], 7, late);
        shard().lock();
        try {
            shard().unlink(entry, Ending.FLUSHED);
        } finally {
            shard().unlock();
        }
        put(1, 8, entry);
        shard().noteHit(late);
        Look other = new Look();
        assertThat(shard().glimpse(objects[1], 8, other)).isEqualTo(entry);
        assertThat(other.standing()).as("of a page that is new").isEqualTo(Standing.NEWCOMER);
    }

    @Test
    void anEntryUnderADeadNumberHoldsNothing() {
        put(0, 7, directory.take(shard()));
        Look look = new Look();
        shard().glimpse(objects[0], 7, look);
        assertThat(directory.detach(objects[0])).isTrue();
        assertThat(shard().stillHoldsUnlocked(look)).as("under a dead number").isFalse();
        shard().lock();
        try {
            for (int entry = shard().anyOf(objects[0]); entry != Shard.NONE; entry = shard().anyOf(objects[0])) {
                shard().unlink(entry, Ending.FLUSHED);
                directory.give(entry);
            }
        } finally {
            shard().unlock();
        }
    }
}
