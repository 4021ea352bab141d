package io.github.tmem.tiering.directory;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.GetMode;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PageKind;
import io.github.tmem.api.config.PoolConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a shard learns from misses: which pages it should have kept. */
class MissesTest {
    private static final ObjectId FILE = ObjectId.of(1);

    private final Directory directory = new Directory(1_000, 10, 2);
    private final Shard shard = directory.shard(0);
    private final PoolLedger pool =
            directory.open(PoolConfig.ephemeral("handed").withGetMode(GetMode.EXCLUSIVE), 42);
    private long stamps;

    /** What is told of a page that is not there. */
    enum Miss {
        NONE,
        UNDER_ITS_OBJECT,
        UNDER_ITS_ID,
        OF_ANOTHER_PAGE
    }

    @AfterEach
    void close() {
        directory.checkInvariants();
        directory.close();
    }

    private int put(long index) {
        TrackedObject object = directory.acquire(pool, FILE);
        int entry = directory.take(shard);
        Place place = new Place();
        place.stored(0, index, 1, 100, 7);
        directory.fillIn(entry, object, index, place);
        shard.lock();
        try {
            assertThat(shard.link(entry, ++stamps, object, Shard.NONE)).isEqualTo(Linking.LINKED);
        } finally {
            shard.unlock();
        }
        return entry;
    }

    private int victim() {
        shard.lock();
        try {
            return shard.victim(pool, 0, 0, Choice.RESTING);
        } finally {
            shard.unlock();
        }
    }

    private void evict(int entry) {
        shard.lock();
        try {
            shard.unlink(entry, Ending.EVICTED);
        } finally {
            shard.unlock();
        }
        directory.give(entry);
    }

    private void miss(Miss miss, long index) {
        shard.lock();
        try {
            switch (miss) {
                case NONE -> {}
                case UNDER_ITS_OBJECT -> shard.markMissed(directory.acquire(pool, FILE), index);
                case UNDER_ITS_ID -> shard.markMissed(pool, FILE, index);
                case OF_ANOTHER_PAGE -> shard.markMissed(pool, FILE, index + 100);
            }
        } finally {
            shard.unlock();
        }
    }

    /** Six newcomers and four that have come back: who goes next hangs on whether the newcomers that went were missed. */
    @ParameterizedTest
    @EnumSource
    void newcomersThatWereMissedHaveMoreRoom(Miss miss) {
        int[] newcomers = new int[10];
        for (int index = 0; index < 10; index++) {
            newcomers[index] = put(index);
        }
        for (int index = 0; index < 4; index++) {
            evict(newcomers[index]);
        }
        for (int index = 0; index < 4; index++) {
            miss(miss, index);
        }
        int back = put(0);
        for (int index = 1; index < 4; index++) {
            put(index);
        }
        boolean learnt = miss == Miss.UNDER_ITS_OBJECT || miss == Miss.UNDER_ITS_ID;
        assertThat(victim()).isEqualTo(learnt ? back : newcomers[4]);
    }

    @Test
    void aMissInAPoolWithoutPagesTeachesNothing() {
        miss(Miss.UNDER_ITS_ID, 1);
        assertThat(directory.ghostBytes()).isZero();
        assertThat(victim()).isEqualTo(Shard.NONE);
    }

    @ParameterizedTest
    @EnumSource
    void onlyPagesThatGoWithAHitAndMayVanishAreLearntOf(GetMode mode) {
        PoolConfig ephemeral = PoolConfig.ephemeral("pages").withGetMode(mode);
        PoolConfig persistent = PoolConfig.persistent("pages").withGetMode(mode);
        assertThat(new PoolLedger(ephemeral, 1, 1).learnsFromMisses()).isEqualTo(mode == GetMode.EXCLUSIVE);
        assertThat(new PoolLedger(persistent, 1, 1).learnsFromMisses()).isFalse();
        assertThat(new PoolLedger(persistent, 1, 1).kind()).isEqualTo(PageKind.PERSISTENT);
    }
}
