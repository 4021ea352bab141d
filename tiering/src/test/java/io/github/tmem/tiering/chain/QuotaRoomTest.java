package io.github.tmem.tiering.chain;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.ObjectId;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.api.config.Size;
import io.github.tmem.tiering.codec.Codecs;
import io.github.tmem.tiering.directory.Directory;
import io.github.tmem.tiering.directory.Ending;
import io.github.tmem.tiering.directory.Linking;
import io.github.tmem.tiering.directory.Place;
import io.github.tmem.tiering.directory.PoolLedger;
import io.github.tmem.tiering.directory.Shard;
import io.github.tmem.tiering.directory.TrackedObject;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What counts as the room of a put's own older page. */
@SuppressWarnings("NullAway") // there are no victims among persistent pages, and nobody asks for any
class QuotaRoomTest {
    private static final int PAGE = 4096;

    private final Directory directory = new Directory(16, 16, 1);
    private final PoolLedger pool =
            directory.open(PoolConfig.persistent("capped").withQuota(Size.ofBytes(2 * PAGE)), 1);
    private final QuotaRoom room = new QuotaRoom(directory, null);

    private int link(TrackedObject object, long index, long stamp) {
        Shard shard = directory.shardOf(object, index);
        int entry = directory.take(shard);
        Place place = new Place();
        place.stored(0, 1, Codecs.RAW, PAGE, 7);
        directory.fillIn(entry, object, index, place);
        shard.lock();
        try {
            assertThat(shard.link(entry, stamp, object, Shard.NONE)).isEqualTo(Linking.LINKED);
        } finally {
            shard.unlock();
        }
        return entry;
    }

    private void with(Shard shard, Runnable change) {
        shard.lock();
        try {
            change.run();
        } finally {
            shard.unlock();
        }
    }

    @Test
    void thePageThatWaitsForThePutMakesRoomForItAndOneThatCameLaterDoesNot() {
        Scratch scratch = new Scratch(new Codecs(List.of()));
        try {
            TrackedObject object = directory.acquire(pool, ObjectId.of(1));
            Shard shard = directory.shardOf(object, 0);
            int older = link(object, 0, 2);
            int other = link(object, 1, 4);
            scratch.page().prepare(PAGE);
            scratch.caller().set(new byte[PAGE]);
            scratch.page().load(scratch.caller());
            scratch.page().encode(Codecs.RAW);
            PutAttempt attempt = scratch.attempt();
            attempt.begin(object, 0, 6);
            assertThat(room.make(attempt, scratch))
                    .as("in place of the older page")
                    .isTrue();
            with(shard, () -> shard.markReplacing(older, 6));
            assertThat(room.make(attempt, scratch))
                    .as("which has been given up")
                    .isTrue();
            attempt.begin(object, 2, 8);
            assertThat(room.make(attempt, scratch)).as("beside both").isFalse();
            attempt.begin(object, 1, 3);
            assertThat(room.make(attempt, scratch))
                    .as("in place of a later page")
                    .isFalse();
            for (int entry : new int[] {older, other}) {
                with(shard, () -> shard.unlink(entry, Ending.FLUSHED));
                directory.give(entry);
            }
            directory.checkInvariants();
        } finally {
            scratch.close();
            directory.close();
        }
    }
}
