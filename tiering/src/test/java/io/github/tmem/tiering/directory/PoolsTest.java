package io.github.tmem.tiering.directory;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PageKind;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.api.config.Size;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Pools beside each other in one directory of several shards: whose page goes, what each is charged with, how one ends. */
class PoolsTest {
    private static final ObjectId FILE = ObjectId.of(1);

    private final Directory directory = new Directory(100_000, 4 * 1024, 64);
    private final PoolRanking ranking = directory.ranking();
    private long stamps;

    @AfterEach
    void structureIsSound() {
        directory.checkInvariants();
        directory.close();
    }

    private PoolLedger open(String name, int weight) {
        return directory.open(PoolConfig.ephemeral(name).withWeight(weight), name.hashCode());
    }

    private static Place in(int tier, int length) {
        Place place = new Place();
        if (tier == Directory.WITHOUT_COPY) {
            place.filled(7);
        } else {
            place.stored(tier, 1, 0, length, 7);
        }
        return place;
    }

    private Linking tryPut(PoolLedger pool, long index, int tier, int length) {
        TrackedObject object = directory.acquire(pool, FILE);
        Shard shard = directory.shardOf(object, index);
        int entry = directory.take(shard);
        directory.fillIn(entry, object, index, in(tier, length));
        shard.lock();
        try {
            int older = shard.find(object, index);
            Linking linking = shard.link(entry, ++stamps, object, older);
            if (linking == Linking.LINKED && older != Shard.NONE) {
                shard.unlinkOlder(older);
                directory.give(older);
            }
            if (linking != Linking.LINKED) {
                directory.give(entry);
            }
            return linking;
        } finally {
            shard.unlock();
        }
    }

    private void put(PoolLedger pool, long index, int tier, int length) {
        assertThat(tryPut(pool, index, tier, length)).isEqualTo(Linking.LINKED);
    }

    /** A step on the entry of a page, under the lock of its shard. */
    private interface Step {
        void on(Shard shard, int entry);
    }

    private void with(PoolLedger pool, long index, Step step) {
        TrackedObject object = directory.acquire(pool, FILE);
        Shard shard = directory.shardOf(object, index);
        shard.lock();
        try {
            step.on(shard, shard.find(object, index));
        } finally {
            shard.unlock();
        }
    }

    private void flush(PoolLedger pool, long index) {
        with(pool, index, (shard, entry) -> {
            shard.unlink(entry, Ending.FLUSHED);
            directory.give(entry);
        });
    }

    private void destroy(PoolLedger pool) {
        pool.markClosed();
        for (TrackedObject object : pool.trackedObjects()) {
            directory.detach(object);
        }
        directory.leave(pool);
    }

    // ---- whose page goes

    @Test
    void thePoolWithMostByItsWeightGivesTheVictim() {
        PoolLedger light = open("light", 1);
        PoolLedger heavy = open("heavy", 3);
        put(light, 0, 0, 1_000);
        assertThat(ranking.next(0, PageKind.EPHEMERAL, Choice.RESTING)).isSameAs(light);
        for (int i = 0; i < 3; i++) {
            put(heavy, 64L * i, 0, 1_000);
        }
        assertThat(ranking.next(0, PageKind.EPHEMERAL, Choice.RESTING))
                .as("as much each")
                .isSameAs(light);
        put(heavy, 192, 0, 1);
        assertThat(ranking.next(0, PageKind.EPHEMERAL, Choice.RESTING))
                .as("summed over shards")
                .isSameAs(heavy);
        put(light, 1, 1, 3_000);
        assertThat(ranking.next(0, PageKind.EPHEMERAL, Choice.RESTING))
                .as("other tiers do not count")
                .isSameAs(heavy);
        assertThat(ranking.next(1, PageKind.EPHEMERAL, Choice.RESTING)).isSameAs(light);
        assertThat(ranking.next(2, PageKind.EPHEMERAL, Choice.RESTING)).isNull();
    }

    /** With so many pools some shards stand for all; a page in another shard is found all the same. */
    @Test
    void oneOfManyPoolsWithASinglePageGivesTheVictim() {
        try (Directory wide = new Directory(1_000, 64 * 1024, 64)) {
            List<PoolLedger> many = IntStream.range(0, 100)
                    .mapToObj(number -> wide.open(PoolConfig.ephemeral("pool " + number), number))
                    .toList();
            Set<Integer> shards = new HashSet<>();
            for (PoolLedger pool : many) {
                TrackedObject object = wide.acquire(pool, FILE);
                Shard shard = wide.shardOf(object, 0);
                shards.add(shard.number());
                int entry = wide.take(shard);
                wide.fillIn(entry, object, 0, in(0, 1_000));
                shard.lock();
                try {
                    assertThat(shard.link(entry, ++stamps, object, Shard.NONE)).isEqualTo(Linking.LINKED);
                    assertThat(wide.ranking().next(0, PageKind.EPHEMERAL, Choice.RESTING))
                            .as("with a page in shard %d", shard.number())
                            .isSameAs(pool);
                    shard.unlink(entry, Ending.FLUSHED);
                } finally {
                    shard.unlock();
                }
                wide.give(entry);
            }
            assertThat(shards).hasSizeGreaterThan(30);
            assertThat(wide.ranking().next(0, PageKind.EPHEMERAL, Choice.RESTING))
                    .isNull();
        }
    }

