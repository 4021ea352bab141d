package io.github.tmem.bench.remote;

import io.github.tmem.bench.timing.Contestant;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Pages over one wire, so many of them under way at a time: one, and the call waits; or more, and the thread sends on until so
 * many have not been answered. Gets are of pages that stay; a page that is put is not there before.
 */
public final class WirePages implements Contestant {
    /** What is done with a page. */
    public enum Call {
        /** It is stored. */
        PUT,
        /** It is fetched and compared. */
        GET
    }

    private final PageWire wire;
    private final Call call;
    private final int firstKey;
    private final BlockingQueue<Slot> free;
    private final int inFlight;
    private final AtomicReference<@Nullable String> trouble = new AtomicReference<>();

    /**
     * Calls over a wire; the operation with number n is about the key {@code firstKey} + n.
     *
     * @param inFlight how many are under way at a time, 1 or above
     */
    public WirePages(PageWire wire, Call call, int firstKey, int inFlight) {
        this.wire = wire;
        this.call = call;
        this.firstKey = firstKey;
        this.inFlight = inFlight;
        free = new ArrayBlockingQueue<>(inFlight);
        for (int i = 0; i < inFlight; i++) {
            free.add(new Slot(wire.lengthMax(), free, trouble));
        }
    }

    /** Which calls over which wire. */
    public static String name(String wire, Call call) {
        return wire + (call == Call.PUT ? " put" : " get");
    }

    @Override
    public String name() {
        return name(wire.name(), call);
    }

    @Override
    public void prepare(int from, int to) {
        if (call == Call.PUT) {
            wire.remove(firstKey + from, firstKey + to);
        }
    }

    @Override
    public void run(int from, int to) {
        for (int key = firstKey + from; key < firstKey + to; key++) {
            if (inFlight == 1) {
                wait(key);
            } else {
                send(key);
            }
        }
        awaitAll();
        String complaint = trouble.get();
        if (complaint != null) {
            throw new IllegalStateException(wire.name() + ": " + complaint);
        }
    }

    private void wait(int key) {
        if (call == Call.PUT) {
            wire.put(key);
        } else {
            wire.get(key, free.element());
        }
    }

    private void send(int key) {
        Slot slot = take();
        if (call == Call.PUT) {
            wire.putAsync(key, slot);
        } else {
            wire.getAsync(key, slot);
        }
    }

    private Slot take() {
        try {
            return free.take();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private void awaitAll() {
        Slot[] all = new Slot[inFlight];
        for (int i = 0; i < inFlight; i++) {
            all[i] = take();
        }
        for (Slot slot : all) {
            free.add(slot);
        }
    }
}
