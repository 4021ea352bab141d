package io.github.tmem.tiering.store;

import io.github.tmem.api.AsyncPool;
import io.github.tmem.api.GetMode;
import io.github.tmem.api.GetResult;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PageKey;
import io.github.tmem.api.PageLoader;
import io.github.tmem.api.PageLostException;
import io.github.tmem.api.PageUnavailableException;
import io.github.tmem.api.PoolClosedException;
import io.github.tmem.api.PutResult;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.api.live.PoolTransfer;
import io.github.tmem.api.spi.PageFills;
import io.github.tmem.api.stats.PoolStats;
import io.github.tmem.tiering.chain.Chain;
import io.github.tmem.tiering.chain.Lifecycle;
import io.github.tmem.tiering.codec.CallerPage;
import io.github.tmem.tiering.directory.PageScan;
import io.github.tmem.tiering.directory.PoolLedger;
import io.github.tmem.tiering.transfer.PoolHandle;
import io.github.tmem.tiering.transfer.TieredTransfer;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * What pools of both kinds do: check the caller's arguments (nothing is changed by a wrong one), then ask the chain.
 * Thread-safe.
 */
abstract class TieredPool implements PageFills.Pages, PoolHandle {
    /** In the place of a sharer's number: nobody asks who touched an object last. */
    static final int UNNOTICED = 0;

    private final OpenPool pool;
    private final PoolLedger ledger;
    private final Chain chain;
    private final PoolConfig config;
    private final Lifecycle lifecycle;
    private final TieredStore store;
    private final TieredTransfer transfer;
    private final PageFills fills;
    private final int sharer;
    private final Buffers buffers;
    private volatile boolean closed;

    /**
     * A handle.
     *
     * @param config the settings of its owner, which are the pool's but for the name
     * @param sharer the number of its owner among those of the pool, or {@link #UNNOTICED}
     */
    TieredPool(OpenPool pool, PoolConfig config, int sharer, TieredStore store) {
        this.pool = pool;
        this.ledger = pool.ledger();
        this.fills = pool.fills();
        this.sharer = sharer;
        this.store = store;
        this.chain = store.chainOf(config.chain());
        this.config = config;
        this.buffers = new Buffers(config);
        this.lifecycle = store.lifecycle();
        this.transfer = new TieredTransfer(this, ledger, chain, pool.restoration());
    }

    OpenPool pool() {
        return pool;
    }

    public String name() {
        return config.name();
    }

    public int pageSize() {
        return config.pageSize();
    }

    public void close() {
        store.leave(this);
    }

    public GetMode getMode() {
        return config.getMode();
    }

    public PutResult put(ObjectId object, long index, MemorySegment page) {
        Objects.requireNonNull(object, "object");
        buffers.checkSize(page.byteSize(), config.pageSize());
        buffers.checkAccess(page);
        int ticket = enter();
        try {
            return noted(chain.put(ledger, object, index, page), object);
        } finally {
            lifecycle.leave(ticket);
        }
    }

    /** Arrays have a way of their own, so that nothing is allocated for them. */
    public PutResult put(ObjectId object, long index, byte[] page) {
        Objects.requireNonNull(object, "object");
        buffers.checkSize(page.length, config.pageSize());
        int ticket = enter();
        try {
            return noted(chain.put(ledger, object, index, page), object);
        } finally {
            lifecycle.leave(ticket);
        }
    }

    @Override
    public long fillToken(ObjectId object, long index) {
        Objects.requireNonNull(object, "object");
        int ticket = enter();
        try {
            return chain.fillToken(ledger, object, index);
        } finally {
            lifecycle.leave(ticket);
        }
    }

    @Override
    public PutResult put(ObjectId object, long index, MemorySegment page, long token) {
        Objects.requireNonNull(object, "object");
        buffers.checkSize(page.byteSize(), config.pageSize());
        buffers.checkAccess(page);
        int ticket = enter();
        try {
            return noted(chain.fill(ledger, object, index, page, token), object);
        } finally {
            lifecycle.leave(ticket);
        }
    }

    @Override
    public boolean get(ObjectId object, long index, MemorySegment destination) {
        Objects.requireNonNull(object, "object");
        buffers.checkDestination(destination, config.pageSize());
        int ticket = enter();
        try {
            return isHit(noted(chain.get(ledger, object, index, destination), object), object, index);
        } finally {
            lifecycle.leave(ticket);
        }
    }

    public boolean get(ObjectId object, long index, byte[] destination) {
        Objects.requireNonNull(object, "object");
        buffers.checkSize(destination.length, config.pageSize());
        int ticket = enter();
        try {
            return isHit(noted(chain.get(ledger, object, index, destination), object), object, index);
        } finally {
            lifecycle.leave(ticket);
        }
    }

    public <E extends Exception> boolean getOrFill(
            ObjectId object, long index, MemorySegment destination, PageLoader<E> loader) throws E {
        Objects.requireNonNull(loader, "loader");
        return fills.getOrFill(this, object, index, destination, loader);
    }

    public AsyncPool async() {
        return new TieredAsyncPool(this, store.inFlight());
    }

    public PoolTransfer transfer() {
        return transfer;
    }

    boolean isHit(GetResult result, ObjectId object, long index) {
        return switch (result) {
            case HIT -> true;
            case MISS -> false;
            case UNAVAILABLE -> throw new PageUnavailableException(pageName(object, index) + " cannot be reached now");
            case LOST -> throw new PageLostException(pageName(object, index) + " is lost");
        };
    }

