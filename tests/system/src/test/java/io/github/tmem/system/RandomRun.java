package io.github.tmem.system;

import io.github.tmem.api.GetResult;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PageLostException;
import io.github.tmem.api.PagePool;
import io.github.tmem.api.PageStore;
import io.github.tmem.api.PageUnavailableException;
import io.github.tmem.api.PutResult;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.kit.PageKey;
import io.github.tmem.kit.Pages;
import io.github.tmem.kit.Shape;
import io.github.tmem.kit.StatsLaws;
import io.github.tmem.kit.StoreExtension;
import io.github.tmem.kit.contract.PoolSort;
import io.github.tmem.kit.model.ModelPool;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Random operations on a few keys of eight pools of one store, each result held against the oracle. One thread. */
final class RandomRun {

    private static final int OBJECTS = 3;
    private static final int INDEXES = 24;
    private static final int BATCH = 5;
    private static final int[] PAGE_SIZES = {4096, 512, 16384, 65536, 4096, 1024, 8192, 32768};

    private final PageStore store;
    private final SplittableRandom random;
    private final List<Target> targets = new ArrayList<>();
    private long lastVersion;

    /** What can happen, and how often of a thousand times. */
    private enum Operation {
        PUT(380),
        GET(400),
        CONTAINS(50),
        FLUSH(60),
        PUT_ALL(40),
        GET_ALL(40),
        FLUSH_OBJECT(8),
        COUNT(20),
        REOPEN(2);

        private final int perMille;

        Operation(int perMille) {
            this.perMille = perMille;
        }

        static Operation draw(SplittableRandom random) {
            int left = random.nextInt(1000);
            for (Operation operation : values()) {
                left -= operation.perMille;
                if (left < 0) {
                    return operation;
                }
            }
            throw new AssertionError("the shares do not add up to a thousand");
        }
    }

    /** A pool and its oracle. */
    private static final class Target {
        private final PoolConfig config;
        private final ModelPool model;
        private final byte[] page;
        private PagePool pool;

        Target(PageStore store, PoolConfig config) {
            this.config = config;
            model = new ModelPool(config.kind(), config.getMode());
            page = new byte[config.pageSize()];
            pool = store.pool(config);
        }
    }

    RandomRun(PageStore store, long seed) {
        this.store = store;
        random = new SplittableRandom(seed);
        for (int i = 0; i < PAGE_SIZES.length; i++) {
            PoolSort sort = PoolSort.values()[i % PoolSort.values().length];
            targets.add(new Target(store, sort.pool("pool-" + i).withPageSize(PAGE_SIZES[i])));
        }
    }

    void expectFaults() {
        targets.forEach(target -> target.model.expectFaults());
    }

    void step() {
        Target target = targets.get(random.nextInt(targets.size()));
        switch (Operation.draw(random)) {
            case PUT -> put(target, key());
            case GET -> get(target, key());
            case CONTAINS -> contains(target, key());
            case FLUSH -> flush(target, key());
            case PUT_ALL -> putAll(target);
            case GET_ALL -> getAll(target);
            case FLUSH_OBJECT -> flushObject(target);
            case COUNT -> target.model.pageCount(target.pool.pageCount());
            case REOPEN -> reopen(target);
        }
    }

    /** Gets every page, compares the counters, and closes the pools. */
    void end() {
        for (Target target : targets) {
            for (int object = 0; object < OBJECTS; object++) {
                for (int index = 0; index < INDEXES; index++) {
                    get(target, new PageKey(object(object), index));
                }
            }
            target.model.stats(target.pool.stats());
            StatsLaws.check(target.pool.stats());
        }
        StoreExtension.verify(store);
        targets.forEach(target -> target.pool.close());
    }

    private PageKey key() {
        return new PageKey(object(random.nextInt(OBJECTS)), random.nextInt(INDEXES));
    }

    private static ObjectId object(int number) {
        return ObjectId.of(number, -number, 77);
    }

    private void put(Target target, PageKey key) {
        long version = ++lastVersion;
        Pages.write(target.page, key, version, shape());
        PutResult result = target.pool.put(key.object(), key.index(), target.page);
        target.model.put(key, version, result);
    }

    /** Same-filled pages are rarer than the others, since they need no tier. */
    private Shape shape() {
        return random.nextInt(10) == 0
                ? Shape.SAME_FILLED
                : random.nextBoolean() ? Shape.COMPRESSIBLE : Shape.INCOMPRESSIBLE;
    }

    private void get(Target target, PageKey key) {
        Arrays.fill(target.page, (byte) 0x5a);
        GetResult result = tryGet(target, key);
        target.model.get(key, result, version(key, result, target.page));
    }

    private static GetResult tryGet(Target target, PageKey key) {
        try {
            return target.pool.get(key.object(), key.index(), target.page) ? GetResult.HIT : GetResult.MISS;
        } catch (PageUnavailableException e) {
            return GetResult.UNAVAILABLE;
        } catch (PageLostException e) {
            return GetResult.LOST;
        }
    }

    /** The version a hit delivered; anything else must have left the page as it was. */
    private static long version(PageKey key, GetResult result, byte[] page) {
        if (result == GetResult.HIT) {
            return Pages.version(key, page);
        }
        for (byte b : page) {
            if (b != 0x5a) {
                throw new AssertionError("the buffer was touched by a get of " + key + " that came to " + result);
            }
        }
        return 0;
    }

    private static void contains(Target target, PageKey key) {
        target.model.contains(key, target.pool.contains(key.object(), key.index()));
    }

    private static void flush(Target target, PageKey key) {
        target.model.flush(key, target.pool.flush(key.object(), key.index()));
    }

    private void flushObject(Target target) {
        ObjectId object = object(random.nextInt(OBJECTS));
        target.model.flushObject(object, target.pool.flushObject(object));
    }

    private void putAll(Target target) {
        ObjectId object = object(random.nextInt(OBJECTS));
        long[] indexes = random.longs(BATCH, 0, INDEXES).toArray();
        byte[] pages = new byte[BATCH * target.page.length];
        long first = lastVersion + 1;
        for (int i = 0; i < BATCH; i++) {
            Pages.write(target.page, new PageKey(object, indexes[i]), ++lastVersion, shape());
            System.arraycopy(target.page, 0, pages, i * target.page.length, target.page.length);
        }
        PutResult[] results = target.pool.putAll(object, indexes, MemorySegment.ofArray(pages));
        for (int i = 0; i < BATCH; i++) {
            target.model.put(new PageKey(object, indexes[i]), first + i, results[i]);
        }
    }

    private void getAll(Target target) {
        ObjectId object = object(random.nextInt(OBJECTS));
        long[] indexes = random.longs(BATCH, 0, INDEXES).toArray();
        int size = target.page.length;
        byte[] pages = new byte[BATCH * size];
        Arrays.fill(pages, (byte) 0x5a);
        GetResult[] results = target.pool.getAll(object, indexes, MemorySegment.ofArray(pages));
        for (int i = 0; i < BATCH; i++) {
            PageKey key = new PageKey(object, indexes[i]);
            byte[] page = Arrays.copyOfRange(pages, i * size, (i + 1) * size);
            target.model.get(key, results[i], version(key, results[i], page));
        }
    }

    private void reopen(Target target) {
        target.model.stats(target.pool.stats());
        target.pool.close();
        target.pool = store.pool(target.config);
        target.model.reopened();
    }
}
