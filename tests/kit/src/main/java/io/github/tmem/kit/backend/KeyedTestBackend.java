package io.github.tmem.kit.backend;

import io.github.tmem.api.PageKind;
import io.github.tmem.api.config.ConfigException;
import io.github.tmem.api.spi.Backend;
import io.github.tmem.api.spi.Capabilities;
import io.github.tmem.api.spi.Capabilities.Addressing;
import io.github.tmem.api.spi.Capabilities.Latency;
import io.github.tmem.api.spi.Completion;
import io.github.tmem.api.spi.Outcome;
import io.github.tmem.api.spi.Usage;
import io.github.tmem.kit.Gate;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * A keyed medium in memory, with a link to it that a test can break.
 *
 * <p>The slow variant answers asynchronous calls on a daemon thread of its own, in the order they were made; the local
 * variant answers them before the call returns. Every call, of either form, arrives at points of {@link #gate()}: {@code
 * put}, {@code get} and {@code flush} before it takes effect, {@code put-done}, {@code get-done} and {@code flush-done}
 * after. Thread-safe.
 */
public final class KeyedTestBackend implements Backend {

    private static final int LENGTH_MAX = 1 << 20;

    private final Gate gate = new Gate();
    private final LinkedBlockingQueue<Runnable> messages = new LinkedBlockingQueue<>();
    private final Thread answerer;
    private final Capabilities capabilities;
    private final Map<Long, byte[]> copies = new HashMap<>();
    private final List<Long> lateFlushes = new ArrayList<>();
    private Link link = Link.UP;
    private long capacityBytes;
    private long usedBytes;
    private volatile boolean closed;

    /** A medium with these capabilities, which must be {@link Addressing#KEYED}, that answers FULL above the capacity. */
    public KeyedTestBackend(long capacityBytes, Capabilities capabilities) {
        if (capabilities.addressing() != Addressing.KEYED) {
            throw new IllegalArgumentException("a KeyedTestBackend is keyed");
        }
        this.capacityBytes = capacityBytes;
        this.capabilities = capabilities;
        answerer = Thread.ofPlatform().daemon().name("keyed-test-backend").unstarted(this::answerMessages);
        if (capabilities.latency() == Latency.SLOW) {
            answerer.start();
        }
    }

    /** A local medium that takes both kinds and copies of up to 1 MiB. */
    public static KeyedTestBackend local(long capacityBytes) {
        return new KeyedTestBackend(capacityBytes, capabilities(Latency.LOCAL));
    }

    /** A slow medium that takes both kinds and copies of up to 1 MiB. */
    public static KeyedTestBackend slow(long capacityBytes) {
        return new KeyedTestBackend(capacityBytes, capabilities(Latency.SLOW));
    }

    private static Capabilities capabilities(Latency latency) {
        return new Capabilities(Addressing.KEYED, latency, EnumSet.allOf(PageKind.class), LENGTH_MAX);
    }

    /** Where calls can be stopped. */
    public Gate gate() {
        return gate;
    }

    /** Sets the state of the link for all calls from now on. */
    public synchronized void link(Link newLink) {
        link = newLink;
    }

    /** Lets the flushes that {@link Link#FLUSHES_LATE} kept arrive, the last first, each twice. */
    public synchronized void deliverLateFlushes() {
        for (int round = 0; round < 2; round++) {
            lateFlushes.reversed().forEach(this::remove);
        }
        lateFlushes.clear();
    }

    /** What is stored now, by copy id. A snapshot. */
    public synchronized Map<Long, byte[]> contents() {
        return Map.copyOf(copies);
    }

    /**
     * As after a restart: the link is up and exactly {@code contents} is stored, whatever was put and flushed since; or as
     * much of it as fits, if the capacity has become smaller.
     */
    public synchronized void restart(Map<Long, byte[]> contents) {
        copies.clear();
        usedBytes = 0;
        contents.forEach((copyId, bytes) -> {
            if (usedBytes + bytes.length <= capacityBytes) {
                copies.put(copyId, bytes);
                usedBytes += bytes.length;
            }
        });
        lateFlushes.clear();
        link = Link.UP;
    }

    @Override
    public Capabilities capabilities() {
        return capabilities;
    }

    @Override
    public long put(long copyId, PageKind kind, int owner, MemorySegment encoded, int length) {
        return store(copyId, kind, bytes(encoded, length));
    }

    @Override
    public int get(long locator, MemorySegment destination, int length) {
        return fetch(locator, destination, length);
    }

