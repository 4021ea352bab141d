package io.github.tmem.kit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tmem.api.GetMode;
import io.github.tmem.api.GetResult;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PageKind;
import io.github.tmem.api.PagePool;
import io.github.tmem.api.PoolClosedException;
import io.github.tmem.api.PutResult;
import io.github.tmem.api.UnauthorizedException;
import io.github.tmem.api.WrongKindException;
import io.github.tmem.api.stats.PoolStats;
import io.github.tmem.kit.PageKey;
import io.github.tmem.kit.Pages;
import io.github.tmem.kit.Race;
import io.github.tmem.kit.Shape;
import io.github.tmem.kit.StatsLaws;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/**
 * What a pool promises its callers, on any chain with room to spare. Extend it, say which tiers, and every test runs once
 * for each {@link PoolSort}.
 */
public abstract class PoolContract extends PoolPagesContract {

    @Test
    void missesWhatNobodyPut() {
        assertMiss(key(0));
        assertThat(pool().contains(FILE, 0)).isFalse();
        assertThat(pool().pageCount()).isZero();
    }

    @Test
    void hitsWhatWasPut() {
        put(key(5), 1);
        assertThat(pool().contains(FILE, 5)).isTrue();
        assertHit(key(5), 1);
        assertThat(pool().contains(FILE, 5)).isEqualTo(!exclusive());
        if (exclusive()) {
            assertMiss(key(5));
        } else {
            assertHit(key(5), 1);
        }
        assertMiss(key(4));
    }

    @Test
    void aLaterPutReplacesAnEarlierOne() {
        for (int version = 1; version <= 20; version++) {
            put(key(5), version);
        }
        assertThat(pool().pageCount()).isEqualTo(1);
        assertThat(pool().stats().replaced()).isEqualTo(19);
        assertHit(key(5), 20);
    }

    @Test
    void flushForgetsOnePage() {
        put(key(1), 1);
        put(key(2), 2);
        assertThat(pool().flush(FILE, 1)).isTrue();
        assertThat(pool().flush(FILE, 1)).isFalse();
        assertMiss(key(1));
        assertHit(key(2), 2);
    }

    @Test
    void flushObjectForgetsItsPagesAndNoOthers() {
        ObjectId other = ObjectId.of(11, 2);
        for (long index = 0; index < 300; index++) {
            put(key(index * 37), index);
            put(new PageKey(other, index), index);
        }
        assertThat(pool().flushObject(FILE)).isEqualTo(300);
        assertThat(pool().flushObject(FILE)).isZero();
        assertThat(pool().pageCount()).isEqualTo(300);
        for (long index = 0; index < 300; index++) {
            assertMiss(key(index * 37));
            assertHit(new PageKey(other, index), index);
        }
        put(key(0), 7);
        assertHit(key(0), 7);
    }

    @Test
    void batchesDoWhatSingleCallsDo() {
        long[] indexes = {3, 1, 3, 2};
        byte[] pages = new byte[4 * PAGE];
        for (int i = 0; i < 4; i++) {
            System.arraycopy(Pages.make(key(indexes[i]), i, Shape.at(i), PAGE), 0, pages, i * PAGE, PAGE);
        }
        assertThat(pool().putAll(FILE, indexes, MemorySegment.ofArray(pages))).allMatch(PutResult::stored);
        assertThat(pool().pageCount()).isEqualTo(3);
        byte[] destination = guarded(4 * PAGE);
        assertThat(pool().getAll(FILE, new long[] {2, 9, 3, 1}, MemorySegment.ofArray(destination)))
                .containsExactly(GetResult.HIT, GetResult.MISS, GetResult.HIT, GetResult.HIT);
        assertThat(Pages.version(key(2), page(destination, 0))).isEqualTo(3);
        assertThat(page(destination, 1)).as("place of a miss").isEqualTo(guarded(PAGE));
        assertThat(Pages.version(key(3), page(destination, 2)))
                .as("the last duplicate wins")
                .isEqualTo(2);
        assertThat(Pages.version(key(1), page(destination, 3))).isEqualTo(1);
        assertThat(pool().pageCount()).isEqualTo(exclusive() ? 0 : 3);
    }

    @Test
    void emptyBatchesDoNothing() {
        MemorySegment nothing = MemorySegment.ofArray(new byte[0]);
        assertThat(pool().putAll(FILE, new long[0], nothing)).isEmpty();
        assertThat(pool().getAll(FILE, new long[0], nothing)).isEmpty();
    }

    @Test
    void poolsShareNoKeys() {
        PagePool other = open(settings("other"));
        put(pool(), key(1), 1);
        put(other, key(1), 2);
        assertHit(pool(), key(1), 1);
        assertThat(pool().flush(FILE, 1)).isEqualTo(!exclusive());
        assertHit(other, key(1), 2);
        pool().close();
        put(other, key(1), 3);
        assertHit(other, key(1), 3);
    }

    @Test
    void theSameNameIsTheSamePool() {
        put(key(1), 1);
        PagePool again = open(settings("pool"));
        assertHit(again, key(1), 1);
        assertThat(again.name()).isEqualTo("pool");
        assertThat(again.kind()).isEqualTo(sort.kind());
        assertThat(again.getMode()).isEqualTo(sort.mode());
        assertThat(again.pageSize()).isEqualTo(PAGE);
    }

