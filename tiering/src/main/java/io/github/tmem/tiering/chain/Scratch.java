package io.github.tmem.tiering.chain;

import io.github.tmem.api.spi.PageCodec;
import io.github.tmem.tiering.codec.CallerPage;
import io.github.tmem.tiering.codec.Codecs;
import io.github.tmem.tiering.codec.PageBuffer;
import io.github.tmem.tiering.directory.Look;
import io.github.tmem.tiering.directory.Place;

/**
 * The working memory of one operation: the page it is about, and what a page needs that has to move out of its way. Lent
 * by {@link ScratchPool}; belongs to one thread at a time.
 */
final class Scratch {
    private static final int COPIES_AT_ONCE = 256;

    private final PageCodec[] codecs;
    private final PageBuffer page;
    private final PageBuffer moving;
    private final CallerPage caller = new CallerPage();
    private final Look look = new Look();
    private final Look movingLook = new Look();
    private final Place movingPlace = new Place();
    private final PutAttempt attempt = new PutAttempt();
    private final long[] locators = new long[COPIES_AT_ONCE];
    private final int[] owners = new int[COPIES_AT_ONCE];
    private Reading reading = Reading.KEEP;
    private int victimsLeft;

    Scratch(Codecs codecs) {
        this.codecs = codecs.open();
        page = new PageBuffer(this.codecs);
        moving = new PageBuffer(this.codecs);
    }

    /** Whether all of these codecs are known here. */
    boolean knows(Codecs wanted) {
        return codecs.length == wanted.count();
    }

    PageBuffer page() {
        return page;
    }

    PageBuffer moving() {
        return moving;
    }

    CallerPage caller() {
        return caller;
    }

    Look look() {
        return look;
    }

    Look movingLook() {
        return movingLook;
    }

    Place movingPlace() {
        return movingPlace;
    }

    PutAttempt attempt() {
        return attempt;
    }

    long[] locators() {
        return locators;
    }

    int[] owners() {
        return owners;
    }

    /** Whether the look was at a value that the caller's memory is too short for. */
    boolean isTooLong() {
        return look.object().pool().holdsBlobs() && look.length() > caller.length();
    }

    /** What the get does with its page. */
    Reading reading() {
        return reading;
    }

    /** Sets what the get does with its page. */
    void reading(Reading wanted) {
        reading = wanted;
    }

    /** Sets how many pages this operation may still push out of their tier (L10). */
    void allowVictims(int count) {
        victimsLeft = count;
    }

    /** Takes one from the allowance; false when it is used up. */
    boolean spendVictim() {
        return victimsLeft > 0 && victimsLeft-- > 0;
    }

    /** Lets go of everything that belongs to the operation. */
    void clear() {
        page.forgetCaller();
        caller.clear();
        look.clear();
        movingLook.clear();
        attempt.clear();
    }

    void close() {
        for (PageCodec codec : codecs) {
            codec.close();
        }
    }
}
