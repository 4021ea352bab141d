package io.github.tmem.api.spi;

import io.github.tmem.api.PageKind;
import io.github.tmem.api.config.ConfigException;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * A medium that holds write-once copies of encoded pages.
 *
 * <p>The chain's directory alone knows which copy is a page's current one. A backend knows nothing of keys, pools or
 * versions: it stores the bytes of one attempt under one name, gives them back, and forgets them.
 *
 * <p>An implementer must:
 *
 * <ul>
 *   <li>store a copy exactly as it came, under a name that no other live copy has: the locator it returns (located), or
 *       the copy id it was given (keyed);
 *   <li>never change a copy, and never make one readable again after its flush returned {@link Outcome#DONE};
 *   <li>never use more than its capacity, not for a moment (L10), and answer {@link Outcome#FULL} instead; what it used
 *       when {@link #resize} made the capacity smaller may stay;
 *   <li>keep no reference to a segment once a call, or the completion of an asynchronous call, is over (L7);
 *   <li>take any number of concurrent calls. The caller never makes two puts under one copy id and never flushes a
 *       locator twice after an answer, but it may read a copy while that copy is being flushed, or ask for a locator of
 *       0 or above that no put returned, or for a length that its copy does not have: such a read ends with any bytes or
 *       any outcome and must do no harm. The caller checks what it read against the directory;
 *   <li>return {@link Outcome}s for what the medium does, and throw only for the caller's mistakes.
 * </ul>
 *
 * <p>No lock of the caller is ever held during a call. {@code tests/kit} has the contract suite that defines "implements
 * Backend".
 */
public interface Backend extends AutoCloseable {

    /** What this backend is. Constant. */
    Capabilities capabilities();

    /**
     * Stores a copy.
     *
     * @param copyId a number no other put of this store has or will have, 1 or above
     * @param kind what the chain promises about the page
     * @param owner any 32 bits; a {@link LocatedBackend} gives them back when the copy has to move
     * @param encoded a segment that starts with the bytes of the copy; it may be longer
     * @param length the length of the copy in bytes, 1 to {@link Capabilities#lengthMax}
     * @return the copy's locator, 0 or above (keyed: the copy id); or {@link Outcome#FULL}, {@link Outcome#DECLINED},
     *     {@link Outcome#UNAVAILABLE} or {@link Outcome#NOT_SENT}
     */
    long put(long copyId, PageKind kind, int owner, MemorySegment encoded, int length);

    /**
     * Reads a copy into the start of {@code destination}.
     *
     * @param destination at least {@code length} bytes; what lies behind them is left alone
     * @param length the length the copy was put with
     * @return {@code length}; or {@link Outcome#GONE}, {@link Outcome#UNAVAILABLE}, or {@link Outcome#CORRUPT}, which is
     *     also the answer of a backend that knows the copy to have another length
     */
    int get(long locator, MemorySegment destination, int length);

    /**
     * Forgets a copy. Repeating it is harmless for keyed backends.
     *
     * @return {@link Outcome#DONE} when the copy is gone and its memory is free, also when there was none; or
     *     {@link Outcome#UNAVAILABLE}: the flush is owed and will be repeated
     */
    int flush(long locator);

    /**
     * Forgets several copies, in any order. A backend whose calls take time overrides this, so that the caller waits for all
     * of them together.
     *
     * <p>This one flushes one after the other, until one is not answered.
     *
     * @param locators copies that {@link #flush} may be called with, each once; not changed
     * @param count how many of them, from the first, 0 or above
     * @param outcomes at least {@code count} elements. Each of these becomes what {@link #flush} would have returned for the
     *     copy in its place, {@link Outcome#UNAVAILABLE} also for one that was not tried. When an exception is thrown, those
     *     that are {@link Outcome#DONE} are gone, and the others owed
     */
    default void flushAll(long[] locators, int count, int[] outcomes) {
        Arrays.fill(outcomes, 0, count, Outcome.UNAVAILABLE);
        boolean answered = true;
        for (int i = 0; i < count && answered; i++) {
            outcomes[i] = flush(locators[i]);
            answered = outcomes[i] != Outcome.UNAVAILABLE;
        }
    }

    /**
     * As {@link #put}, without waiting. The caller leaves {@code encoded} unchanged until the completion.
     *
     * @param completion hears what {@link #put} would return
     */
    void putAsync(long copyId, PageKind kind, int owner, MemorySegment encoded, int length, Completion completion);

    /**
     * As {@link #get}, without waiting. The caller leaves {@code destination} alone until the completion.
     *
     * @param completion hears what {@link #get} would return
     */
    void getAsync(long locator, MemorySegment destination, int length, Completion completion);

    /**
     * Changes the capacity, while other calls run; one resize at a time, at any moment, also while the copies of an earlier
     * one are still leaving.
     *
     * <p>A larger capacity is there at once. After a smaller one no put takes room that would leave the backend above it;
     * the copies it holds stay readable until they are flushed. {@link #usedBytes} may be above the capacity for so long,
     * but does not rise while it is. Memory goes back to the medium as it becomes free.
     *
     * <p>This one refuses, for backends that cannot do it.
     *
     * @param capacityBytes the new capacity
     * @return the capacity from now on: {@code capacityBytes}, or the next smaller one that the backend can have
     * @throws ConfigException if the backend cannot have such a capacity, naming what is allowed; nothing has changed then
     */
    default long resize(long capacityBytes) {
        throw new ConfigException("capacity " + capacityBytes
                + " B cannot be used: this tier cannot be resized; allowed: " + usage().capacityBytes() + " B");
    }

    /** {@link Usage#usedBytes} alone, cheap enough for every put. */
    long usedBytes();

    /** The memory at this moment. */
    Usage usage();

    /** Gives all memory and connections back. The caller makes no further calls. */
    @Override
    void close();
}