    @Override
    public int flush(long locator) {
        gate.arrive("flush");
        int outcome = arriveFlush(locator);
        gate.arrive("flush-done");
        return outcome;
    }

    @Override
    public void putAsync(
            long copyId, PageKind kind, int owner, MemorySegment encoded, int length, Completion completion) {
        send(() -> completion.complete(store(copyId, kind, bytes(encoded, length))));
    }

    @Override
    public void getAsync(long locator, MemorySegment destination, int length, Completion completion) {
        send(() -> completion.complete(fetch(locator, destination, length)));
    }

    @Override
    public synchronized long resize(long newCapacityBytes) {
        if (newCapacityBytes < 1) {
            throw new ConfigException("capacity " + newCapacityBytes + " B cannot be used; allowed: at least 1 B");
        }
        capacityBytes = newCapacityBytes;
        return capacityBytes;
    }

    @Override
    public synchronized long usedBytes() {
        return usedBytes;
    }

    @Override
    public synchronized Usage usage() {
        return new Usage(capacityBytes, usedBytes, usedBytes, copies.size(), 0);
    }

    /** Forgets everything. Calls whose answer is outstanding are answered UNAVAILABLE. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            copies.clear();
            usedBytes = 0;
        }
        gate.close();
        if (answerer.isAlive()) {
            messages.add(() -> {});
            try {
                answerer.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private long store(long copyId, PageKind kind, byte[] bytes) {
        gate.arrive("put");
        long result = arrivePut(copyId, kind, bytes);
        gate.arrive("put-done");
        return result;
    }

    private static byte[] bytes(MemorySegment encoded, int length) {
        return encoded.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
    }

    private synchronized long arrivePut(long copyId, PageKind kind, byte[] bytes) {
        if (closed || link == Link.DOWN || link == Link.AWAY) {
            return link == Link.AWAY ? Outcome.NOT_SENT : Outcome.UNAVAILABLE;
        }
        long result = insert(copyId, kind, bytes);
        return link == Link.ANSWERS_LOST ? Outcome.UNAVAILABLE : result;
    }

    private long insert(long copyId, PageKind kind, byte[] bytes) {
        if (bytes.length == 0) {
            throw new IllegalArgumentException("a copy has at least one byte");
        }
        if (!capabilities.kinds().contains(kind) || bytes.length > capabilities.lengthMax()) {
            return Outcome.DECLINED;
        }
        if (usedBytes + bytes.length > capacityBytes) {
            return Outcome.FULL;
        }
        if (copies.putIfAbsent(copyId, bytes) != null) {
            throw new IllegalArgumentException("second put under copy id " + copyId);
        }
        usedBytes += bytes.length;
        return copyId;
    }

    private int fetch(long locator, MemorySegment destination, int length) {
        gate.arrive("get");
        int result = arriveGet(locator, destination, length);
        gate.arrive("get-done");
        return result;
    }

    private synchronized int arriveGet(long locator, MemorySegment destination, int length) {
        if (closed || link == Link.DOWN || link == Link.AWAY || link == Link.ANSWERS_LOST) {
            return Outcome.UNAVAILABLE;
        }
        byte[] bytes = copies.get(locator);
        if (bytes == null) {
            return Outcome.GONE;
        }
        if (bytes.length != length) {
            return Outcome.CORRUPT;
        }
        MemorySegment.copy(bytes, 0, destination, ValueLayout.JAVA_BYTE, 0, length);
        return length;
    }

    private synchronized int arriveFlush(long locator) {
        return switch (closed ? Link.DOWN : link) {
            case UP -> remove(locator);
            case DOWN, AWAY -> Outcome.UNAVAILABLE;
            case ANSWERS_LOST -> {
                remove(locator);
                yield Outcome.UNAVAILABLE;
            }
            case FLUSHES_LATE -> {
                lateFlushes.add(locator);
                yield Outcome.UNAVAILABLE;
            }
        };
    }

    private synchronized int remove(long locator) {
        byte[] bytes = copies.remove(locator);
        if (bytes != null) {
            usedBytes -= bytes.length;
        }
        return Outcome.DONE;
    }

    private void send(Runnable message) {
        if (capabilities.latency() == Latency.LOCAL || closed) {
            message.run();
        } else {
            messages.add(message);
        }
    }

    private void answerMessages() {
        try {
            while (!closed || !messages.isEmpty()) {
                messages.take().run();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
