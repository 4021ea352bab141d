package io.github.tmem.remote.store;

import io.github.tmem.api.BlobPool;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PageKind;
import io.github.tmem.api.PutResult;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.remote.store.Tickets.Name;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;
import java.util.function.IntSupplier;

/** A node's pool of values, which is this program's own. Thread-safe. */
final class NodeBlobPool extends NodeHandle implements BlobPool {
    private final PoolConfig config;
    private final BlobRequests requests;

    NodeBlobPool(NodeStore store, Membership membership, long number, PoolConfig config) {
        super(store, membership, number, config.name());
        this.config = config;
        requests = new BlobRequests(number);
    }

    PoolConfig config() {
        return config;
    }

    private Name key(ObjectId object, long index) {
        return new Name(number(), object, index);
    }

    private IllegalArgumentException wrong(String what) {
        return new IllegalArgumentException("pool " + name() + ": " + what);
    }

    private void checkAccess(MemorySegment memory) {
        if (!memory.scope().isAlive() || !memory.isAccessibleBy(Thread.currentThread())) {
            throw wrong("the buffer's arena is closed or belongs to another thread");
        }
    }

    private void checkDestination(MemorySegment destination) {
        checkAccess(destination);
        if (destination.isReadOnly()) {
            throw wrong("the destination is read-only");
        }
    }

    @Override
    public PutResult put(ObjectId object, long index, MemorySegment value, PageKind kind) {
        Objects.requireNonNull(object, "object");
        Objects.requireNonNull(kind, "kind");
        if (value.byteSize() > LENGTH_MAX) {
            throw wrong("a value of " + value.byteSize() + " bytes; allowed: 0 to " + LENGTH_MAX);
        }
        checkAccess(value);
        byte[] copy = value.toArray(ValueLayout.JAVA_BYTE);
        long before = tickets().now();
        PutResult result = ask(requests.put(object, index, copy, kind), copy.length);
        tickets().changed(key(object, index), before);
        return result;
    }

    @Override
    public int length(ObjectId object, long index) {
        Objects.requireNonNull(object, "object");
        return certain(key(object, index), () -> ask(requests.length(object, index), 1));
    }

    @Override
    public int get(ObjectId object, long index, MemorySegment destination) {
        Objects.requireNonNull(object, "object");
        checkDestination(destination);
        return certain(
                key(object, index),
                () -> ask(requests.get(object, index, destination), BlobRequests.room(destination)));
    }

    /** A value that a take has taken that was given up is not missed: the node has it, and it comes back. */
    private int certain(Tickets.Name name, IntSupplier request) {
        boolean doubtful = tickets().isDoubtful(name);
        int length = request.getAsInt();
        if (length == Takes.NONE && (doubtful || tickets().isDoubtful(name))) {
            throw new NoAnswer(
                    "pool " + name() + ": the value was taken by a take that had no answer; it can be taken again,"
                            + " or is back when the node has heard of that");
        }
        return length;
    }

    @Override
    public int take(ObjectId object, long index, MemorySegment destination) {
        Objects.requireNonNull(object, "object");
        checkDestination(destination);
        return takes().take(
                        key(object, index),
                        BlobRequests.room(destination),
                        ticket -> requests.take(object, index, ticket, destination));
    }

    @Override
    public boolean flush(ObjectId object, long index) {
        Objects.requireNonNull(object, "object");
        long before = tickets().now();
        boolean there = ask(requests.flush(object, index), 1);
        tickets().changed(key(object, index), before);
        return there;
    }

    @Override
    public long flushAll() {
        long before = tickets().now();
        long values = ask(requests.flushAll(), 1);
        tickets().changed(number(), before);
        return values;
    }

    @Override
    public long count() {
        return ask(requests.count(), 1);
    }

    @Override
    public Scan scan(long cursor, int most) {
        if (most < 1) {
            throw wrong("a scan of " + most + " keys; allowed: 1 or more");
        }
        return ask(requests.scan(cursor, most), 1);
    }
}
