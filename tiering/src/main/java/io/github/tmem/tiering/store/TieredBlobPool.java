package io.github.tmem.tiering.store;

import io.github.tmem.api.BlobPool;
import io.github.tmem.api.GetMode;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PageKey;
import io.github.tmem.api.PageKind;
import io.github.tmem.api.PageLostException;
import io.github.tmem.api.PageUnavailableException;
import io.github.tmem.api.PoolClosedException;
import io.github.tmem.api.PutResult;
import io.github.tmem.api.config.ConfigException;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.api.stats.PoolStats;
import io.github.tmem.tiering.chain.Blobs;
import io.github.tmem.tiering.chain.Chain;
import io.github.tmem.tiering.chain.Lifecycle;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** A pool of values: checks the caller's arguments (nothing is changed by a wrong one), then asks the chain. Thread-safe. */
final class TieredBlobPool implements BlobPool {
    private final PoolConfig config;
    private final Chain chain;
    private final Blobs blobs;
    private final Blobs.Ledgers ledgers;
    private final Lifecycle lifecycle;
    private final TieredStore store;
    private final Buffers buffers;
    private volatile boolean closed;

    /**
     * A new pool.
     *
     * @param config {@link #checked} settings
     * @param seed what its key hashes start from
     */
    TieredBlobPool(PoolConfig config, Chain chain, long seed, TieredStore store) {
        this.config = config;
        this.chain = chain;
        this.blobs = chain.blobs();
        this.ledgers = blobs.open(config, seed);
        this.lifecycle = store.lifecycle();
        this.store = store;
        this.buffers = new Buffers(config);
    }

    /**
     * The settings of a pool of values.
     *
     * @throws ConfigException if they are for something else
     */
    static PoolConfig checked(PoolConfig settings) {
        PoolConfig fresh = PoolConfig.ephemeral(settings.name())
                .withGetMode(GetMode.INCLUSIVE)
                .withChain(settings.chain());
        PoolConfig ours = settings.quota() == null ? fresh : fresh.withQuota(settings.quota());
        if (settings.kind() == PageKind.EPHEMERAL) {
            ours = ours.withWeight(settings.weight());
        }
        if (!settings.withGetMode(GetMode.INCLUSIVE).equals(ours)) {
            throw new ConfigException("pool " + settings.name() + " is " + OpenPool.describe(settings)
                    + "; of a pool of values only chain, weight and quota may be set");
        }
        return ours;
    }

    static String describe(PoolConfig config) {
        return "values, chain " + config.chain() + ", weight " + config.weight()
                + (config.quota() == null ? "" : ", quota " + config.quota());
    }

    PoolConfig config() {
        return config;
    }

    @Override
    public String name() {
        return config.name();
    }

    @Override
    public PutResult put(ObjectId object, long index, MemorySegment value, PageKind kind) {
        Objects.requireNonNull(object, "object");
        boolean persistent = Objects.requireNonNull(kind, "kind") == PageKind.PERSISTENT;
        buffers.checkLength(value.byteSize(), LENGTH_MAX);
        buffers.checkAccess(value);
        int ticket = enter();
        try {
            return blobs.put(persistent ? ledgers.persistent() : ledgers.ephemeral(), object, index, value);
        } finally {
            lifecycle.leave(ticket);
        }
    }

    @Override
    public int length(ObjectId object, long index) {
        Objects.requireNonNull(object, "object");
        int ticket = enter();
        try {
            return blobs.length(ledgers, object, index);
        } finally {
            lifecycle.leave(ticket);
        }
    }

    @Override
    public int get(ObjectId object, long index, MemorySegment destination) {
        Objects.requireNonNull(object, "object");
        buffers.checkWritable(destination);
        int ticket = enter();
        try {
            return checkedLength(blobs.get(ledgers, object, index, destination), object, index);
        } finally {
            lifecycle.leave(ticket);
        }
    }

    @Override
    public int take(ObjectId object, long index, MemorySegment destination) {
        Objects.requireNonNull(object, "object");
        buffers.checkWritable(destination);
        int ticket = enter();
        try {
            return checkedLength(blobs.take(ledgers, object, index, destination), object, index);
        } finally {
            lifecycle.leave(ticket);
        }
    }

    private int checkedLength(int answer, ObjectId object, long index) {
        return switch (answer) {
            case Blobs.UNAVAILABLE ->
                throw new PageUnavailableException(valueName(object, index) + " cannot be reached now");
            case Blobs.LOST -> throw new PageLostException(valueName(object, index) + " is lost");
            default -> answer;
        };
    }

    private String valueName(ObjectId object, long index) {
        return "pool " + config.name() + ", object " + object + ", value " + Long.toUnsignedString(index);
    }

    @Override
    public boolean flush(ObjectId object, long index) {
        Objects.requireNonNull(object, "object");
        int ticket = enter();
        try {
            return blobs.flush(ledgers, object, index);
        } finally {
            lifecycle.leave(ticket);
        }
    }

    @Override
    public long flushAll() {
        int ticket = enter();
        try {
            return blobs.flushAll(ledgers);
        } finally {
            lifecycle.leave(ticket);
        }
    }

    @Override
    public long count() {
        lifecycle.leave(enter());
        return ledgers.ephemeral().pages();
    }

    @Override
    public Scan scan(long cursor, int most) {
        buffers.checkCount(most);
        List<PageKey> keys = new ArrayList<>();
        int ticket = enter();
        try {
            long next = blobs.scan(ledgers, cursor, most, keys);
            return new Scan(keys, next);
        } finally {
            lifecycle.leave(ticket);
        }
    }

    /** The counts of both kinds. */
    PoolStats stats() {
        return chain.poolStats(ledgers.ephemeral());
    }

    @Override
    public boolean isClosed() {
        return closed;
    }

    @Override
    public void close() {
        store.leave(this);
    }

    /** Closes the pool to callers; false if that has been done. The caller has the lock of the store's pools. */
    boolean markClosed() {
        boolean wasOpen = !closed;
        closed = true;
        return wasOpen;
    }

    /** Forgets every value; once. */
    void destroy() {
        blobs.close(ledgers);
    }

    private int enter() {
        int ticket = lifecycle.enter();
        if (ticket == Lifecycle.CLOSED) {
            throw poolClosed();
        }
        if (closed) {
            lifecycle.leave(ticket);
            throw poolClosed();
        }
        return ticket;
    }

    private PoolClosedException poolClosed() {
        return new PoolClosedException("pool " + config.name() + " is closed");
    }
}
