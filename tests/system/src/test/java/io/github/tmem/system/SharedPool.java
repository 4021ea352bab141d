package io.github.tmem.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.GetMode;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PagePool;
import io.github.tmem.kit.PageKey;
import io.github.tmem.kit.Pages;
import io.github.tmem.kit.Shape;
import io.github.tmem.kit.StatsLaws;
import io.github.tmem.kit.model.KeyHistory;
import io.github.tmem.kit.model.KeyHistory.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** A pool that many threads use, with the history of each of its few keys. Thread-safe. */
final class SharedPool {

    private static final int OBJECTS = 2;
    private static final int INDEXES = 10;

    private final PagePool pool;
    private final List<KeyHistory> histories = new ArrayList<>();
    private final LongAdder gets = new LongAdder();
    private final LongAdder puts = new LongAdder();

    SharedPool(PagePool pool) {
        this.pool = pool;
        AtomicLong clock = new AtomicLong();
        for (int i = 0; i < OBJECTS * INDEXES; i++) {
            histories.add(new KeyHistory(clock));
        }
    }

    void step(SplittableRandom random) {
        int slot = random.nextInt(histories.size());
        int choice = random.nextInt(100);
        if (choice < 45) {
            put(slot, random.nextInt(8) == 0 ? Shape.SAME_FILLED : Shape.at(random.nextInt(2)));
        } else if (choice < 90) {
            get(slot);
        } else if (choice < 99) {
            Operation operation = histories.get(slot).begin();
            pool.flush(key(slot).object(), key(slot).index());
            histories.get(slot).endFlush(operation);
        } else {
            flushObject(slot / INDEXES);
        }
    }

    /** Once no thread is at work: what the pool says about itself agrees with itself. */
    void checkAtRest() {
        long present = 0;
        for (int slot = 0; slot < histories.size(); slot++) {
            present += pool.contains(key(slot).object(), key(slot).index()) ? 1 : 0;
        }
        StatsLaws.check(pool.stats());
        assertThat(pool.pageCount()).isEqualTo(present);
        assertThat(pool.stats().hits() + pool.stats().misses()).isEqualTo(gets.sum());
        assertThat(pool.stats().stored() + pool.stats().refusedTotal()).isEqualTo(puts.sum());
        for (int slot = 0; slot < histories.size(); slot++) {
            get(slot);
        }
    }

    private void put(int slot, Shape shape) {
        KeyHistory history = histories.get(slot);
        PageKey key = key(slot);
        Operation operation = history.beginPut();
        byte[] page = Pages.make(key, operation.version(), shape, pool.pageSize());
        boolean stored = pool.put(key.object(), key.index(), page).stored();
        history.endPut(operation, stored);
        puts.increment();
    }

    private void get(int slot) {
        KeyHistory history = histories.get(slot);
        PageKey key = key(slot);
        byte[] page = new byte[pool.pageSize()];
        Operation operation = history.begin();
        boolean hit = pool.get(key.object(), key.index(), page);
        gets.increment();
        if (!hit) {
            history.endMiss(operation, pool.kind());
        } else if (pool.getMode() == GetMode.EXCLUSIVE) {
            history.endTake(operation, Pages.version(key, page));
        } else {
            history.endHit(operation, Pages.version(key, page));
        }
    }

    private void flushObject(int object) {
        List<Operation> operations = new ArrayList<>();
        for (int slot = object * INDEXES; slot < (object + 1) * INDEXES; slot++) {
            operations.add(histories.get(slot).begin());
        }
        pool.flushObject(ObjectId.of(object));
        for (int i = 0; i < INDEXES; i++) {
            histories.get(object * INDEXES + i).endFlush(operations.get(i));
        }
    }

    private static PageKey key(int slot) {
        return PageKey.of(slot / INDEXES, slot % INDEXES);
    }
}
