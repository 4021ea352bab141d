package io.github.tmem.tiering.chain;

import io.github.tmem.api.spi.Outcome;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Copies of one tier that are dead but whose flush the backend has not acknowledged. A tier that owes many takes no more
 * copies, so there are never more of them than pages that were stored, each with less memory than its entry had.
 * Thread-safe; what puts ask is read without a lock.
 */
final class OwedFrees {
    /** A tier that owes more frees takes no copies until some are paid. */
    static final int MANY = 1 << 15;

    /** A ring, whose length is a power of two: the last is taken next, the first comes after all others. */
    private long[] locators = new long[64];

    private int[] lengths = new int[64];
    private int first;
    private volatile int size;
    private volatile int beingPaid;

    synchronized void add(long locator, int length) {
        int count = size;
        ensureRoom();
        set(count, locator, length);
        size = count + 1;
    }

    /** Owes a free after all others: one that always fails must not keep them waiting. It has room, for it was here before. */
    private void addAfterAll(long locator, int length) {
        int count = size;
        first = first - 1 & locators.length - 1;
        set(0, locator, length);
        size = count + 1;
    }

    /** Makes room for one more beside those that are being paid, which may come back. */
    private void ensureRoom() {
        if (size + beingPaid == locators.length) {
            long[] moreLocators = new long[2 * locators.length];
            int[] moreLengths = new int[2 * locators.length];
            copy(0, size, moreLocators, moreLengths);
            locators = moreLocators;
            lengths = moreLengths;
            first = 0;
        }
    }

    private int at(int position) {
        return first + position & locators.length - 1;
    }

    private void set(int position, long locator, int length) {
        locators[at(position)] = locator;
        lengths[at(position)] = length;
    }

    private void copy(int from, int to, long[] toLocators, int[] toLengths) {
        for (int i = from; i < to; i++) {
            toLocators[i - from] = locators[at(i)];
            toLengths[i - from] = lengths[at(i)];
        }
    }

    /**
     * Frees that are being paid, and what their backend answered: until it says otherwise, nothing.
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared, and lent to a backend
    record Batch(long[] locators, int[] lengths, int[] outcomes) {
        int count() {
            return locators.length;
        }

        /** The lengths of those that were answered. */
        long paidBytes() {
            long bytes = 0;
            for (int i = 0; i < count(); i++) { // without memory, for those that were not answered are to be owed again
                bytes += isPaid(i) ? lengths[i] : 0;
            }
            return bytes;
        }

        private boolean isPaid(int i) {
            return outcomes[i] != Outcome.UNAVAILABLE;
        }

        /** Whether all were answered. */
        boolean isPaid() {
            return IntStream.range(0, count()).allMatch(this::isPaid);
        }
    }

    /** Moves up to {@code most} frees out to be paid, the newest ones. End with {@link #settle}. */
    synchronized Batch take(int most) {
        int count = Math.min(size, most);
        int left = size - count;
        Batch batch = new Batch(new long[count], new int[count], new int[count]);
        copy(left, size, batch.locators(), batch.lengths());
        Arrays.fill(batch.outcomes(), Outcome.UNAVAILABLE);
        beingPaid += count; // first, so that a reader without the lock never sees neither
        size = left;
        return batch;
    }

    /** Ends what {@link #take} began: what was not answered is owed again. */
    synchronized void settle(Batch batch) {
        for (int i = batch.count() - 1; i >= 0; i--) {
            if (!batch.isPaid(i)) {
                addAfterAll(batch.locators()[i], batch.lengths()[i]);
            }
        }
        beingPaid -= batch.count(); // last, for the same reason
    }

    /** Whether frees are owed or being paid. */
    boolean isAny() {
        return size > 0 || beingPaid > 0;
    }

    /** Whether frees are being paid at this moment. */
    boolean isBeingPaid() {
        return beingPaid > 0;
    }

    /** Whether so many frees are owed that the tier should take no copies until some are paid. */
    boolean areMany() {
        return size > MANY;
    }

    /** How many frees wait to be paid. */
    int size() {
        return size;
    }

    /** Copies whose free has not been acknowledged: those owed and those being paid. */
    synchronized long unacknowledged() {
        return (long) size + beingPaid;
    }
}
