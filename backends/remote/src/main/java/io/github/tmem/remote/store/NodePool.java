package io.github.tmem.remote.store;

import io.github.tmem.api.AsyncPool;
import io.github.tmem.api.GetMode;
import io.github.tmem.api.GetResult;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PageKind;
import io.github.tmem.api.PageLoader;
import io.github.tmem.api.PageLostException;
import io.github.tmem.api.PageUnavailableException;
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
import java.util.concurrent.CompletableFuture;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** What pools of both kinds do: check the caller's arguments, ask the node, read its answer. Thread-safe. */
abstract class NodePool extends NodeHandle implements PageFills.Pages {
    private final PoolConfig config;
    private final Buffers buffers;
    private final Requests requests;
    private final PageFills fills = new PageFills();

    /** The pool that the node has under this number. */
    NodePool(NodeStore store, Membership membership, long number, PoolConfig config) {
        super(store, membership, number, config.name());
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
        long before = tickets().now();
        return put.whenRead(result -> {
            if (result.refusal() != Refusal.OUTDATED) {
                tickets().changed(new Name(number(), object, index), before);
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
            return take(object, index, destination);
        }
        return ask(requests.get(object, index, destination));
    }

    public boolean get(ObjectId object, long index, byte[] destination) {
        return get(object, index, MemorySegment.ofArray(destination));
    }

    private boolean take(ObjectId object, long index, MemorySegment destination) {
        return takes().take(new Name(number(), object, index), pageSize(), request(object, index, destination)) >= 0;
    }

    /** As a get of a page that must not be lost, without waiting. */
    CompletableFuture<Boolean> takeAsync(ObjectId object, long index, MemorySegment destination) {
        return takes().takeAsync(new Name(number(), object, index), pageSize(), request(object, index, destination))
                .thenApply(length -> length >= 0);
    }

    private LongFunction<Call<Integer>> request(ObjectId object, long index, MemorySegment destination) {
        return ticket -> requests.take(object, index, ticket, destination);
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
                results[i] = outcome(() -> take(object, index, page));
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
        long before = tickets().now();
        boolean there = ask(requests.flush(object, index));
        tickets().changed(new Name(number(), object, index), before);
        return there;
    }

    public long flushObject(ObjectId object) {
        Objects.requireNonNull(object, "object");
        long before = tickets().now();
        long pages = ask(requests.flushObject(object));
        tickets().changed(number(), object, before);
        return pages;
    }

    public long pageCount() {
        return ask(requests.count());
    }

    public PoolStats stats() {
        return ask(requests.stats());
    }

    private <T> T ask(Call<T> call) {
        return ask(call, config.pageSize());
    }

    /** Sends a request. */
    void send(Call<?> call) {
        send(call, config.pageSize());
    }

    /** Sends requests together. */
    void sendAll(List<? extends Call<?>> calls) {
        sendAll(calls, config.pageSize());
    }
}
