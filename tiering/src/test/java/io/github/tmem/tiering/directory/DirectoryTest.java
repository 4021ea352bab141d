package io.github.tmem.tiering.directory;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PageKind;
import io.github.tmem.api.config.PoolConfig;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DirectoryTest {
    private final Directory directory = new Directory(100_000, 64 * 1024, 64);
    private final PoolLedger pool = directory.open(PoolConfig.ephemeral("pages"), 42);
    private long stamps;

    @AfterEach
    void structureIsSound() {
        directory.checkInvariants();
        directory.close();
    }

    private record Key(long object, long index) {}

    private int link(Key key, int tier, int length) {
        TrackedObject object = directory.acquire(pool, ObjectId.of(key.object()));
        Shard shard = directory.shardOf(object, key.index());
        int entry = directory.take(shard);
        Place place = new Place();
        place.stored(tier, stamps, 1, length, 7);
        directory.fillIn(entry, object, key.index(), place);
        shard.lock();
        try {
            int older = shard.find(object, key.index());
            assertThat(shard.link(entry, ++stamps, object, Shard.NONE)).isEqualTo(Linking.LINKED);
            if (older != Shard.NONE) {
                shard.unlink(older, Ending.REPLACED);
                directory.give(older);
            }
        } finally {
            shard.unlock();
        }
        return entry;
    }

    private int find(Key key) {
        TrackedObject object = directory.find(pool, ObjectId.of(key.object()));
        if (object == null) {
            return Shard.NONE;
        }
        Shard shard = directory.shardOf(object, key.index());
        shard.lock();
        try {
            return shard.find(object, key.index());
        } finally {
            shard.unlock();
        }
    }

    private void unlink(Key key) {
        TrackedObject object = directory.find(pool, ObjectId.of(key.object()));
        assertThat(object).isNotNull();
        Shard shard = directory.shardOf(object, key.index());
        shard.lock();
        try {
            int entry = shard.find(object, key.index());
            shard.unlink(entry, Ending.FLUSHED);
            directory.give(entry);
        } finally {
            shard.unlock();
        }
    }

    @Test
    void agreesWithAMapOverRandomChanges() {
        Random random = new Random(7);
        Map<Key, Integer> model = new HashMap<>();
        for (int i = 0; i < 200_000; i++) {
            Key key = new Key(random.nextInt(50), random.nextInt(4) == 0 ? random.nextLong() : random.nextInt(2000));
            if (random.nextInt(3) > 0 && model.size() < 60_000) {
                model.put(key, link(key, random.nextInt(3), 100 + random.nextInt(4000)));
            } else if (model.remove(key) != null) {
                unlink(key);
            }
            assertThat(find(key)).isEqualTo(model.getOrDefault(key, Shard.NONE));
        }
        model.forEach((key, entry) -> assertThat(find(key)).isEqualTo(entry));
        assertThat(directory.size()).isEqualTo(model.size()).isEqualTo(pool.pages());
        for (Key key : new ArrayList<>(model.keySet())) {
            unlink(key);
        }
        assertThat(directory.size()).isZero();
        assertThat(pool.trackedObjects()).isEmpty();
        for (int tier = 0; tier < 3; tier++) {
            assertThat(directory.holdings(tier).encodedBytes()).isZero();
            assertThat(directory.holdings(tier).rawBytes()).isZero();
            assertThat(directory.holdings(tier).pages(PageKind.EPHEMERAL)).isZero();
        }
    }

    @Test
    void consecutiveIndexesShareAShardInRunsOf64() {
        TrackedObject object = directory.acquire(pool, ObjectId.of(1));
        assertThat(directory.shardCount()).isEqualTo(64);
        for (long run = -10; run < 10; run++) {
            Shard shard = directory.shardOf(object, run * 64);
            for (int i = 1; i < 64; i++) {
                assertThat(directory.shardOf(object, run * 64 + i)).isSameAs(shard);
            }
        }
        long distinct = java.util.stream.LongStream.range(0, 1000)
                .mapToObj(run -> directory.shardOf(object, run * 64))
                .distinct()
                .count();
        assertThat(distinct).isEqualTo(64);
        directory.retireIfUnused(object);
    }

    @Test
    void victimsComeInOrderOfArrivalUnlessOneFitsBetter() {
        Directory single = new Directory(1000, 10, 64);
        PoolLedger only = single.open(PoolConfig.ephemeral("only"), 42);
        PoolLedger none = single.open(PoolConfig.persistent("none"), 42);
        TrackedObject object = single.acquire(only, ObjectId.of(9));
        Shard shard = single.shard(0);
        int[] lengths = {3000, 500, 2000, 100};
        List<Integer> entries = new ArrayList<>();
        shard.lock();
        try {
            for (int i = 0; i < lengths.length; i++) {
                int entry = single.take(shard);
                Place place = new Place();
                place.stored(0, i, 1, lengths[i], 0);
                single.fillIn(entry, object, i, place);
                assertThat(shard.link(entry, ++stamps, object, Shard.NONE)).isEqualTo(Linking.LINKED);
                entries.add(entry);
            }
            assertThat(shard.victim(only, 0, 0, Choice.RESTING)).isEqualTo(entries.get(0));
            assertThat(shard.victim(only, 0, 480, Choice.RESTING)).isEqualTo(entries.get(1));
            assertThat(shard.victim(only, 0, 501, Choice.RESTING)).isEqualTo(entries.get(0));
            assertThat(shard.victim(only, 1, 0, Choice.RESTING)).isEqualTo(Shard.NONE);
            assertThat(shard.victim(none, 0, 0, Choice.RESTING)).isEqualTo(Shard.NONE);
            shard.hide(entries.get(0));
            assertThat(shard.victim(only, 0, 0, Choice.RESTING)).isEqualTo(entries.get(1));
            assertThat(shard.victim(only, 0, 0, Choice.HIDDEN)).isEqualTo(entries.get(0));
            shard.unhide(entries.get(0));
            assertThat(shard.victim(only, 0, 0, Choice.HIDDEN)).isEqualTo(Shard.NONE);
            assertThat(shard.victims(only, 0, Choice.RESTING)).isEqualTo(4);
        } finally {
            shard.unlock();
        }
        single.checkInvariants();
        single.close();
    }

    @Test
    void aFullDirectoryHandsOutNoEntryUnlessOneIsExchanged() {
        Directory small = new Directory(3, 2048, 64);
        Shard first = small.shard(0);
        Shard second = small.shard(1);
        int exchanged = small.take(first);
        small.take(first);
        small.take(second);
        assertThat(small.take(first)).isEqualTo(Shard.NONE);
        assertThat(small.take(second)).isEqualTo(Shard.NONE);
        assertThat(small.exchange(exchanged, first)).isEqualTo(exchanged);
        int entry = small.exchange(exchanged, second);
        assertThat(entry).isNotEqualTo(Shard.NONE);
        assertThat(second.entries().owns(entry)).isTrue();
        assertThat(small.take(first)).isEqualTo(Shard.NONE);
        small.give(entry);
        assertThat(small.take(first)).isEqualTo(exchanged);
        assertThat(small.take(second)).isEqualTo(Shard.NONE);
        small.close();
    }

    @Test
    void aDetachedNumberTakesNoEntryAndANewOneStartsEmpty() {
        link(new Key(1, 1), 0, 100);
        TrackedObject old = directory.find(pool, ObjectId.of(1));
        assertThat(old).isNotNull();
        assertThat(directory.detach(old)).isTrue();
        assertThat(directory.detach(old)).isFalse();
        assertThat(directory.find(pool, ObjectId.of(1))).isNull();
        TrackedObject fresh = directory.acquire(pool, ObjectId.of(1));
        assertThat(fresh).isNotSameAs(old);
        Shard shard = directory.shardOf(old, 1);
        shard.lock();
        try {
            assertThat(shard.find(fresh, 1)).isEqualTo(Shard.NONE);
            int late = directory.take(shard);
            directory.fillIn(late, old, 2, new Place());
            assertThat(shard.link(late, ++stamps, old, Shard.NONE)).isEqualTo(Linking.DETACHED);
            directory.give(late);
            int left = shard.anyOf(old);
            shard.unlink(left, Ending.FLUSHED);
            directory.give(left);
            assertThat(shard.anyOf(old)).isEqualTo(Shard.NONE);
        } finally {
            shard.unlock();
        }
        directory.retireIfUnused(fresh);
        assertThat(pool.trackedObjects()).isEmpty();
    }

    @Test
    void absenceIsSeenWhileTheLockIsHeldButNotUnderADetachedNumber() {
        link(new Key(1, 1), 0, 100);
        TrackedObject object = directory.find(pool, ObjectId.of(1));
        assertThat(object).isNotNull();
        Shard shard = directory.shardOf(object, 2);
        shard.lock();
        try {
            assertThat(CompletableFuture.supplyAsync(() -> absent(object)).join())
                    .as("of a hundred, those in the bucket of the one that is there too")
                    .isEqualTo(100);
        } finally {
            shard.unlock();
        }
        assertThat(directory.isAbsent(object, 1)).isFalse();
        directory.detach(object);
        assertThat(absent(object)).as("there may be a page under a new number").isZero();
        reclaim(object);
    }

    /** Unlinks the one page of an object that is detached. */
    private void reclaim(TrackedObject object) {
        Shard shard = directory.shardOf(object, 1);
        shard.lock();
        try {
            int left = shard.anyOf(object);
            shard.unlink(left, Ending.FLUSHED);
            directory.give(left);
        } finally {
            shard.unlock();
        }
    }

    private int absent(TrackedObject object) {
        int absent = 0;
        for (int index = 2; index < 102; index++) {
            absent += directory.isAbsent(object, index) ? 1 : 0;
        }
        return absent;
    }

    @Test
    void aNumberIsRetiredWhenItsLastPageGoesAndItsSlotServesAnother() {
        Key key = new Key(5, 5);
        link(key, 0, 100);
        TrackedObject first = directory.find(pool, ObjectId.of(5));
        assertThat(first).isNotNull();
        unlink(key);
        assertThat(first.status()).isEqualTo(TrackedObject.Status.RETIRED);
        TrackedObject other = directory.acquire(pool, ObjectId.of(6));
        assertThat(other.slot()).isEqualTo(first.slot());
        link(new Key(6, 5), 0, 100);
        Shard shard = directory.shardOf(other, 5);
        shard.lock();
        try {
            assertThat(shard.anyOf(first))
                    .as("the slot is another object's now")
                    .isEqualTo(Shard.NONE);
        } finally {
            shard.unlock();
        }
        unlink(new Key(6, 5));
    }

    @Test
    void aCopyOfAnotherTierWithTheSameLocatorIsAnotherCopy() {
        Key key = new Key(4, 1);
        int entry = link(key, 0, 900);
        Look look = new Look();
        Place moved = new Place();
        moved.stored(1, stamps - 1, 1, 900, 7);
        TrackedObject object = directory.find(pool, ObjectId.of(4));
        assertThat(object).isNotNull();
        Shard shard = directory.shardOf(object, 1);
        shard.lock();
        try {
            shard.look(entry, look);
            assertThat(shard.stillHolds(look)).isTrue();
            shard.swing(entry, moved);
            assertThat(shard.stillHolds(look)).isFalse();
        } finally {
            shard.unlock();
        }
        unlink(key);
    }

    @Test
    void theOwnerOfACopyIsFoundOnlyWhileItsEntryNamesThatCopy() {
        Key key = new Key(3, 77);
        int entry = link(key, 2, 900);
        long locator = stamps - 1;
        Look look = new Look();
        assertThat(directory.hideOwner(entry, 1, locator, look)).isFalse();
        assertThat(directory.hideOwner(entry, 2, locator + 1, look)).isFalse();
        assertThat(directory.hideOwner(0, 2, locator, look)).isFalse();
        assertThat(directory.hideOwner(-5, 2, locator, look)).isFalse();
        assertThat(directory.hideOwner((64 << EntryDescriptor.LINK_BITS) + 1, 2, locator, look))
                .as("of a shard that is not there")
                .isFalse();
        assertThat(victims(key, Choice.HIDDEN)).isZero();
        assertThat(directory.hideOwner(entry, 2, locator, look)).isTrue();
        assertThat(look.index()).isEqualTo(77);
        assertThat(victims(key, Choice.RESTING)).isZero();
        assertThat(victims(key, Choice.HIDDEN)).isEqualTo(1);
        look.shard().lock();
        try {
            assertThat(look.shard().stillHolds(look)).isTrue();
            look.shard().unhide(entry);
        } finally {
            look.shard().unlock();
        }
        unlink(key);
        assertThat(directory.hideOwner(entry, 2, locator, look)).isFalse();
    }

    /** Those in the third tier, in the shard of a page. */
    private int victims(Key key, Choice choice) {
        TrackedObject object = directory.find(pool, ObjectId.of(key.object()));
        assertThat(object).isNotNull();
        return directory.shardOf(object, key.index()).victims(pool, 2, choice);
    }

    @Test
    void theFullestShardIsTheOneWithMostVictims() {
        assertThat(directory.fullest(pool, 0, Choice.RESTING)).isNull();
        link(new Key(1, 0), 0, 100);
        TrackedObject object = directory.find(pool, ObjectId.of(1));
        assertThat(object).isNotNull();
        Shard first = directory.shardOf(object, 0);
        assertThat(directory.fullest(pool, 0, Choice.RESTING)).isSameAs(first);
        assertThat(directory.fullest(pool, 1, Choice.RESTING)).isNull();
        assertThat(directory.fullest(pool, 0, Choice.HIDDEN)).isNull();
        long far = 64;
        while (directory.shardOf(object, far) == first) {
            far += 64;
        }
        link(new Key(1, far), 0, 100);
        link(new Key(1, far + 1), 0, 100);
        assertThat(directory.fullest(pool, 0, Choice.RESTING)).isSameAs(directory.shardOf(object, far));
        link(new Key(1, 1), 0, 100);
        link(new Key(1, 2), 0, 100);
        assertThat(directory.fullest(pool, 0, Choice.RESTING)).isSameAs(first);
    }

    @Test
    void anObjectWithoutPagesIsForgottenWhenItIsDetached() {
        TrackedObject empty = directory.acquire(pool, ObjectId.of(8));
        assertThat(directory.detach(empty)).isTrue();
        TrackedObject next = directory.acquire(pool, ObjectId.of(9));
        assertThat(next.slot()).as("its slot is free again").isEqualTo(empty.slot());
        directory.retireIfUnused(next);
    }

    @Test
    void aDirectoryCanBeMadeSmaller() {
        assertThat(directory.entriesMax()).isEqualTo(100_000);
        link(new Key(1, 0), 0, 100);
        directory.resize(1);
        assertThat(directory.entriesMax()).isEqualTo(1);
        assertThat(directory.take(directory.shard(0))).isEqualTo(Shard.NONE);
    }
}
