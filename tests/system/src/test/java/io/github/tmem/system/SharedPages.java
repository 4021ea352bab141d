package io.github.tmem.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.GetMode;
import io.github.tmem.api.GetResult;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PageLostException;
import io.github.tmem.api.PagePool;
import io.github.tmem.api.PageUnavailableException;
import io.github.tmem.api.PutResult;
import io.github.tmem.api.Refusal;
import io.github.tmem.api.stats.PoolStats;
import io.github.tmem.kit.PageKey;
import io.github.tmem.kit.Pages;
import io.github.tmem.kit.Race;
import io.github.tmem.kit.Shape;
import io.github.tmem.kit.StatsLaws;
import io.github.tmem.kit.model.KeyHistory;
import io.github.tmem.kit.model.KeyHistory.Operation;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * The few pages of one pool that many threads use, with the history of each, from the opening of the pool to its end.
 * Thread-safe.
 */
final class SharedPages {
    private static final int OBJECTS = 2;
    private static final int INDEXES = 16;
    private static final int BATCH = 4;

    private final PagePool pool;
    private final Tally tally;
    private final List<KeyHistory> histories = new ArrayList<>();
    private final LongAdder gets = new LongAdder();
    private final LongAdder puts = new LongAdder();
    private final AtomicBoolean ending = new AtomicBoolean();
    private final boolean losses;
    private volatile boolean outages;
    private volatile boolean destroyed;

    /** Pages of a pool just opened. All pools that ever have its name share {@code clock}. */
    SharedPages(PagePool pool, AtomicLong clock, Weather weather, Tally tally) {
        this.pool = pool;
        this.tally = tally;
        losses = weather.losesPages();
        outages = weather.hasOutages();
        for (int i = 0; i < OBJECTS * INDEXES; i++) {
            histories.add(new KeyHistory(clock));
        }
    }

    boolean isEnding() {
        return ending.get();
    }

    boolean isDestroyed() {
        return destroyed;
    }

    /** Closes the pool; false if that is under way already, or done. */
    boolean destroy() {
        if (!ending.compareAndSet(false, true)) {
            return false;
        }
        List<Operation> operations = histories.stream().map(KeyHistory::begin).toList();
        pool.close();
        for (int slot = 0; slot < operations.size(); slot++) {
            histories.get(slot).endFlush(operations.get(slot));
        }
        destroyed = true;
        return true;
    }

    void outagesEnded() {
        outages = false;
    }

    void step(SplittableRandom random) {
        int slot = random.nextInt(histories.size());
        int choice = random.nextInt(100);
        if (choice < 40) {
            put(slot, anyShape(random));
        } else if (choice < 42) {
            fill(slot, random);
        } else if (choice < 82) {
            get(slot);
        } else if (choice < 90) {
            flush(slot);
        } else if (choice < 94) {
            contains(slot);
        } else if (choice < 96) {
            putAll(slot / INDEXES, random);
        } else if (choice < 98) {
            getAll(slot / INDEXES, random);
        } else if (choice < 99) {
            // not exact while others are at work, but near
            assertThat(pool.pageCount()).isBetween((long) -histories.size(), 2L * histories.size());
            assertThat(pool.stats().stored()).isNotNegative();
            tally.add("COUNT", 1);
        } else {
            flushObject(slot / INDEXES);
        }
    }

    private static Shape anyShape(SplittableRandom random) {
        return random.nextInt(8) == 0 ? Shape.SAME_FILLED : Shape.at(random.nextInt(2));
    }

    private static PageKey key(int slot) {
        return PageKey.of(slot / INDEXES, slot % INDEXES);
    }

    private void put(int slot, Shape shape) {
        PageKey key = key(slot);
        Operation operation = histories.get(slot).beginPut();
        byte[] page = Pages.make(key, operation.version(), shape, pool.pageSize());
        endPut(slot, operation, pool.put(key.object(), key.index(), page));
    }

    private void endPut(int slot, Operation operation, PutResult result) {
        histories.get(slot).endPut(operation, result.stored());
        puts.increment();
        tally.add(result.stored() ? "STORED" : "REFUSED", 1);
    }

    /** A put with a token, now and then after a flush by the same thread. */
    private void fill(int slot, SplittableRandom random) {
        PageKey key = key(slot);
        KeyHistory history = histories.get(slot);
        Operation operation = history.beginPut();
        long token = pool.fillToken(key.object(), key.index());
        KeyHistory.Fill fill = history.tokenTaken(operation);
        if (random.nextInt(4) == 0) {
            flush(slot);
        } else {
            get(slot);
        }
        byte[] page = Pages.make(key, operation.version(), anyShape(random), pool.pageSize());
        long change = history.latestChange();
        PutResult result = pool.put(key.object(), key.index(), MemorySegment.ofArray(page), token);
        puts.increment();
        if (result.refusal() == Refusal.OUTDATED) {
            history.endOutdated(fill);
            tally.add("OUTDATED", 1);
        } else {
            history.endFill(fill, change, result.stored());
            tally.add(result.stored() ? "FILLED" : "FILL_REFUSED", 1);
        }
    }

