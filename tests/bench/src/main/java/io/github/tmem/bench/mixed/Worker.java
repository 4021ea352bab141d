package io.github.tmem.bench.mixed;

import io.github.tmem.api.EphemeralPool;
import io.github.tmem.api.ObjectId;
import io.github.tmem.bench.peer.BareLz4;
import io.github.tmem.bench.work.Keys;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One of the threads: it puts and flushes the slots of its own objects, and gets those of all. Every get that hits is held
 * against the oracle.
 */
final class Worker implements AutoCloseable {
    /** How often each step is taken in 100,000; the rest are gets. */
    private static final int DICE = 100_000;

    private static final int PUTS_NEW = 15_000;
    private static final int PUTS_OVER = PUTS_NEW + 10_000;
    private static final int FLUSHES = PUTS_OVER + 5_000;
    private static final int ABSENT_GETS = FLUSHES + 15_000;
    private static final int COMPRESSIONS = ABSENT_GETS + 7_500;
    private static final int DECOMPRESSIONS = COMPRESSIONS + 7_500;
    private static final int OBJECT_FLUSHES = DECOMPRESSIONS + 5;

    private final EphemeralPool pool;
    private final Ground ground;
    private final Generations generations;
    private final int number;
    private final SplittableRandom random;
    private final Keys objects = new Keys(Keys.OBJECTS);
    private final Latencies latencies = new Latencies();
    private final AtomicLong steps = new AtomicLong();
    private final BareLz4 lz4 = new BareLz4();
    private final byte[] page;

    /** The worker with this number, which owns the objects whose number is that, modulo the number of workers. */
    Worker(EphemeralPool pool, Ground ground, int number) {
        this.pool = pool;
        this.ground = ground;
        this.generations = ground.generations();
        this.number = number;
        random = new SplittableRandom(number);
        page = new byte[pool.pageSize()];
    }

    Latencies latencies() {
        return latencies;
    }

    /** How many steps were taken so far. Any thread may ask. */
    long steps() {
        return steps.get();
    }

    /** Takes one step. */
    void step() {
        int dice = random.nextInt(DICE);
        if (dice < PUTS_NEW) {
            putNew(ownSlot());
        } else if (dice < PUTS_OVER) {
            putOver(ownSlot());
        } else if (dice < FLUSHES) {
            flush(ownSlot());
        } else if (dice < ABSENT_GETS) {
            getAbsent(anySlot());
        } else if (dice < COMPRESSIONS) {
            compress();
        } else if (dice < DECOMPRESSIONS) {
            decompress();
        } else if (dice < OBJECT_FLUSHES) {
            flushObject(ownSlot());
        } else {
            get(anySlot());
        }
        steps.lazySet(steps.getPlain() + 1);
    }

    private int anySlot() {
        return random.nextInt(generations.slots());
    }

    private int ownSlot() {
        int slot = anySlot();
        return slot - slot % Ground.WORKERS + number;
    }

    private boolean isOwn(int slot) {
        return slot % Ground.WORKERS == number;
    }

    private ObjectId object(int slot) {
        return objects.object(slot % Keys.OBJECTS);
    }

    private void timed(Operation operation, long start) {
        latencies.record(operation, System.nanoTime() - start);
    }

    /** Puts a page of an own slot under a new index. */
    void putNew(int slot) {
        put(Operation.PUT_NEW, slot, generations.beginNew(slot));
    }

    private void putOver(int slot) {
        Operation operation = generations.mayBeThere(slot) ? Operation.PUT_OVER : Operation.PUT_NEW;
        put(operation, slot, generations.beginOver(slot));
    }

    private void put(Operation operation, int slot, long generation) {
        ground.pages().fill(page, slot, generation);
        long index = ground.index(slot);
        long start = System.nanoTime();
        boolean stored = pool.put(object(slot), index, page).stored();
        timed(operation, start);
        if (stored) {
            generations.stored(slot, generation);
        } else {
            generations.gone(slot);
        }
    }

    /** Gets the page of any slot, and checks it. */
    void get(int slot) {
        long least = generations.least(slot);
        long index = ground.index(slot);
        long start = System.nanoTime();
        boolean hit = pool.get(object(slot), index, page);
        timed(hit ? Operation.GET_HIT : Operation.GET_MISS, start);
        if (hit) {
            ground.check(page, slot, least);
        } else if (isOwn(slot)) {
            generations.gone(slot);
        }
    }

    private void getAbsent(int slot) {
        long start = System.nanoTime();
        boolean hit = pool.get(object(slot), ~ground.index(slot), page);
        timed(hit ? Operation.GET_HIT : Operation.GET_MISS, start);
        if (hit) {
            ground.wrong().add("slot " + slot + ": a page came back from an index that never had one");
        }
    }

    private void flush(int slot) {
        long index = ground.index(slot);
        long start = System.nanoTime();
        pool.flush(object(slot), index);
        timed(Operation.FLUSH, start);
        generations.gone(slot);
    }

    /** Flushes the object of an own slot. */
    void flushObject(int slot) {
        long start = System.nanoTime();
        pool.flushObject(object(slot));
        timed(Operation.FLUSH_OBJECT, start);
        for (int other = slot % Keys.OBJECTS; other < generations.slots(); other += Keys.OBJECTS) {
            generations.gone(other);
        }
    }

    private void compress() {
        byte[] plain = ground.anyPlain(random);
        long start = System.nanoTime();
        lz4.compressAway(plain);
        timed(Operation.LZ4_COMPRESS, start);
    }

    private void decompress() {
        byte[] encoded = ground.anyEncoded(random);
        long start = System.nanoTime();
        lz4.decompress(encoded, 0, encoded.length, page);
        timed(Operation.LZ4_DECOMPRESS, start);
    }

    @Override
    public void close() {
        lz4.close();
    }
}
