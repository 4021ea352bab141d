package io.github.tmem.tiering.chain;

import io.github.tmem.api.PageKind;
import io.github.tmem.api.Refusal;
import io.github.tmem.api.spi.Outcome;
import io.github.tmem.tiering.codec.PageBuffer;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Offers the page of a put to one tier after another, and counts what each tier answered in the end. Thread-safe. */
final class Offers {
    /** Owed frees that a put into a full tier pays, and dead pages that it reclaims, before it looks for victims. */
    private static final int FREES_MAX = 16;

    /** How often a put that would be refused tries for the room of copies that are being freed at this moment. */
    private static final int TRIES_MAX = 50;

    private static final long WAIT_NANOS = 20_000;

    /** The same where the answer comes over a wire. */
    private static final long SLOW_WAIT_NANOS = 400_000;

    private final Tiers tiers;
    private final DeadPages deadPages;
    private final RoomMaker roomMaker;
    private final Upkeep upkeep;

    Offers(Tiers tiers, DeadPages deadPages, RoomMaker roomMaker, Upkeep upkeep) {
        this.tiers = tiers;
        this.deadPages = deadPages;
        this.roomMaker = roomMaker;
        this.upkeep = upkeep;
    }

    /** The loop over the chain: the first tier that takes the page has it; null, or why none did. */
    @Nullable
    Refusal toTiers(PutAttempt attempt, Scratch scratch) {
        attempt.forgetAnswers();
        Refusal refusal = Refusal.DECLINED;
        for (Tier tier : tiers.inOrder()) {
            long result = offer(tier, attempt, scratch);
            attempt.answered(tier.number(), result);
            if (result >= 0) {
                PageBuffer page = scratch.page();
                attempt.place().stored(tier.number(), result, page.codec(), page.length(), page.crc());
                attempt.placed();
                return null;
            }
            refusal = stronger(refusal, result);
        }
        return refusal;
    }

    private long offer(Tier tier, PutAttempt attempt, Scratch scratch) {
        PageKind kind = attempt.pool().kind();
        if (kind == PageKind.EPHEMERAL && tier.isPassedBy()) {
            upkeep.notePassedBy(tier);
            return Outcome.FULL;
        }
        PageBuffer page = scratch.page();
        if (tier == tiers.first()) {
            page.encode(tier.codec());
        } else { // as when a page comes down; one that no tier above has encoded is new here
            page.encodeIfShorter(tier.codec());
        }
        int judgement = tier.judge(kind, page);
        if (judgement != Admission.ADMITTED) {
            return judgement;
        }
        boolean freeing = tier.owed().isAny();
        long result = tier.put(kind, attempt.entry(), page);
        if (result == Outcome.FULL) {
            result = putAfterFrees(tier, attempt, page); // dead copies give way before anything else does
        }
        for (int i = 0; result == Outcome.FULL && i < FREES_MAX && deadPages.reclaimOne(scratch.movingLook()); i++) {
            result = tier.put(kind, attempt.entry(), page);
        }
        if (result == Outcome.FULL && !tier.isLocal()) {
            result = putAfterFrees(tier, attempt, page); // for there what was reclaimed is only owed
        }
        if (result == Outcome.FULL && freeing) {
            result = putBehindFrees(tier, attempt, page); // and before a page that lives
        }
        if (result == Outcome.FULL) {
            result = roomMaker.makeRoom(tier, attempt, scratch);
        }
        while (result == Outcome.FULL && kind == PageKind.PERSISTENT && freeMore(tier, scratch)) {
            result = tier.put(kind, attempt.entry(), page);
        }
        return result;
    }

    /** Pays frees that are owed, for a page that must not be refused as many as it takes. */
    private static long putAfterFrees(Tier tier, PutAttempt attempt, PageBuffer page) {
        PageKind kind = attempt.pool().kind();
        long result = Outcome.FULL;
        boolean more = true;
        for (int most = FREES_MAX;
                result == Outcome.FULL && more && tier.owed().size() > 0;
                most = Tier.FREES_AT_ONCE) {
            more = tier.payOwed(most) && kind == PageKind.PERSISTENT;
            result = tier.put(kind, attempt.entry(), page);
        }
        return result;
    }

    /** Frees some of what is dead: where frees are owed first, those. Returns whether there may be more room now. */
    private boolean freeMore(Tier tier, Scratch scratch) {
        boolean owes = !tier.isLocal() && tier.owed().size() > 0;
        return owes ? tier.payOwed(Tier.FREES_AT_ONCE) : deadPages.reclaimOne(scratch.movingLook());
    }

    /**
     * Tries for the room of copies that others free at this moment. The last try comes after the last free: one that
     * ended between a try and a look at the frees would else go unnoticed.
     */
    static long putBehindFrees(Tier tier, PutAttempt attempt, PageBuffer page) {
        long result = Outcome.FULL;
        boolean freeing = true;
        for (int tries = 0; result == Outcome.FULL && freeing && tries < TRIES_MAX; tries++) {
            freeing = tier.owed().isBeingPaid();
            if (freeing && tries > 0) {
                LockSupport.parkNanos(tier.isLocal() ? WAIT_NANOS : SLOW_WAIT_NANOS);
            }
            result = tier.put(attempt.pool().kind(), attempt.entry(), page);
        }
        return result;
    }

    /** Of several tiers' reasons the one to report: that which comes first in {@link Refusal}. */
    private static Refusal stronger(Refusal sofar, long outcome) {
        Refusal reason = reason(outcome);
        return reason.compareTo(sofar) < 0 ? reason : sofar;
    }

    private static Refusal reason(long outcome) {
        return switch ((int) outcome) {
            case Outcome.FULL -> Refusal.FULL;
            case Outcome.UNAVAILABLE -> Refusal.UNAVAILABLE;
            case Tier.FROZEN -> Refusal.FROZEN;
            case Admission.POOR_COMPRESSION -> Refusal.POOR_COMPRESSION;
            default -> Refusal.DECLINED;
        };
    }

    /** Counts the last answer of each tier that the put came to: once a put, however often it tried. */
    void count(PutAttempt attempt) {
        for (int number = 0; attempt.hasAnswersFrom(number); number++) {
            int answer = attempt.answer(number);
            if (answer == PutAttempt.TAKEN) {
                tiers.numbered(number).counters().stored.increment();
            } else if (answer != PutAttempt.NO_ANSWER) {
                tiers.numbered(number).counters().countRefusal(answer);
            }
        }
    }
}