    @Test
    void pagesWithoutACopyAndEntriesAreCountedByPages() {
        PoolLedger light = open("light", 1);
        PoolLedger heavy = open("heavy", 3);
        put(light, 0, 0, 4_000);
        put(light, 1, Directory.WITHOUT_COPY, 0);
        for (int i = 0; i < 5; i++) {
            put(heavy, i, Directory.WITHOUT_COPY, 0);
        }
        assertThat(ranking.next(Directory.WITHOUT_COPY, PageKind.EPHEMERAL, Choice.RESTING))
                .isSameAs(heavy);
        assertThat(ranking.next(PoolRanking.ENTRIES, PageKind.EPHEMERAL, Choice.RESTING))
                .isSameAs(light);
        put(heavy, 6, 0, 1);
        put(heavy, 7, 0, 1);
        assertThat(ranking.next(PoolRanking.ENTRIES, PageKind.EPHEMERAL, Choice.RESTING))
                .isSameAs(heavy);
    }

    @Test
    void pagesOnTheMoveAreAChoiceOfTheirOwnAndKindsDoNotMix() {
        PoolLedger one = open("one", 1);
        PoolLedger other = open("other", 1);
        PoolLedger dirty = directory.open(PoolConfig.persistent("dirty"), 1);
        put(one, 0, 0, 2_000);
        put(other, 0, 0, 1_000);
        put(dirty, 0, 0, 4_000);
        with(one, 0, Shard::hide);
        assertThat(ranking.next(0, PageKind.EPHEMERAL, Choice.RESTING)).isSameAs(other);
        assertThat(ranking.next(0, PageKind.EPHEMERAL, Choice.HIDDEN)).isSameAs(one);
        with(one, 0, Shard::unhide);
        assertThat(ranking.first(0, PageKind.PERSISTENT, Choice.RESTING)).isSameAs(dirty);
    }

    @Test
    void ofPersistentPoolsTheOneWithMostBytesGivesTheVictim() {
        PoolLedger less = directory.open(PoolConfig.persistent("less"), 1);
        PoolLedger more = directory.open(PoolConfig.persistent("more"), 2);
        put(less, 0, 0, 1_000);
        put(more, 0, 0, 1_001);
        assertThat(ranking.first(0, PageKind.PERSISTENT, Choice.RESTING)).isSameAs(more);
        assertThat(ranking.first(0, PageKind.EPHEMERAL, Choice.RESTING)).isNull();
    }

    /** With few pools and shards each victim is chosen anew; with many an answer serves for some, but not for ever. */
    @Test
    void anAnswerServesForAFewVictims() {
        PoolLedger[] pools = new PoolLedger[20];
        for (int i = 0; i < pools.length; i++) {
            pools[i] = open("pool " + i, 1);
        }
        put(pools[3], 0, 0, 1_000);
        assertThat(ranking.first(0, PageKind.EPHEMERAL, Choice.RESTING)).isSameAs(pools[3]);
        put(pools[5], 0, 0, 2_000);
        int served = 0;
        while (ranking.first(0, PageKind.EPHEMERAL, Choice.RESTING) == pools[3]) {
            served++;
        }
        assertThat(served).isBetween(1, 15);
        assertThat(ranking.next(0, PageKind.EPHEMERAL, Choice.RESTING)).isSameAs(pools[5]);
    }

    // ---- what a pool is charged with

    private PoolLedger withQuota(long bytes) {
        return directory.open(PoolConfig.persistent("capped").withQuota(Size.ofBytes(bytes)), 1);
    }

    @Test
    void aLinkIsChargedWithTheDifference() {
        PoolLedger pool = withQuota(1_000);
        put(pool, 0, 0, 600);
        assertThat(tryPut(pool, 1, 0, 401)).isEqualTo(Linking.OVER_QUOTA);
        put(pool, 1, 0, 400);
        assertThat(tryPut(pool, 1, 0, 401)).isEqualTo(Linking.OVER_QUOTA);
        put(pool, 1, 1, 400);
        put(pool, 0, 1, 100);
        assertThat(directory.stats(pool).encodedBytes()).isEqualTo(500);
        put(pool, 2, Directory.WITHOUT_COPY, 0);
        put(pool, 3, 0, 500);
        flush(pool, 1);
        assertThat(directory.stats(pool).encodedBytes()).isEqualTo(600);
        assertThat(pool.hasRoomFor(400)).isTrue();
        assertThat(pool.hasRoomFor(401)).isFalse();
    }

