package io.github.tmem.tiering.chain;

import io.github.tmem.tiering.directory.Place;
import io.github.tmem.tiering.directory.PoolLedger;
import io.github.tmem.tiering.directory.Shard;
import io.github.tmem.tiering.directory.TrackedObject;
import org.jspecify.annotations.Nullable;

/** What one put has in hand between its stamp and its swing. Belongs to one thread; reused. */
final class PutAttempt {
    /** Whose entry the put will fill in. */
    enum EntryOrigin {
        /** None yet. */
        NONE,
        /** One of its own, linked nowhere. */
        TAKEN,
        /** The key's older entry, which stays linked and whose number the copy bears. */
        LINKED
    }

    /** The answer of a tier to which the page was not offered. */
    static final int NO_ANSWER = 0;

    /** The answer of a tier that has the page. */
    static final int TAKEN = 1;

    private static final int ANSWER_BITS = 4;
    private static final int ANSWER_MASK = (1 << ANSWER_BITS) - 1;

    private final Place place = new Place();
    private @Nullable TrackedObject object;
    private long index;
    private long stamp;
    private int entry = Shard.NONE;
    private EntryOrigin origin = EntryOrigin.NONE;
    private boolean hasCopy;

    /** Four bits for each tier: {@link #NO_ANSWER}, {@link #TAKEN}, or 1 minus a negative outcome. */
    private long answers;

    void begin(TrackedObject ofObject, long atIndex, long withStamp) {
        object = ofObject;
        index = atIndex;
        stamp = withStamp;
        entry = Shard.NONE;
        origin = EntryOrigin.NONE;
        hasCopy = false;
        answers = 0;
    }

    void clear() {
        object = null;
    }

    TrackedObject object() {
        assert object != null;
        return object;
    }

    void object(TrackedObject renumbered) {
        object = renumbered;
    }

    PoolLedger pool() {
        return object().pool();
    }

    long index() {
        return index;
    }

    long stamp() {
        return stamp;
    }

    int entry() {
        return entry;
    }

    EntryOrigin origin() {
        return origin;
    }

    void entry(int taken, EntryOrigin from) {
        entry = taken;
        origin = from;
    }

    Place place() {
        return place;
    }

    /** Notes what a tier answered to the offer of the page: a locator, or a negative outcome. */
    void answered(int tier, long result) {
        long answer = result >= 0 ? TAKEN : Math.min(TAKEN - result, ANSWER_MASK);
        answers |= answer << (tier * ANSWER_BITS);
    }

    /** What a tier answered: {@link #NO_ANSWER}, {@link #TAKEN}, or a negative outcome. */
    int answer(int tier) {
        int answer = (int) (answers >>> (tier * ANSWER_BITS)) & ANSWER_MASK;
        return answer <= TAKEN ? answer : TAKEN - answer;
    }

    /** Whether a tier of this number or above has answered. */
    boolean hasAnswersFrom(int tier) {
        return tier < Long.SIZE / ANSWER_BITS && answers >>> (tier * ANSWER_BITS) != 0;
    }

    /** Notes that the page is about to be offered anew: only the last answers count. */
    void forgetAnswers() {
        answers = 0;
    }

    /** Notes that the put's own copy is in the tier that {@link #place} names. */
    void placed() {
        hasCopy = true;
    }

    /** Whether the put's own copy is stored and no entry names it. */
    boolean hasCopy() {
        return hasCopy;
    }

    /** Notes that the copy is freed, or about to be. */
    void copyGone() {
        hasCopy = false;
    }

    /** Notes that entry and copy belong to the directory now. */
    void linked() {
        hasCopy = false;
        entryGone();
    }

    /** Notes that the entry is not the put's any more. */
    void entryGone() {
        entry = Shard.NONE;
        origin = EntryOrigin.NONE;
    }
}
