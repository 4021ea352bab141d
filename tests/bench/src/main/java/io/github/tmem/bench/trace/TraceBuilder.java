package io.github.tmem.bench.trace;

import java.util.Arrays;
import org.agrona.collections.Long2LongHashMap;
import org.agrona.collections.LongArrayList;

/** Collects accesses and numbers the distinct pages among them. */
final class TraceBuilder {
    /** The most accesses of one trace. */
    static final int LENGTH_MAX = Integer.MAX_VALUE - 8;

    private static final long UNKNOWN = -1;

    private final Long2LongHashMap numbers = new Long2LongHashMap(UNKNOWN);
    private final LongArrayList pages = new LongArrayList();
    private int[] accesses = new int[1024];
    private int length;

    /** The number of accesses so far. */
    int length() {
        return length;
    }

    /** Adds accesses to {@code count} consecutive pages, at most {@link #LENGTH_MAX} less {@link #length}. */
    void add(long first, int count, boolean write) {
        reserve(count);
        for (int i = 0; i < count; i++) {
            int number = numberOf(first + i);
            accesses[length++] = write ? ~number : number;
        }
    }

    private void reserve(int count) {
        int needed = length + count;
        if (needed > accesses.length) {
            int larger = Math.clamp(accesses.length * 2L, needed, LENGTH_MAX);
            accesses = Arrays.copyOf(accesses, larger);
        }
    }

    private int numberOf(long page) {
        long number = numbers.get(page);
        if (number == UNKNOWN) {
            number = pages.size();
            numbers.put(page, number);
            pages.addLong(page);
        }
        return (int) number;
    }

    /** The trace of all accesses. */
    Trace build(String name) {
        return new Trace(name, Arrays.copyOf(accesses, length), pages.toLongArray());
    }
}
