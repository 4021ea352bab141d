package io.github.tmem.remote.store;

import io.github.tmem.api.AsyncPool;
import io.github.tmem.api.GetMode;
import io.github.tmem.api.GetResult;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PageKind;
import io.github.tmem.api.PageLoader;
import io.github.tmem.api.PageLostException;
import io.github.tmem.api.PageUnavailableException;
import io.github.tmem.api.PoolClosedException;
import io.github.tmem.api.PutResult;
import io.github.tmem.api.Refusal;
import io.github.tmem.api.WriteMode;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.api.live.PoolTransfer;
import io.github.tmem.api.spi.PageFills;
import io.github.tmem.api.stats.PoolStats;
import io.github.tmem.remote.store.Tickets.Name;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What pools of both kinds do: check the caller's arguments, ask the node, read its answer. Thread-safe. */
abstract class NodePool implements PageFills.Pages {
    private final NodeStore store;
    private final Link link;
    private final Membership membership;
    private final long number;
    private final PoolConfig config;
    private final Buffers buffers;
    private final Requests requests;
    private final PageFills fills = new PageFills();
    private volatile boolean closed;

    /** The pool that the node has under this number. */
    NodePool(NodeStore store, Membership membership, long number, PoolConfig config) {
        this.store = store;
        this.link = store.link();
        this.membership = membership;
        this.number = number;
        this.config = config;
        buffers = new Buffers(config);
        requests = new Requests(number, config);
    }

    PoolConfig config() {
        return config;
    }

    Buffers buffers() {
        return buffers;
    }

    Requests requests() {
        return requests;
    }

    long timeoutNanos() {
        return link.timeoutNanos();
    }

    public String name() {
        return config.name();
    }

    public GetMode getMode() {
        return config.getMode();
    }

    public int pageSize() {
        return config.pageSize();
    }

    /** Whether a page must not be lost with the answer that brings it. */
    boolean handsOver() {
        return config.kind() == PageKind.PERSISTENT
                && config.getMode() == GetMode.EXCLUSIVE
                && config.write() == WriteMode.BACK;
    }

    public PutResult put(ObjectId object, long index, MemorySegment page) {
        return ask(putCall(object, index, page));
    }

    public PutResult put(ObjectId object, long index, byte[] page) {
        return put(object, index, MemorySegment.ofArray(page));
    }

    /** A put of a copy of the page. */
    Call<PutResult> putCall(ObjectId object, long index, MemorySegment page) {
        Objects.requireNonNull(object, "object");
        buffers.checkPages(page, 1);
        return putCall(object, index, page, null);
    }

    private Call<PutResult> putCall(ObjectId object, long index, MemorySegment page, @Nullable Long token) {
        Call<PutResult> put = requests.put(object, index, page.toArray(ValueLayout.JAVA_BYTE), token);
        if (!handsOver()) {
            return put;
        }
        long before = membership.tickets().now();
        return put.whenRead(result -> {
            if (result.refusal() != Refusal.OUTDATED) {
                membership.tickets().changed(new Name(number, object, index), before);
            }
        });
    }

    @Override
    public long fillToken(ObjectId object, long index) {
        Objects.requireNonNull(object, "object");
        return ask(requests.token(object, index));
    }

    @Override
    public PutResult put(ObjectId object, long index, MemorySegment page, long token) {
        Objects.requireNonNull(object, "object");
        buffers.checkPages(page, 1);
        return ask(putCall(object, index, page, token));
    }

    @Override
    public boolean get(ObjectId object, long index, MemorySegment destination) {
        Objects.requireNonNull(object, "object");
        buffers.checkDestination(destination, 1);
        if (handsOver()) {
            return takes().take(object, index, destination);
        }
        return ask(requests.get(object, index, destination));
    }

    public boolean get(ObjectId object, long index, byte[] destination) {
        return get(object, index, MemorySegment.ofArray(destination));
    }

    Takes takes() {
        return new Takes(this, membership.tickets(), number);
    }

    public <E extends Exception> boolean getOrFill(
            ObjectId object, long index, MemorySegment destination, PageLoader<E> loader) throws E {
        Objects.requireNonNull(loader, "loader");
        return fills.getOrFill(this, object, index, destination, loader);
    }

    public AsyncPool async() {
        return new NodeAsyncPool(this);
    }

    public PoolTransfer transfer() {
        throw new UnsupportedOperationException(
                "the pool of a node is frozen, saved and restored by the node's own program, not over the network");
    }

    public PutResult[] putAll(ObjectId object, long[] indexes, MemorySegment pages) {
        Objects.requireNonNull(object, "object");
        buffers.checkPages(pages, indexes.length);
        List<Call<PutResult>> calls = new ArrayList<>(indexes.length);
        for (int i = 0; i < indexes.length; i++) {
            calls.add(putCall(object, indexes[i], buffers.page(pages, i), null));
        }
        sendAll(calls);
        PutResult[] results = new PutResult[indexes.length];
        RuntimeException first = null;
        for (int i = 0; i < results.length; i++) {
            try {
                results[i] = await(calls.get(i));
            } catch (RuntimeException failure) {
                first = first == null ? failure : first;
            }
        }
        if (first != null) {
            throw first;
        }
        return results;
    }