    @Test
    void anOverwriteIsChargedWithTheDifference() {
        PoolLedger pool = withQuota(1_000);
        put(pool, 0, 0, 600);
        put(pool, 1, 0, 400);
        with(pool, 0, (shard, entry) -> {
            assertThat(shard.overwrite(entry, ++stamps, in(0, 601))).isFalse();
            assertThat(shard.lengthOf(entry)).isEqualTo(600);
            assertThat(shard.overwrite(entry, ++stamps, in(1, 600))).isTrue();
            assertThat(shard.overwrite(entry, ++stamps, in(1, 100))).isTrue();
            assertThat(shard.overwrite(entry, ++stamps, in(1, 600))).isTrue();
        });
        assertThat(directory.stats(pool).encodedBytes()).isEqualTo(1_000);
    }

    @Test
    void aMoveIsChargedWithWhatTheCopyGrows() {
        PoolLedger pool = withQuota(1_000);
        put(pool, 0, 0, 600);
        put(pool, 1, 0, 300);
        with(pool, 0, (shard, entry) -> {
            assertThat(shard.swing(entry, in(1, 701))).isFalse();
            assertThat(shard.lengthOf(entry)).isEqualTo(600);
            assertThat(shard.sink(entry, in(1, 701))).isFalse();
            assertThat(shard.swing(entry, in(1, 700))).isTrue();
        });
        assertThat(directory.stats(pool).encodedBytes()).isEqualTo(1_000);
        with(pool, 0, (shard, entry) -> {
            assertThat(shard.sink(entry, in(2, 100))).isTrue();
            assertThat(shard.swing(entry, in(1, 200))).isTrue();
        });
        assertThat(directory.stats(pool).encodedBytes()).isEqualTo(500);
    }

    /** What an older page gave up for its successor nobody else may take meanwhile: an overwrite at the cap is no growth. */
    @Test
    void aPageThatGivesWayToItsSuccessorStaysChargedAndALostOneDoesNot() {
        PoolLedger pool = withQuota(1_000);
        put(pool, 0, 0, 600);
        put(pool, 1, 0, 400);
        with(pool, 0, (shard, entry) -> shard.markReplacing(entry, ++stamps));
        assertThat(tryPut(pool, 2, 0, 1)).isEqualTo(Linking.OVER_QUOTA);
        with(
                pool,
                0,
                (shard, entry) ->
                        assertThat(shard.overwrite(entry, stamps, in(1, 600))).isTrue());
        with(pool, 1, Shard::markLost);
        put(pool, 2, 0, 400);
        assertThat(directory.stats(pool).encodedBytes()).isEqualTo(1_000);
    }

    // ---- how a pool ends

    @Test
    void aSlotIsUsedAgainOnlyWhenTheLastPageIsReclaimed() {
        PoolLedger first = open("first", 1);
        put(first, 0, 0, 100);
        put(first, 64, 0, 100);
        TrackedObject object = directory.find(first, FILE);
        assertThat(object).isNotNull();
        destroy(first);
        PoolLedger second = open("second", 1);
        assertThat(second.slot()).as("pages of the first are left").isNotEqualTo(first.slot());
        for (int number = 0; number < directory.shardCount(); number++) {
            Shard shard = directory.shard(number);
            shard.lock();
            try {
                for (int left = shard.anyOf(object); left != Shard.NONE; left = shard.anyOf(object)) {
                    shard.unlink(left, Ending.FLUSHED);
                    directory.give(left);
                }
            } finally {
                shard.unlock();
            }
        }
        PoolLedger third = open("third", 1);
        assertThat(third.slot()).isEqualTo(first.slot());
        put(third, 0, 0, 100);
        assertThat(directory.shardOf(object, 0).victims(first, 0, Choice.RESTING))
                .as("the dead pool does not reach its successor")
                .isZero();
        assertThat(directory.stats(third).encodedBytes()).isEqualTo(100);
        assertThat(directory.stats(first).encodedBytes()).isZero();
    }

    @Test
    void whatIsRememberedOfAPoolGoesWithIt() {
        Set<Integer> slots = new HashSet<>();
        long before = directory.bytes();
        for (int i = 0; i < 100; i++) {
            PoolLedger pool = open("pool", 1);
            slots.add(pool.slot());
            for (int index = 0; index < 50; index++) {
                put(pool, index, 0, 100);
                with(pool, index, (shard, entry) -> {
                    shard.unlink(entry, Ending.EVICTED);
                    directory.give(entry);
                });
            }
            assertThat(directory.ghostBytes()).isPositive();
            destroy(pool);
            assertThat(directory.ghostBytes()).isZero();
        }
        assertThat(slots).hasSize(1);
        assertThat(directory.bytes() - before).as("entries and buckets").isLessThan(200_000);
    }
}
