package io.github.tmem.tiering.chain;

import io.github.tmem.tiering.directory.Place;
import io.github.tmem.tiering.directory.PoolLedger;
import io.github.tmem.tiering.directory.Shard;
import io.github.tmem.tiering.directory.Stamps;
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
    private boolean isFill;
    private boolean isOutdated;
    private int entry = Shard.NONE;
    private EntryOrigin origin = EntryOrigin.NONE;
    private boolean hasCopy;
    private boolean isLinked;

    /** Four bits for each tier: {@link #NO_ANSWER}, {@link #TAKEN}, or 1 minus a negative outcome. */
    private long answers;

    void begin(TrackedObject ofObject, long atIndex, long withStamp) {
        object = ofObject;
        index = atIndex;
        stamp = withStamp;
        isFill = false;
        isOutdated = false;
        entry = Shard.NONE;
        origin = EntryOrigin.NONE;
        hasCopy = false;
        isLinked = false;
        answers = 0;
    }

    /**
     * Makes the put one of what was read from its source after this stamp. It bears that stamp itself, so that a put which
     * began since, and has not swung yet, will be the later one; as will one that began before, for a token gives way.
     */
    void fill(long token) {
        isFill = true;
        isOutdated = token <= 0 || token >= stamp || !Stamps.isToken(token); // no token that was ever given
        stamp = isOutdated ? stamp : token;
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

    /**
     * Whether the key's page came later, by its stamp. That of a fill never did: it was read from its source before it came, so
     * that of a put which was under way at that moment is the newer one, although its stamp is lower.
     */
    boolean isOvertakenBy(long other) {
        return other > stamp && !Stamps.isToken(other);
    }

    /**
     * Whether a put that ends in vain takes the key's page along, by its stamp: one that did not come later; or its own, if it
     * failed after its page was linked, for then what is there instead came after it.
     */
    boolean takesAlong(long other) {
        return isLinked ? other == stamp : !isOvertakenBy(other);
    }

    /** Whether the page was read from its source under a token. */
    boolean isFill() {
        return isFill;
    }

    /** Notes that the key has changed since the token of a fill was taken. */
    void outdated() {
        isOutdated = true;
    }

    boolean isOutdated() {
        return isOutdated;
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
        isLinked = true;
        hasCopy = false;
        entryGone();
    }

    /** Whether its page was the key's: who removes it looks whether the object has others. */
    boolean isLinked() {
        return isLinked;
    }

    /** Notes that the entry is not the put's any more. */
    void entryGone() {
        entry = Shard.NONE;
        origin = EntryOrigin.NONE;
    }
}
