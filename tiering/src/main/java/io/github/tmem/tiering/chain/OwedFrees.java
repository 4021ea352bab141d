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

    private long[] locators = new long[64];
    private int[] lengths = new int[64];
    private volatile int size;
    private volatile int beingPaid;

    synchronized void add(long locator, int length) {
        int count = size;
        if (count == locators.length) {
            locators = Arrays.copyOf(locators, count * 2);
            lengths = Arrays.copyOf(lengths, count * 2);
        }
        locators[count] = locator;
        lengths[count] = length;
        size = count + 1;
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
            return IntStream.range(0, count())
                    .filter(this::isPaid)
                    .mapToLong(i -> lengths[i])
                    .sum();
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
        int[] outcomes = new int[count];
        Arrays.fill(outcomes, Outcome.UNAVAILABLE);
        Batch batch =
                new Batch(Arrays.copyOfRange(locators, left, size), Arrays.copyOfRange(lengths, left, size), outcomes);
        beingPaid += count; // first, so that a reader without the lock never sees neither
        size = left;
        return batch;
    }

    /** Ends what {@link #take} began: what was not answered is owed again. */
    synchronized void settle(Batch batch) {
        for (int i = batch.count() - 1; i >= 0; i--) {
            if (!batch.isPaid(i)) {
                addLast(batch.locators()[i], batch.lengths()[i]);
            }
        }
        beingPaid -= batch.count(); // last, for the same reason
    }

    /** Owes a free after all others: one that always fails must not keep them waiting. */
    private void addLast(long locator, int length) {
        add(locator, length);
        int last = size - 1;
        locators[last] = locators[0];
        lengths[last] = lengths[0];
        locators[0] = locator;
        lengths[0] = length;
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