    public PutResult[] putAll(ObjectId object, long[] indexes, MemorySegment pages) {
        checkPages(object, pages, indexes.length);
        if (indexes.length > 1 && hasSlowTier()) {
            return TieredAsyncPool.join(async().putAllAsync(object, indexes, pages));
        }
        PutResult[] results = new PutResult[indexes.length];
        for (int i = 0; i < indexes.length; i++) {
            results[i] = put(object, indexes[i], page(pages, i));
        }
        return results;
    }

    public GetResult[] getAll(ObjectId object, long[] indexes, MemorySegment destination) {
        Objects.requireNonNull(object, "object");
        buffers.checkDestination(destination, bytesOf(indexes.length));
        if (indexes.length > 1 && hasSlowTier() && CallerPage.isOpenToAll(destination)) {
            return TieredAsyncPool.join(async().getAllAsync(object, indexes, destination));
        }
        GetResult[] results = new GetResult[indexes.length];
        for (int i = 0; i < indexes.length; i++) {
            int ticket = enter();
            try {
                results[i] = noted(chain.get(ledger, object, indexes[i], page(destination, i)), object);
            } finally {
                lifecycle.leave(ticket);
            }
        }
        return results;
    }

    @Override
    public boolean contains(ObjectId object, long index) {
        Objects.requireNonNull(object, "object");
        int ticket = enter();
        try {
            return chain.contains(ledger, object, index);
        } finally {
            lifecycle.leave(ticket);
        }
    }

    public boolean flush(ObjectId object, long index) {
        Objects.requireNonNull(object, "object");
        int ticket = enter();
        try {
            return chain.flush(ledger, object, index);
        } finally {
            lifecycle.leave(ticket);
        }
    }

    public long flushObject(ObjectId object) {
        Objects.requireNonNull(object, "object");
        int ticket = enter();
        try {
            return chain.flushObject(ledger, object);
        } finally {
            lifecycle.leave(ticket);
        }
    }

    public long pageCount() {
        checkOpen();
        return ledger.pages();
    }

    public PoolStats stats() {
        checkOpen();
        return chain.poolStats(ledger);
    }

    public boolean isClosed() {
        return closed;
    }

    /** Closes this handle; false if that has been done. The caller has the lock of the store's pools. */
    boolean markClosed() {
        boolean wasOpen = !closed;
        closed = true;
        return wasOpen;
    }

    /** Takes along what its owner touched last, while the pool lives on. */
    void takeLeave() {
        transfer.close();
        if (sharer != UNNOTICED) {
            chain.leave(ledger, sharer);
        }
    }

    private PutResult noted(PutResult result, ObjectId object) {
        if (sharer != UNNOTICED && result.stored()) {
            chain.touch(ledger, object, sharer);
        }
        return result;
    }

    private GetResult noted(GetResult result, ObjectId object) {
        if (sharer != UNNOTICED && result == GetResult.HIT) {
            chain.touch(ledger, object, sharer);
        }
        return result;
    }

    /** Whether a put may have to wait for a slow tier. */
    boolean hasSlowTier() {
        return chain.hasSlowTier();
    }

    /** Whether a get of this page seems to have to wait for a slow tier. */
    boolean isFar(ObjectId object, long index) {
        return chain.isFar(ledger, object, index);
    }

    @Override
    public PutResult putEntered(ObjectId object, long index, byte[] page) {
        return noted(chain.put(ledger, object, index, page), object);
    }

    /** A put by an operation that has {@linkplain #enter entered}. */
    PutResult putEntered(ObjectId object, long index, MemorySegment page) {
        return noted(chain.put(ledger, object, index, page), object);
    }

    /** A get by an operation that has {@linkplain #enter entered}. */
    GetResult getEntered(ObjectId object, long index, MemorySegment destination) {
        return noted(chain.get(ledger, object, index, destination), object);
    }

    /** A get that removes the page, by an operation that has {@linkplain #enter entered}. */
    GetResult takeEntered(PageKey key, MemorySegment destination) {
        return chain.take(ledger, key.object(), key.index(), destination);
    }

    /** What walks through the pages of the pool. */
    PageScan scan() {
        return chain.scan(ledger);
    }

    @Override
    public int enter() {
        int ticket = lifecycle.enter();
        if (ticket == Lifecycle.CLOSED) {
            throw closed();
        }
        if (closed) {
            lifecycle.leave(ticket);
            throw closed();
        }
        return ticket;
    }

    @Override
    public void leave(int ticket) {
        lifecycle.leave(ticket);
    }

    @Override
    public void settle() {
        lifecycle.settle();
    }

    private void checkOpen() {
        if (closed) {
            throw closed();
        }
    }

    private PoolClosedException closed() {
        return new PoolClosedException("pool " + config.name() + " is closed");
    }

    Buffers buffers() {
        return buffers;
    }

    MemorySegment page(MemorySegment pages, int number) {
        return pages.asSlice((long) number * config.pageSize(), config.pageSize());
    }

    private long bytesOf(int pages) {
        return (long) pages * config.pageSize();
    }

    void checkPages(ObjectId object, MemorySegment pages, int count) {
        Objects.requireNonNull(object, "object");
        buffers.checkSize(pages.byteSize(), bytesOf(count));
        buffers.checkAccess(pages);
    }

    /** A destination that other threads are to write to. */
    void checkSharedDestination(ObjectId object, MemorySegment destination, int count) {
        Objects.requireNonNull(object, "object");
        buffers.checkDestination(destination, bytesOf(count));
        buffers.checkOpenToAll(destination);
    }

    private String pageName(ObjectId object, long index) {
        return "pool " + config.name() + ", object " + object + ", page " + Long.toUnsignedString(index);
    }
}