    private void get(int slot) {
        PageKey key = key(slot);
        byte[] page = new byte[pool.pageSize()];
        Operation operation = histories.get(slot).begin();
        GetResult result;
        try {
            result = pool.get(key.object(), key.index(), page) ? GetResult.HIT : GetResult.MISS;
        } catch (PageUnavailableException e) {
            result = GetResult.UNAVAILABLE;
        } catch (PageLostException e) {
            result = GetResult.LOST;
        }
        endGet(slot, operation, result, page);
    }

    private void endGet(int slot, Operation operation, GetResult result, byte[] page) {
        gets.increment();
        tally.add(result.name(), 1);
        KeyHistory history = histories.get(slot);
        switch (result) {
            case HIT -> {
                long version = Pages.version(key(slot), page);
                if (pool.getMode() == GetMode.EXCLUSIVE) {
                    history.endTake(operation, version);
                } else {
                    history.endHit(operation, version);
                }
            }
            case MISS -> history.endMiss(operation, pool.kind());
            case UNAVAILABLE -> {
                assertThat(outages)
                        .as("a tier may be out of reach at %s", operation)
                        .isTrue();
                history.endUnavailable(operation);
            }
            case LOST -> {
                assertThat(losses).as("a page may be lost at %s", operation).isTrue();
                history.endLost(operation);
            }
        }
    }

    private void flush(int slot) {
        Operation operation = histories.get(slot).begin();
        pool.flush(key(slot).object(), key(slot).index());
        histories.get(slot).endFlush(operation);
        tally.add("FLUSH", 1);
    }

    private void contains(int slot) {
        Operation operation = histories.get(slot).begin();
        if (pool.contains(key(slot).object(), key(slot).index())) {
            histories.get(slot).endPresent(operation);
        } else {
            histories.get(slot).endMiss(operation, pool.kind());
        }
        tally.add("CONTAINS", 1);
    }

    /** Puts of one batch are puts of their own; for the histories each lasts as long as the batch. */
    private void putAll(int object, SplittableRandom random) {
        long[] indexes = random.longs(BATCH, 0, INDEXES).toArray();
        List<Operation> operations = new ArrayList<>();
        byte[] pages = new byte[BATCH * pool.pageSize()];
        for (int i = 0; i < BATCH; i++) {
            Operation operation = histories.get(slot(object, indexes[i])).beginPut();
            operations.add(operation);
            byte[] page =
                    Pages.make(PageKey.of(object, indexes[i]), operation.version(), anyShape(random), pool.pageSize());
            System.arraycopy(page, 0, pages, i * page.length, page.length);
        }
        PutResult[] results = pool.putAll(ObjectId.of(object), indexes, MemorySegment.ofArray(pages));
        for (int i = 0; i < BATCH; i++) {
            endPut(slot(object, indexes[i]), operations.get(i), results[i]);
        }
        tally.add("PUT_ALL", 1);
    }

    private void getAll(int object, SplittableRandom random) {
        long[] indexes = random.longs(BATCH, 0, INDEXES).toArray();
        List<Operation> operations = new ArrayList<>();
        for (long index : indexes) {
            operations.add(histories.get(slot(object, index)).begin());
        }
        int size = pool.pageSize();
        byte[] pages = new byte[BATCH * size];
        GetResult[] results = pool.getAll(ObjectId.of(object), indexes, MemorySegment.ofArray(pages));
        for (int i = 0; i < BATCH; i++) {
            byte[] page = Arrays.copyOfRange(pages, i * size, (i + 1) * size);
            endGet(slot(object, indexes[i]), operations.get(i), results[i], page);
        }
        tally.add("GET_ALL", 1);
    }

    private static int slot(int object, long index) {
        return object * INDEXES + (int) index;
    }

    private void flushObject(int object) {
        List<Operation> operations = new ArrayList<>();
        for (int index = 0; index < INDEXES; index++) {
            operations.add(histories.get(slot(object, index)).begin());
        }
        pool.flushObject(ObjectId.of(object));
        for (int index = 0; index < INDEXES; index++) {
            histories.get(slot(object, index)).endFlush(operations.get(index));
        }
        tally.add("FLUSH_OBJECT", 1);
    }

    void getEveryPage() {
        for (int slot = 0; slot < histories.size(); slot++) {
            get(slot);
        }
    }

    void checkAtRest() {
        Race.until(() -> pagesPresent() == pool.pageCount()); // the background may still drop one between the two
        PoolStats stats = pool.stats();
        StatsLaws.check(stats);
        assertThat(stats.hits() + stats.misses() + stats.unavailable() + stats.lostGets())
                .as("gets in %s", stats)
                .isEqualTo(gets.sum());
        assertThat(stats.stored() + stats.refusedTotal())
                .as("puts in %s", stats)
                .isEqualTo(puts.sum());
        getEveryPage();
    }

    private long pagesPresent() {
        long present = 0;
        for (int slot = 0; slot < histories.size(); slot++) {
            present += pool.contains(key(slot).object(), key(slot).index()) ? 1 : 0;
        }
        return present;
    }
}