    @Test
    void aNameBelongsToOneSortOfPool() {
        GetMode otherMode = exclusive() ? GetMode.INCLUSIVE : GetMode.EXCLUSIVE;
        assertThatThrownBy(() -> store().pool(settings("pool").withGetMode(otherMode)))
                .isInstanceOf(WrongKindException.class)
                .hasMessageContaining("pool");
        assertThatThrownBy(() -> store().pool(settings("pool").withPageSize(2 * PAGE)))
                .isInstanceOf(WrongKindException.class);
        ThrowingCallable otherKind = sort.kind() == PageKind.EPHEMERAL
                ? () -> store().persistent("pool", sort.mode())
                : () -> store().ephemeral("pool", sort.mode());
        assertThatThrownBy(otherKind)
                .isInstanceOf(
                        settings("pool").sharing() == null ? WrongKindException.class : UnauthorizedException.class);
    }

    @Test
    void aClosedPoolAnswersNothing() {
        put(key(1), 1);
        assertThat(pool().isClosed()).isFalse();
        pool().close();
        pool().close();
        assertThat(pool().isClosed()).isTrue();
        assertClosed(pool());
    }

    @Test
    void closingTheStoreClosesItsPools() {
        put(key(1), 1);
        stores.close(store());
        store().close();
        assertThat(pool().isClosed()).isTrue();
        assertClosed(pool());
    }

    private static void assertClosed(PagePool pool) {
        byte[] page = new byte[PAGE];
        MemorySegment segment = MemorySegment.ofArray(page);
        List<ThrowingCallable> calls = List.of(
                () -> pool.put(FILE, 1, page),
                () -> pool.get(FILE, 1, page),
                () -> pool.putAll(FILE, new long[] {1}, segment),
                () -> pool.getAll(FILE, new long[] {1}, segment),
                () -> pool.contains(FILE, 1),
                () -> pool.flush(FILE, 1),
                () -> pool.flushObject(FILE),
                pool::pageCount,
                pool::stats);
        for (ThrowingCallable call : calls) {
            assertThatThrownBy(call).isInstanceOf(PoolClosedException.class);
        }
    }

    @Test
    void aPoolOpenedAgainIsNewAndEmpty() {
        for (int round = 0; round < 3; round++) {
            PagePool opened = open(settings("again"));
            assertThat(opened.pageCount()).isZero();
            assertMiss(opened, key(1));
            put(opened, key(1), round);
            put(opened, key(2), round);
            opened.close();
        }
    }

    @Test
    void closingAPoolFreesItsRoom() {
        for (long index = 0; index < 200; index++) {
            put(key(index), 3 * index);
        }
        assertThat(store().stats().tiers()).anyMatch(tier -> tier.usedBytes() > 0);
        pool().close();
        assertThat(store().stats().tiers()).allMatch(tier -> tier.usedBytes() == 0 && tier.encodedBytes() == 0);
        assertThat(store().stats().directories()).allMatch(directory -> directory.entries() == 0);
    }

    @Test
    void countersTellWhatHappened() {
        for (long index = 0; index < 10; index++) {
            put(key(index), index);
        }
        put(key(0), 99);
        assertHit(key(1), 1);
        assertHit(key(2), 2);
        assertMiss(key(10));
        pool().flush(FILE, 3);
        PoolStats stats = pool().stats();
        StatsLaws.check(stats);
        assertThat(stats.stored()).isEqualTo(11);
        assertThat(stats.replaced()).isEqualTo(1);
        assertThat(stats.hits()).isEqualTo(2);
        assertThat(stats.misses()).isEqualTo(1);
        assertThat(stats.taken()).isEqualTo(exclusive() ? 2 : 0);
        assertThat(stats.flushed()).isEqualTo(1);
        assertThat(stats.refusedTotal()).isZero();
        assertThat(stats.pages()).isEqualTo(exclusive() ? 7 : 9).isEqualTo(pool().pageCount());
        assertThat(pool().flushObject(FILE)).isEqualTo(stats.pages());
        assertThat(pool().stats().flushed()).isEqualTo(1 + stats.pages());
    }

    @Test
    void oneOfManyExclusiveGetsWins() {
        AtomicInteger hits = new AtomicInteger();
        for (int round = 0; round < 50; round++) {
            put(key(1), round);
            int version = round;
            new Race()
                    .with(4, getter -> {
                        byte[] page = guarded(PAGE);
                        if (pool().get(FILE, 1, page)) {
                            hits.incrementAndGet();
                            assertThat(Pages.version(key(1), page)).isEqualTo(version);
                        } else {
                            assertThat(page).isEqualTo(guarded(PAGE));
                        }
                    })
                    .run();
        }
        assertThat(hits).hasValue(exclusive() ? 50 : 200);
    }

    static byte[] page(byte[] pages, int number) {
        return Arrays.copyOfRange(pages, number * PAGE, (number + 1) * PAGE);
    }
}
