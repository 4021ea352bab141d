package io.github.tmem.kit.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tmem.api.PageKind;
import io.github.tmem.api.spi.Backend;
import io.github.tmem.api.spi.LocatedBackend;
import io.github.tmem.api.spi.LocatedBackend.Claim;
import io.github.tmem.api.spi.LocatedBackend.ClaimGoal;
import io.github.tmem.api.spi.Outcome;
import io.github.tmem.kit.Aside;
import io.github.tmem.kit.Gate;
import io.github.tmem.kit.Pages;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class CheckingBackendTest {

    private static final int LENGTH = 100;

    private final MemorySegment page = MemorySegment.ofArray(Pages.noise(1, LENGTH));
    private final CheckingBackend located = new CheckingBackend(new LocatedTestBackend(1 << 20));
    private final KeyedTestBackend medium = KeyedTestBackend.slow(1 << 10);
    private final CheckingBackend keyed = new CheckingBackend(medium);

    private long put(Backend backend, long copyId) {
        return backend.put(copyId, PageKind.EPHEMERAL, 0, page, LENGTH);
    }

    private static void assertMistake(CheckingBackend backend, ThrowingCallable call, String mistake) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessageContaining(mistake);
        assertThat(backend.mistakes()).last().asString().contains(mistake);
        assertThatThrownBy(backend::assertNoMistakes).isInstanceOf(AssertionError.class);
    }

    @Test
    void copyIdsAreUsedOnce() {
        put(keyed, 7);
        keyed.flush(7);
        assertMistake(keyed, () -> put(keyed, 7), "second put");
        assertMistake(keyed, () -> put(keyed, 0), "copy id 0");
    }

    @Test
    void locatorsAreFlushedOnce() {
        long locator = put(located, 1);
        assertThat(located.flush(locator)).isEqualTo(Outcome.DONE);
        assertMistake(located, () -> located.flush(locator), "not stored");
    }

    @Test
    void keyedFlushesMayRepeatButNameACopyThatWasPut() {
        put(keyed, 1);
        keyed.flush(1);
        keyed.flush(1);
        keyed.assertNoMistakes();
        assertMistake(keyed, () -> keyed.flush(2), "nobody put");
    }

    @Test
    void lengthsFit() {
        MemorySegment tooLong = MemorySegment.ofArray(new byte[(1 << 20) + 1]);
        assertMistake(keyed, () -> keyed.put(1, PageKind.EPHEMERAL, 0, tooLong, (1 << 20) + 1), "put of");
        assertMistake(keyed, () -> keyed.put(2, PageKind.EPHEMERAL, 0, page, LENGTH + 1), "put of");
        put(keyed, 3);
        assertMistake(keyed, () -> keyed.get(3, page, LENGTH + 1), "get of");
        assertMistake(keyed, () -> keyed.get(3, page.asReadOnly(), LENGTH), "read-only");
    }

    @Test
    void whoLooksWithoutALockMayAskForAnyCopy() {
        put(keyed, 3);
        assertThat(keyed.get(4, page, LENGTH)).isEqualTo(Outcome.GONE);
        assertThat(keyed.get(3, page, LENGTH - 1)).isNegative();
        assertThat(located.get(1L << 50, page, LENGTH)).isEqualTo(Outcome.GONE);
        keyed.assertNoMistakes();
        located.assertNoMistakes();
    }

    @Test
    void unansweredPutsStayChargedUntilTheirFlush() {
        medium.link(Link.ANSWERS_LOST);
        for (long copyId = 1; copyId <= 10; copyId++) {
            put(keyed, copyId);
        }
        assertMistake(keyed, () -> put(keyed, 11), "put into");
        assertThat(keyed.copiesAlive()).isEqualTo(10);
    }

    @Test
    void useMayStayAboveANewCapacityButNotRise() {
        long[] used = {900};
        CheckingBackend watched = new CheckingBackend(new FilterBackend(KeyedTestBackend.local(1000)) {
            @Override
            public long usedBytes() {
                return used[0];
            }
        });
        watched.resize(500);
        watched.usedBytes();
        used[0] = 700;
        watched.usedBytes();
        watched.assertNoMistakes();
        used[0] = 701;
        watched.usedBytes();
        assertThat(watched.mistakes()).singleElement().asString().contains("701 bytes used of 700");
        watched.resize(1000);
        used[0] = 1000;
        watched.usedBytes();
        assertThat(watched.mistakes()).hasSize(1);
        used[0] = 1001;
        watched.usedBytes();
        assertThat(watched.mistakes()).hasSize(2);
    }

    @Test
    void keyedBackendsGetNoMoreThanTheLargestCapacity() {
        MemorySegment longer = MemorySegment.ofArray(new byte[(1 << 10) + 1]);
        keyed.resize(LENGTH);
        assertThat(keyed.put(1, PageKind.EPHEMERAL, 0, longer, 1 << 10))
                .as("a put that may be on its way since before")
                .isEqualTo(Outcome.FULL);
        keyed.assertNoMistakes();
        assertMistake(keyed, () -> keyed.put(2, PageKind.EPHEMERAL, 0, longer, (1 << 10) + 1), "put into");
    }

    @Test
    void leaksAreSeen() {
        long locator = put(located, 1);
        assertThatThrownBy(located::assertNoCopies).isInstanceOf(AssertionError.class);
        located.flush(locator);
        located.assertNoCopies();
    }

    @Test
    void copiesWhoseFlushWentUnansweredGoWithTheBackendAndAllOthersAreLeaks() {
        FaultyBackend faulty = new FaultyBackend(new LocatedTestBackend(1 << 20), 1);
        CheckingBackend backend = new CheckingBackend(faulty.asBackend());
        long owed = put(backend, 1);
        long leaked = put(backend, 2);
        faulty.next(Fault.FLUSH_UNAVAILABLE);
        assertThat(backend.flush(owed)).isEqualTo(Outcome.UNAVAILABLE);
        assertThat(backend.copiesAlive()).isEqualTo(2);
        backend.close();
        assertThatThrownBy(backend::assertNoCopies).hasMessage("1 copies leaked, among them locator " + leaked);
    }

    @Test
    void sourcesStayAsTheyAreUntilTheCompletion() {
        medium.gate().shut("put-done");
        keyed.putAsync(1, PageKind.EPHEMERAL, 0, page, LENGTH, result -> {});
        medium.gate().awaitArrival("put-done");
        page.fill((byte) 0);
        medium.gate().open("put-done");
        keyed.close();
        assertThat(keyed.mistakes()).anyMatch(mistake -> mistake.contains("changed during its put"));
    }

    @Test
    void claimsAreEmptyBeforeTheyAreUsedAndClosedOnce() {
        put(located, 1);
        LocatedBackend backend = (LocatedBackend) located.asBackend();
        Claim claim = Objects.requireNonNull(backend.claim(ClaimGoal.PERSISTENT, 1 << 10));
        assertMistake(located, () -> claim.put(2, PageKind.PERSISTENT, 0, page, LENGTH), "not empty");
        assertMistake(located, located::close, "claims open");
        claim.close();
        assertMistake(located, claim::relocatable, "after its close");
        assertMistake(located, located::usedBytes, "after close");
    }

    @Test
    void putsIntoClaimedRoomAreBlockedToo() {
        try (Gate gate = new Gate()) {
            FilterBackend blocking = new BlockingBackend(new LocatedTestBackend(1 << 20), gate, "cold");
            LocatedBackend backend = (LocatedBackend) blocking.asBackend();
            long locator = put(backend, 1);
            Claim claim = Objects.requireNonNull(backend.claim(ClaimGoal.PERSISTENT, LENGTH));
            backend.flush(locator);
            gate.shut("cold.put");
            CompletableFuture<Long> putting = Aside.start(() -> claim.put(2, PageKind.PERSISTENT, 0, page, LENGTH));
            gate.awaitArrival("cold.put");
            assertThat(backend.usage().copies()).isZero();
            gate.open("cold.put");
            assertThat(Aside.join(putting)).isNotNegative();
            claim.close();
        }
    }

    @Test
    void blockedCallsGoOnWhenTheGateOpens() {
        try (Gate gate = new Gate()) {
            BlockingBackend blocking = new BlockingBackend(medium, gate, "cold");
            gate.shut("cold.put");
            blocking.putAsync(1, PageKind.EPHEMERAL, 0, page, LENGTH, result -> gate.arrive("completed"));
            gate.awaitArrival("cold.put");
            assertThat(medium.contents()).isEmpty();
            gate.shut("completed");
            gate.open("cold.put");
            gate.awaitArrival("completed");
            assertThat(medium.contents()).containsOnlyKeys(1L);
        }
    }
}
