package io.github.tmem.tiering.directory;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.GetMode;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.config.PoolConfig;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;

/** One shard with pages of three pools: ephemeral pages that gets keep, those that they hand out, and persistent ones. */
abstract class PoolsOfAShard {
    final Directory directory = new Directory(10_000, 10, 2);
    final Shard shard = directory.shard(0);
    final PoolLedger kept = directory.open(PoolConfig.ephemeral("kept").withGetMode(GetMode.INCLUSIVE), 1);
    final PoolLedger handed = directory.open(PoolConfig.ephemeral("handed").withGetMode(GetMode.EXCLUSIVE), 2);
    final PoolLedger dirty = directory.open(PoolConfig.persistent("dirty"), 3);
    private long stamps;

    @AfterEach
    void structureIsSound() {
        directory.checkInvariants();
        directory.close();
    }

    <T> T locked(Supplier<T> task) {
        shard.lock();
        try {
            return task.get();
        } finally {
            shard.unlock();
        }
    }

    void locked(Runnable task) {
        shard.lock();
        try {
            task.run();
        } finally {
            shard.unlock();
        }
    }

    static Place in(int tier, int length) {
        Place place = new Place();
        place.stored(tier, 1, 0, length, 7);
        return place;
    }

    /** Puts a page that is not there. */
    int put(PoolLedger pool, long index, int tier, int length) {
        TrackedObject object = directory.acquire(pool, ObjectId.of(1));
        int entry = directory.take(shard);
        directory.fillIn(entry, object, index, in(tier, length));
        locked(() -> {
            assertThat(shard.link(entry, ++stamps, object, Shard.NONE)).isEqualTo(Linking.LINKED);
        });
        return entry;
    }

    void overwrite(int entry, Place place) {
        locked(() -> shard.overwrite(entry, ++stamps, place));
    }

    /** The page gives its room to its successor. */
    void giveUp(int entry) {
        locked(() -> shard.markReplacing(entry, ++stamps));
    }

    void hit(int entry) {
        shard.noteHit(look(entry));
    }

    void move(int entry, int tier) {
        locked(() -> {
            Place place = in(tier, look(entry).length());
            if (tier > look(entry).tier()) {
                shard.sink(entry, place);
            } else {
                shard.swing(entry, place);
            }
        });
    }

    void end(int entry, Ending ending) {
        locked(() -> shard.unlink(entry, ending));
        directory.give(entry);
    }

    int victim(PoolLedger pool, int tier) {
        return locked(() -> shard.victim(pool, tier, 0, Choice.RESTING));
    }

    Look look(int entry) {
        Look look = new Look();
        locked(() -> shard.look(entry, look));
        return look;
    }

    int standing(int entry) {
        return look(entry).standing();
    }
}
