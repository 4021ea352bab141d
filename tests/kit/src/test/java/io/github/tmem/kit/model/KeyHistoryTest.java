package io.github.tmem.kit.model;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tmem.api.PageKind;
import io.github.tmem.kit.model.KeyHistory.Operation;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class KeyHistoryTest {

    private final KeyHistory history = new KeyHistory(new AtomicLong());

    private long put() {
        Operation put = history.beginPut();
        history.endPut(put, true);
        return put.version();
    }

    private static void assertForbidden(ThrowingCallable end) {
        assertThatThrownBy(end).isInstanceOf(AssertionError.class);
    }

    @Test
    void aReplacedVersionIsDead() {
        long older = put();
        put();
        assertForbidden(() -> history.endHit(history.begin(), older));
    }

    @Test
    void aGetThatOverlapsThePutMaySeeEither() {
        long older = put();
        Operation put = history.beginPut();
        history.endHit(history.begin(), older);
        Operation overlapping = history.begin();
        history.endPut(put, true);
        history.endHit(overlapping, older);
        history.endHit(history.begin(), put.version());
        assertForbidden(() -> history.endHit(history.begin(), older));
    }

    @Test
    void aVersionSomebodySawKillsTheOlderOnes() {
        long older = put();
        Operation put = history.beginPut();
        history.endHit(history.begin(), put.version());
        assertForbidden(() -> history.endHit(history.begin(), older));
    }

    @Test
    void flushedMissedTakenAndRefusedVersionsAreDead() {
        long flushed = put();
        history.endFlush(history.begin());
        assertForbidden(() -> history.endHit(history.begin(), flushed));
        long missed = put();
        history.endMiss(history.begin(), PageKind.EPHEMERAL);
        assertForbidden(() -> history.endHit(history.begin(), missed));
        long taken = put();
        history.endTake(history.begin(), taken);
        assertForbidden(() -> history.endTake(history.begin(), taken));
        long before = put();
        history.endPut(history.beginPut(), false);
        assertForbidden(() -> history.endHit(history.begin(), before));
        assertForbidden(() -> history.endHit(history.begin(), 999));
    }

    @Test
    void aPersistentPageIsMissedOnlyWhenSomethingRemovedIt() {
        history.endMiss(history.begin(), PageKind.PERSISTENT);
        put();
        Operation removal = history.begin();
        history.endMiss(history.begin(), PageKind.PERSISTENT);
        history.endFlush(removal);
        history.endMiss(history.begin(), PageKind.PERSISTENT);
        put();
        assertForbidden(() -> history.endMiss(history.begin(), PageKind.PERSISTENT));
    }

    @Test
    void aRefusedVersionIsNeverDelivered() {
        Operation put = history.beginPut();
        Operation overlapping = history.begin();
        history.endPut(put, false);
        assertForbidden(() -> history.endHit(overlapping, put.version()));
    }

    @Test
    void aVersionOfAnotherIncarnationIsUnknown() {
        AtomicLong clock = new AtomicLong();
        KeyHistory first = new KeyHistory(clock);
        Operation put = first.beginPut();
        first.endPut(put, true);
        KeyHistory second = new KeyHistory(clock);
        second.endPut(second.beginPut(), true);
        assertForbidden(() -> second.endHit(second.begin(), put.version()));
    }

    @Test
    void aLostPageStaysLostUntilPutOrFlush() {
        long lost = put();
        history.endUnavailable(history.begin());
        history.endHit(history.begin(), lost);
        history.endLost(history.begin());
        history.endLost(history.begin());
        assertForbidden(() -> history.endMiss(history.begin(), PageKind.PERSISTENT));
        assertForbidden(() -> history.endHit(history.begin(), lost));
    }

    @Test
    void withoutAPageNoneIsLostOrUnavailable() {
        put();
        Operation overlapping = history.begin();
        history.endFlush(history.begin());
        history.endLost(overlapping);
        assertForbidden(() -> history.endLost(history.begin()));
        assertForbidden(() -> history.endUnavailable(history.begin()));
        history.endUnavailable(beginBefore(history::beginPut));
    }

    private Operation beginBefore(Runnable other) {
        Operation operation = history.begin();
        other.run();
        return operation;
    }
}
