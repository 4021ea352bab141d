package io.github.tmem.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tmem.api.GetResult;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PageKind;
import io.github.tmem.api.PageLostException;
import io.github.tmem.api.PagePool;
import io.github.tmem.api.PageStore;
import io.github.tmem.api.PageUnavailableException;
import io.github.tmem.api.PoolClosedException;
import io.github.tmem.api.PutResult;
import io.github.tmem.api.WrongKindException;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.kit.PageKey;
import io.github.tmem.kit.Pages;
import io.github.tmem.kit.Shape;
import io.github.tmem.kit.model.ModelPool;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.SplittableRandom;

/** A pool whose every result is held against its oracle, with buffers of every sort. Belongs to one thread. */
final class OraclePool {
    static final int OBJECTS = 3;
    static final int INDEXES = 24;
    private static final int BATCH = 5;

    private final PageStore store;
    private final PoolConfig config;
    private final SplittableRandom random;
    private final ModelPool model;
    private final Buffers buffers;
    private final MemorySegment batch;
    private PagePool pool;
    private long lastVersion;

    OraclePool(PageStore store, PoolConfig config, SplittableRandom random, Arena arena) {
        this.store = store;
        this.config = config;
        this.random = random;
        model = new ModelPool(config.kind(), config.getMode());
        buffers = new Buffers(config.pageSize(), arena);
        batch = arena.allocate((long) BATCH * config.pageSize());
        pool = store.pool(config);
    }

    ModelPool model() {
        return model;
    }

    PageKind kind() {
        return config.kind();
    }

    private ObjectId anyObject() {
        return object(random.nextInt(OBJECTS));
    }

    private PageKey anyKey() {
        return new PageKey(anyObject(), random.nextInt(INDEXES));
    }

    private static ObjectId object(int number) {
        return ObjectId.of(number, -number, 77);
    }

    private Buffers.Sort anySort() {
        return Buffers.Sort.ALL[random.nextInt(Buffers.Sort.ALL.length)];
    }

    /** Same-filled pages are rarer than the others, since they need no tier. */
    private Shape anyShape() {
        return random.nextInt(10) == 0 ? Shape.SAME_FILLED : Shape.at(random.nextInt(2));
    }

    void put() {
        put(anyKey());
    }

    private void put(PageKey key) {
        long version = ++lastVersion;
        Pages.write(buffers.page(), key, version, anyShape());
        model.put(key, version, buffers.put(pool, key.object(), key.index(), anySort()));
    }

    /** A put with a token that is often outdated by then. */
    void fill() {
        PageKey key = anyKey();
        long token = pool.fillToken(key.object(), key.index());
        int change = random.nextInt(4);
        switch (change) {
            case 0 -> put(key);
            case 1 -> model.flush(key, pool.flush(key.object(), key.index()));
            case 2 -> model.flushObject(key.object(), pool.flushObject(key.object()));
            default -> get(key);
        }
        long version = ++lastVersion;
        Pages.write(buffers.page(), key, version, anyShape());
        PutResult result = pool.put(key.object(), key.index(), MemorySegment.ofArray(buffers.page()), token);
        model.fill(key, version, result, change < 3);
    }

    void get() {
        get(anyKey());
    }

    void getEveryPage() {
        for (int object = 0; object < OBJECTS; object++) {
            for (int index = 0; index < INDEXES; index++) {
                get(new PageKey(object(object), index));
            }
        }
    }

    private void get(PageKey key) {
        Buffers.Sort sort = anySort();
        buffers.clear(sort);
        GetResult result = tryGet(key, sort);
        buffers.fetch(sort);
        model.get(key, result, delivered(key, result));
    }

    private GetResult tryGet(PageKey key, Buffers.Sort sort) {
        try {
            return buffers.get(pool, key.object(), key.index(), sort) ? GetResult.HIT : GetResult.MISS;
        } catch (PageUnavailableException e) {
            return GetResult.UNAVAILABLE;
        } catch (PageLostException e) {
            return GetResult.LOST;
        }
    }

    /** The version a hit delivered; anything else must have left the page as it was. */
    private long delivered(PageKey key, GetResult result) {
        if (result == GetResult.HIT) {
            return Pages.version(key, buffers.page());
        }
        if (!buffers.isUntouched()) {
            throw new AssertionError("the buffer was touched by a get of " + key + " that came to " + result);
        }
        return 0;
    }

