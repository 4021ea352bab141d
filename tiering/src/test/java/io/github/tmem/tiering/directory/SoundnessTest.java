package io.github.tmem.tiering.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tmem.api.ObjectId;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.api.config.Size;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The walk through a directory finds what is broken on purpose, and the memory a directory says it has is what it takes. */
class SoundnessTest {
    private static final ObjectId FILE = ObjectId.of(1);
    private static final int LENGTH = 100;
    private static final long ENTRY_CHUNK = 256L * EntryDescriptor.BYTES;
    private static final long HEAD_CHUNK = 1024L * EntryDescriptor.HEAD_BYTES;

    /** Four arrays of the ends, sizes and bytes of eight queues: those of pages without a copy, and of the first tier. */
    private static final long QUEUES = 8L * (3 * Integer.BYTES + Long.BYTES);

    private final Directory directory = new Directory(100_000, 10, 2);
    private final Shard shard = directory.shard(0);
    private final EntryTable entries = shard.entries();
    private final PoolLedger pool =
            directory.open(PoolConfig.persistent("pages").withQuota(Size.ofBytes(1 << 20)), 1);
    private int[] linked = new int[0];

    @BeforeEach
    void linkPages() {
        linked = link(3);
    }

    @AfterEach
    void close() {
        directory.close();
    }

    /** Links so many pages, one after the other. */
    private int[] link(int count) {
        TrackedObject object = directory.acquire(pool, FILE);
        int first = (int) directory.size();
        return IntStream.range(first, first + count)
                .map(index -> {
                    int entry = directory.take(shard);
                    Place place = new Place();
                    place.stored(0, index, 1, LENGTH, 7);
                    directory.fillIn(entry, object, index, place);
                    shard.lock();
                    try {
                        assertThat(shard.link(entry, index + 1L, object, Shard.NONE))
                                .isEqualTo(Linking.LINKED);
                    } finally {
                        shard.unlock();
                    }
                    return entry;
                })
                .toArray();
    }

    /** Breaks something, looks whether that is found, and mends it. */
    private void assertFound(String message, Runnable breaking, Runnable mending) {
        directory.checkInvariants();
        breaking.run();
        assertThatThrownBy(directory::checkInvariants)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(message);
        mending.run();
        directory.checkInvariants();
    }

    @Test
    void aPageInTheWrongBucketIsFound() {
        int slot = entries.object(linked[1]);
        assertFound("is in bucket", () -> entries.key(linked[1], slot, 77), () -> entries.key(linked[1], slot, 1));
    }

    @Test
    void aTornQueueIsFound() {
        assertFound(
                "is torn",
                () -> entries.queuePrevious(linked[0], linked[2]),
                () -> entries.queuePrevious(linked[0], linked[1]));
    }

    @Test
    void aQueueThatDoesNotAddUpIsFound() {
        int meta = entries.meta(linked[1]);
        assertFound(
                "wrong end, size or length",
                () -> entries.meta(linked[1], meta + 1),
                () -> entries.meta(linked[1], meta));
    }

    @Test
    void aPageThatIsHiddenThoughNobodyMovesItIsFound() {
        int meta = entries.meta(linked[1]);
        assertFound(
                "is hidden at rest",
                () -> entries.meta(linked[1], EntryDescriptor.hidden(meta)),
                () -> entries.meta(linked[1], meta));
    }

    @Test
    void aPageWithoutAStampIsFound() {
        assertFound("has stamp 0", () -> entries.clearStamp(linked[1]), () -> entries.stamp(linked[1], 2));
    }

    @Test
    void aQuotaChargedWithTooMuchIsFound() {
        assertFound("charged to the pool", () -> pool.charge(1), () -> pool.release(1));
    }

    @Test
    void anEntryThatNobodyHasIsFound() {
        int[] taken = new int[1];
        assertFound("entries linked", () -> taken[0] = directory.take(shard), () -> directory.give(taken[0]));
    }

    @Test
    void anObjectWithoutPagesIsFound() {
        TrackedObject[] empty = new TrackedObject[1];
        assertFound(
                "without pages",
                () -> empty[0] = directory.acquire(pool, ObjectId.of(2)),
                () -> directory.retireIfUnused(empty[0]));
    }

    @Test
    void anObjectThatNobodyFindsIsFound() {
        ObjectId id = ObjectId.of(3);
        TrackedObject[] lost = new TrackedObject[1];
        assertFound(
                "tracked objects",
                () -> {
                    lost[0] = directory.acquire(pool, id);
                    pool.objects().remove(id);
                },
                () -> directory.retireIfUnused(lost[0]));
    }

    @Test
    void aLockHeldPastTooManyEntriesIsFound() {
        pass(Visits.VISITS_MAX);
        assertThat(directory.longestHold()).isEqualTo(Visits.VISITS_MAX);
        directory.checkInvariants();
        pass(Visits.VISITS_MAX + 1);
        assertThatThrownBy(directory::checkInvariants)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("passed by under one lock");
    }

    private void pass(int entriesPassed) {
        shard.lock();
        try {
            for (int i = 0; i < entriesPassed; i++) {
                shard.visits().note();
            }
        } finally {
            shard.unlock();
        }
    }

    @Test
    void theWalkItselfIsNoHoldOfALock() {
        link(3_000);
        directory.checkInvariants();
        directory.checkInvariants();
        assertThat(directory.longestHold()).isLessThan(100);
    }

    @Test
    void memoryIsTakenAsPagesCome() {
        assertThat(directory.bytes()).isEqualTo(ENTRY_CHUNK + HEAD_CHUNK + QUEUES);
        link(252); // the first number is no entry's
        assertThat(directory.bytes()).isEqualTo(ENTRY_CHUNK + HEAD_CHUNK + QUEUES);
        link(1);
        assertThat(directory.bytes()).isEqualTo(2 * ENTRY_CHUNK + HEAD_CHUNK + QUEUES);
        link(2_047 - 256);
        assertThat(directory.bytes()).as("a head for each page").isEqualTo(8 * ENTRY_CHUNK + 2 * HEAD_CHUNK + QUEUES);
        directory.checkInvariants();
        link(2);
        assertThat(directory.bytes()).isEqualTo(9 * ENTRY_CHUNK + 3 * HEAD_CHUNK + QUEUES);
        link(8_191 - 2_049);
        assertThat(directory.bytes()).isEqualTo(32 * ENTRY_CHUNK + 8 * HEAD_CHUNK + QUEUES);
        link(1);
        assertThat(directory.bytes()).as("a large chunk").isEqualTo(40 * ENTRY_CHUNK + 8 * HEAD_CHUNK + QUEUES);
        assertThat(Arrays.stream(linked)).allMatch(entries::owns);
    }
}