    public GetResult[] getAll(ObjectId object, long[] indexes, MemorySegment destination) {
        Objects.requireNonNull(object, "object");
        buffers.checkDestination(destination, indexes.length);
        GetResult[] results = new GetResult[indexes.length];
        if (handsOver()) {
            for (int i = 0; i < results.length; i++) {
                MemorySegment page = buffers.page(destination, i);
                long index = indexes[i];
                results[i] = outcome(() -> takes().take(object, index, page));
            }
            return results;
        }
        List<Call<Boolean>> calls = new ArrayList<>(indexes.length);
        for (int i = 0; i < results.length; i++) {
            calls.add(requests.get(object, indexes[i], buffers.page(destination, i)));
        }
        sendAll(calls);
        for (int i = 0; i < results.length; i++) {
            Call<Boolean> call = calls.get(i);
            results[i] = outcome(() -> await(call));
        }
        return results;
    }

    /** The outcome of a get. */
    static GetResult outcome(java.util.function.BooleanSupplier get) {
        try {
            return get.getAsBoolean() ? GetResult.HIT : GetResult.MISS;
        } catch (PageUnavailableException e) {
            return GetResult.UNAVAILABLE;
        } catch (PageLostException e) {
            return GetResult.LOST;
        }
    }

    @Override
    public boolean contains(ObjectId object, long index) {
        Objects.requireNonNull(object, "object");
        return ask(requests.contains(object, index));
    }

    public boolean flush(ObjectId object, long index) {
        Objects.requireNonNull(object, "object");
        long before = membership.tickets().now();
        boolean there = ask(requests.flush(object, index));
        membership.tickets().changed(new Name(number, object, index), before);
        return there;
    }

    public long flushObject(ObjectId object) {
        Objects.requireNonNull(object, "object");
        long before = membership.tickets().now();
        long pages = ask(requests.flushObject(object));
        membership.tickets().changed(number, object, before);
        return pages;
    }

    public long pageCount() {
        return ask(requests.count());
    }

    public PoolStats stats() {
        return ask(requests.stats());
    }

    public boolean isClosed() {
        return closed || membership.end() != null;
    }

    public void close() {
        synchronized (buffers) {
            if (closed) {
                return;
            }
            membership.owedCloses().add(number); // before anybody can open it anew
            closed = true;
        }
        if (membership.end() != null) {
            return;
        }
        store.forget(this);
        membership.tickets().forget(number);
        try {
            Call<Boolean> call = Requests.close(number);
            link.admit(call, 1);
            link.send(membership, call);
            await(call);
            membership.owedCloses().remove(number);
        } catch (NoAnswer e) {
            return; // it is asked for again before anything else is opened
        } catch (PoolClosedException e) {
            membership.owedCloses().remove(number); // the node closed it first
        }
    }

    /** Closes it here. */
    void markClosed() {
        synchronized (buffers) {
            closed = true;
        }
    }

    /** Sends a request and waits for its answer. */
    <T> T ask(Call<T> call) {
        send(call);
        return await(call);
    }

    /** Sends a request. */
    void send(Call<?> call) {
        checkOpen();
        link.admit(call, config.pageSize());
        link.send(membership, call);
    }

    /** Sends requests together. */
    void sendAll(List<? extends Call<?>> calls) {
        checkOpen();
        int together = Link.together(config.pageSize());
        for (int from = 0; from < calls.size(); from += together) {
            List<? extends Call<?>> some = calls.subList(from, Math.min(calls.size(), from + together));
            link.admit(some, config.pageSize());
            some.forEach(call -> link.send(membership, call));
        }
    }

    <T> T await(Call<T> call) {
        return call.await(link.timeoutNanos(), this::failure);
    }

    void checkOpen() {
        @Nullable String end = membership.end();
        if (end != null) {
            throw new PoolClosedException(
                    "pool " + config.name() + " is closed, and its pages are gone: " + end + "; open it again");
        }
        if (closed) {
            throw new PoolClosedException("pool " + config.name() + " is closed");
        }
    }

    /** What a request that has failed throws. */
    RuntimeException failure(Throwable why) {
        @Nullable String end = membership.end();
        if (end != null) {
            return new PoolClosedException(
                    "pool " + config.name() + " is closed, and its pages are gone: " + end + "; open it again");
        }
        RuntimeException failure = Failures.of("pool " + config.name(), link.address(), why);
        if (why instanceof NoAnswer) {
            link.distrust();
        } else if (Call.isLate(why)) {
            link.doubt();
        }
        return failure;
    }
}