    void contains() {
        PageKey key = anyKey();
        model.contains(key, pool.contains(key.object(), key.index()));
    }

    void flush() {
        PageKey key = anyKey();
        model.flush(key, pool.flush(key.object(), key.index()));
    }

    void flushObject() {
        ObjectId object = anyObject();
        model.flushObject(object, pool.flushObject(object));
    }

    void putAll() {
        ObjectId object = anyObject();
        long[] indexes = anyIndexes();
        long first = lastVersion + 1;
        for (int i = 0; i < indexes.length; i++) {
            Pages.write(buffers.page(), new PageKey(object, indexes[i]), ++lastVersion, anyShape());
            place(i).copyFrom(MemorySegment.ofArray(buffers.page()));
        }
        PutResult[] results = pool.putAll(object, indexes, pagesOf(indexes));
        for (int i = 0; i < indexes.length; i++) {
            model.put(new PageKey(object, indexes[i]), first + i, results[i]);
        }
    }

    void getAll() {
        ObjectId object = anyObject();
        long[] indexes = anyIndexes();
        batch.fill((byte) 0x5a);
        GetResult[] results = pool.getAll(object, indexes, pagesOf(indexes));
        for (int i = 0; i < indexes.length; i++) {
            PageKey key = new PageKey(object, indexes[i]);
            MemorySegment.ofArray(buffers.page()).copyFrom(place(i));
            model.get(key, results[i], delivered(key, results[i]));
        }
    }

    private long[] anyIndexes() {
        return random.longs(random.nextInt(BATCH + 1), 0, INDEXES).toArray();
    }

    private MemorySegment pagesOf(long[] indexes) {
        return batch.asSlice(0, (long) indexes.length * config.pageSize());
    }

    private MemorySegment place(int number) {
        return batch.asSlice((long) number * config.pageSize(), config.pageSize());
    }

    void pageCount() {
        model.pageCount(pool.pageCount());
    }

    void stats() {
        model.stats(pool.stats());
    }

    /** Opening a pool that is open leads to the same pool; under another kind it leads nowhere. */
    void openAgain() {
        assertThat(store.pool(config)).isSameAs(pool);
        String name = config.name();
        if (kind() == PageKind.EPHEMERAL) {
            assertThat(store.ephemeral(name))
                    .isSameAs(store.ephemeral(name, config.getMode()))
                    .isSameAs(pool);
            assertThatThrownBy(() -> store.persistent(name)).isInstanceOf(WrongKindException.class);
        } else {
            assertThat(store.persistent(name))
                    .isSameAs(store.persistent(name, config.getMode()))
                    .isSameAs(pool);
            assertThatThrownBy(() -> store.ephemeral(name)).isInstanceOf(WrongKindException.class);
        }
        PoolConfig fresh = kind() == PageKind.EPHEMERAL ? PoolConfig.ephemeral(name) : PoolConfig.persistent(name);
        PoolConfig same = fresh.withGetMode(pool.getMode())
                .withPageSize(pool.pageSize())
                .withChain(config.chain())
                .withWeight(config.weight());
        assertThat(config.quota() == null ? same : same.withQuota(config.quota()))
                .isEqualTo(config);
    }

    /** A buffer of the wrong size is the caller's mistake, and changes nothing. */
    void useWrongBuffer() {
        PageKey key = anyKey();
        byte[] wrong = Arrays.copyOf(buffers.page(), config.pageSize() - 1);
        assertThatThrownBy(() -> pool.put(key.object(), key.index(), wrong))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> pool.get(key.object(), key.index(), wrong))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** Destroys the pool, asks the dead one for a page, and opens a new one under its name. */
    void reopen() {
        stats();
        PagePool dead = pool;
        dead.close();
        dead.close();
        PageKey key = anyKey();
        assertThat(dead.isClosed()).isTrue();
        assertThatThrownBy(() -> dead.get(key.object(), key.index(), buffers.page()))
                .isInstanceOf(PoolClosedException.class);
        assertThatThrownBy(() -> dead.put(key.object(), key.index(), buffers.page()))
                .isInstanceOf(PoolClosedException.class);
        assertThatThrownBy(() -> dead.flush(key.object(), key.index())).isInstanceOf(PoolClosedException.class);
        pool = store.pool(config);
        assertThat(pool.isClosed()).isFalse();
        model.reopened();
        pageCount();
    }

    void close() {
        pool.close();
    }
}
