package io.github.tmem.tiering.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tmem.api.PageKind;
import io.github.tmem.api.config.Size;
import io.github.tmem.api.config.TierConfig;
import io.github.tmem.api.spi.Completion;
import io.github.tmem.api.spi.Outcome;
import io.github.tmem.kit.Race;
import io.github.tmem.kit.backend.FilterBackend;
import io.github.tmem.kit.backend.KeyedTestBackend;
import io.github.tmem.kit.backend.Link;
import io.github.tmem.tiering.chain.Tier.Setup;
import io.github.tmem.tiering.codec.CallerPage;
import io.github.tmem.tiering.codec.Codecs;
import io.github.tmem.tiering.codec.PageBuffer;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a tier books around the calls of its backend: bytes, frees that are owed, calls without an answer. */
class TierTest {
    private static final int PAGE = 4096;
    private static final long CAPACITY = 4L * PAGE;

    private final AtomicInteger owedHeard = new AtomicInteger();
    private final KeyedTestBackend medium = KeyedTestBackend.slow(CAPACITY);
    private final Failing backend = new Failing(medium);
    private final PageBuffer page = page();
    private final Tier tier = tier(backend, CAPACITY);

    /** Throws when told to. */
    private static final class Failing extends FilterBackend {
        private boolean failing;

        Failing(KeyedTestBackend medium) {
            super(medium);
        }

        private void fail() {
            if (failing) {
                throw new IllegalStateException("told to");
            }
        }

        @Override
        public long put(long copyId, PageKind kind, int owner, MemorySegment encoded, int length) {
            fail();
            return super.put(copyId, kind, owner, encoded, length);
        }

        @Override
        public void putAsync(
                long copyId, PageKind kind, int owner, MemorySegment encoded, int length, Completion completion) {
            fail();
            super.putAsync(copyId, kind, owner, encoded, length, completion);
        }

        @Override
        public int flush(long locator) {
            fail();
            return super.flush(locator);
        }
    }

    private static PageBuffer page() {
        byte[] bytes = new byte[PAGE];
        new Random(1).nextBytes(bytes);
        CallerPage caller = new CallerPage();
        caller.set(bytes);
        PageBuffer page = new PageBuffer(new Codecs(List.of()).open());
        page.prepare(PAGE);
        page.load(caller);
        page.encode(Codecs.RAW);
        return page;
    }

    private Tier tier(FilterBackend behind, long capacity) {
        TierConfig config =
                TierConfig.of("keyed", Size.ofBytes(capacity)).withCodec("none").withWatermarks(75, 50);
        Setup setup = new Setup(0, "keyed", config, Codecs.RAW, capacity);
        return new Tier(setup, behind, new AtomicLong(), owedHeard::incrementAndGet);
    }

    private long put() {
        return tier.put(PageKind.PERSISTENT, 7, page);
    }

    private void assertBooked(int pages, int owed, int unanswered) {
        assertThat(tier.usedBytes()).as("bytes").isEqualTo((long) pages * PAGE);
        assertThat(tier.owed().unacknowledged()).as("frees owed").isEqualTo(owed);
        assertThat(tier.counters().unanswered.sum())
                .as("calls without an answer")
                .isEqualTo(unanswered);
    }

    @AfterEach
    void close() {
        medium.close();
    }

    @Test
    void whatIsStoredIsChargedUntilItsFreeIsAnswered() {
        for (int i = 1; i <= 4; i++) {
            assertThat(put()).isEqualTo(i);
        }
        assertThat(put()).isEqualTo(Outcome.FULL);
        assertBooked(4, 0, 0);
        tier.free(1, PAGE);
        assertThat(owedHeard).hasValue(1);
        assertBooked(4, 1, 0);
        assertThat(tier.payOwed(10)).isTrue();
        assertBooked(3, 0, 0);
        assertThat(tier.freeNow(2, PAGE)).isTrue();
        assertBooked(2, 0, 0);
        assertThat(owedHeard).hasValue(1);
        assertThat(put()).isEqualTo(5);
    }

    @Test
    void aFreeWithoutAnAnswerIsOwedAndTheOthersAfterIt() {
        for (int i = 1; i <= 3; i++) {
            put();
        }
        medium.link(Link.DOWN);
        assertThat(tier.freeNow(1, PAGE)).isFalse();
        assertBooked(3, 1, 1);
        backend.failing = true;
        assertThat(tier.freeNow(2, PAGE)).as("by an exception").isFalse();
        assertBooked(3, 2, 2);
        assertThat(tier.payOwed(10)).isFalse();
        assertBooked(3, 2, 3);
        backend.failing = false;
        medium.link(Link.UP);
        assertThat(tier.payOwed(1)).isTrue();
        assertBooked(2, 1, 3);
        assertThat(tier.payOwed(10)).isTrue();
        assertBooked(1, 0, 3);
    }

    /** Each answer counts for its own copy, whatever comes of the others. */
    @Test
    void owedFreesArePaidInOneCallAndBookedByTheirAnswers() {
        List<Integer> calls = new ArrayList<>();
        int[] answers = {Outcome.DONE, Outcome.UNAVAILABLE, Outcome.GONE};
        Tier batching = tier(
                new FilterBackend(medium) {
                    @Override
                    public void flushAll(long[] locators, int count, int[] outcomes) {
                        calls.add(count);
                        System.arraycopy(answers, 0, outcomes, 0, count);
                        if (answers[0] == Outcome.UNAVAILABLE) {
                            throw new IllegalStateException("told to");
                        }
                    }
                },
                CAPACITY);
        for (int i = 1; i <= 3; i++) {
            batching.put(PageKind.PERSISTENT, 7, page);
            batching.free(i, PAGE);
        }
        assertThat(batching.payOwed(0)).isTrue();
        assertThat(batching.payOwed(3)).isFalse();
        assertThat(calls).containsExactly(0, 3);
        assertThat(batching.usedBytes()).isEqualTo(PAGE);
        assertThat(batching.owed().unacknowledged()).isEqualTo(1);
        assertThat(batching.counters().unanswered.sum()).as("one call").isEqualTo(1);
        answers[0] = Outcome.UNAVAILABLE;
        assertThat(batching.payOwed(3)).isFalse();
        assertThat(batching.usedBytes()).isEqualTo(PAGE);
        answers[0] = Outcome.DONE;
        assertThat(batching.payOwed(3)).isTrue();
        assertThat(batching.usedBytes()).isZero();
        assertThat(batching.owed().isAny()).isFalse();
    }

    @Test
    void aPutThatWasNotSentOwesNothingAndCountsAsUnanswered() {
        AtomicLong answer = new AtomicLong();
        medium.link(Link.AWAY);
        assertThat(put()).isEqualTo(Outcome.UNAVAILABLE);
        tier.putAsync(PageKind.EPHEMERAL, 7, page, answer::set);
        Race.until(() -> answer.get() == Outcome.UNAVAILABLE);
        assertBooked(0, 0, 2);
        assertThat(owedHeard).hasValue(0);
    }

    @Test
    void aPutWithoutAnAnswerKeepsItsRoomUntilItsFreeIsPaid() {
        medium.link(Link.ANSWERS_LOST);
        assertThat(put()).isEqualTo(Outcome.UNAVAILABLE);
        assertBooked(1, 1, 1);
        backend.failing = true;
        assertThatThrownBy(this::put).isInstanceOf(IllegalStateException.class);
        assertBooked(2, 2, 1);
        assertThat(owedHeard).hasValue(2);
        backend.failing = false;
        medium.link(Link.UP);
        assertThat(tier.payOwed(10)).isTrue();
        assertBooked(0, 0, 1);
        assertThat(medium.usage().copies()).isZero();
    }

    @Test
    void aPutThatTheEngineRefusesGivesItsRoomBack() {
        medium.resize(2L * PAGE); // less than the tier thinks
        put();
        put();
        assertThat(put()).isEqualTo(Outcome.FULL);
        assertBooked(2, 0, 0);
    }

    @Test
    void aTierThatOwesManyTakesNothing() {
        for (int i = 0; i <= OwedFrees.MANY; i++) {
            tier.owed().add(1_000 + i, 0);
        }
        assertThat(put()).isEqualTo(Outcome.UNAVAILABLE);
        assertBooked(0, OwedFrees.MANY + 1, 0);
        tier.payOwed(1);
        assertThat(put()).isPositive();
    }

    @Test
    void aFrozenTierTakesNothing() {
        AtomicLong answer = new AtomicLong();
        tier.freeze();
        assertThat(put()).isEqualTo(Tier.FROZEN);
        tier.putAsync(PageKind.EPHEMERAL, 7, page, answer::set);
        assertThat(answer).hasValue(Tier.FROZEN);
        tier.thaw();
        assertThat(put()).isPositive();
        assertBooked(1, 0, 0);
    }

    @Test
    void aPutThatIsNotWaitedForIsBookedByItsAnswer() {
        AtomicLong answer = new AtomicLong();
        tier.putAsync(PageKind.EPHEMERAL, 7, page, answer::set);
        Race.until(() -> answer.get() == 1);
        medium.link(Link.DOWN);
        tier.putAsync(PageKind.EPHEMERAL, 7, page, answer::set);
        Race.until(() -> answer.get() == Outcome.UNAVAILABLE);
        assertBooked(2, 1, 1);
        answer.set(0);
        backend.failing = true;
        tier.putAsync(PageKind.EPHEMERAL, 7, page, answer::set);
        assertThat(answer).as("after an exception").hasValue(Outcome.UNAVAILABLE);
        assertBooked(3, 2, 2);
        backend.failing = false;
        medium.link(Link.UP);
        put();
        tier.putAsync(PageKind.EPHEMERAL, 7, page, answer::set);
        assertThat(answer).hasValue(Outcome.FULL);
    }

    /** What a backend says after its first word, or after it threw, comes too late: the copy is owed a free by then. */
    @Test
    void onlyTheFirstAnswerCounts() {
        List<Long> answers = new ArrayList<>();
        List<Completion> late = new ArrayList<>();
        Tier talkative = tier(
                new FilterBackend(medium) {
                    @Override
                    public void putAsync(
                            long copyId,
                            PageKind kind,
                            int owner,
                            MemorySegment encoded,
                            int length,
                            Completion completion) {
                        if (late.isEmpty()) {
                            late.add(completion);
                            throw new OutOfMemoryError("told to");
                        }
                        completion.complete(copyId);
                        completion.complete(copyId);
                    }
                },
                CAPACITY);
        assertThatThrownBy(() -> talkative.putAsync(PageKind.EPHEMERAL, 7, page, answers::add))
                .isInstanceOf(OutOfMemoryError.class);
        assertThat(answers).containsExactly((long) Outcome.UNAVAILABLE);
        late.getFirst().complete(1);
        talkative.putAsync(PageKind.EPHEMERAL, 7, page, answers::add);
        assertThat(answers).containsExactly((long) Outcome.UNAVAILABLE, 2L);
        assertThat(talkative.usedBytes()).isEqualTo(2L * PAGE);
        assertThat(talkative.owed().unacknowledged()).isEqualTo(1);
    }

    @Test
    void aFreeThatFindsNoMemoryIsOwed() {
        AtomicBoolean full = new AtomicBoolean(true);
        Tier exhausted = tier(
                new FilterBackend(medium) {
                    @Override
                    public int flush(long locator) {
                        if (full.getAndSet(false)) {
                            throw new OutOfMemoryError("told to");
                        }
                        return super.flush(locator);
                    }
                },
                CAPACITY);
        long locator = exhausted.put(PageKind.PERSISTENT, 7, page);
        assertThat(exhausted.freeNow(locator, PAGE)).isFalse();
        assertThat(exhausted.usedBytes()).isEqualTo(PAGE);
        assertThat(exhausted.payOwed(10)).isTrue();
        assertThat(exhausted.usedBytes()).isZero();
    }

    @Test
    void watermarksAreOfTheCapacity() {
        put();
        put();
        assertThat(tier.isAboveLow()).isFalse();
        assertThat(tier.bytesAboveLow()).isZero();
        put();
        assertThat(tier.isAboveHigh()).as("just at it").isFalse();
        assertThat(tier.isAboveLow()).isTrue();
        assertThat(tier.bytesAboveLow()).isEqualTo(PAGE);
        put();
        assertThat(tier.isAboveHigh()).isTrue();
    }

    @Test
    void aTierThatWasFullIsPassedByDownToItsLowWatermark() {
        for (int i = 1; i <= 4; i++) {
            put();
        }
        assertThat(tier.isPassedBy()).isFalse();
        tier.passBy();
        tier.freeNow(1, PAGE);
        assertThat(tier.isPassedBy()).isTrue();
        tier.freeNow(2, PAGE);
        assertThat(tier.isPassedBy()).isFalse();
        put();
        assertThat(tier.isPassedBy()).as("until it is full again").isFalse();
    }

    @Test
    void anEngineInMemorySaysItselfWhatItTakes() {
        KeyedTestBackend local = KeyedTestBackend.local(CAPACITY);
        Tier near = tier(
                new FilterBackend(local) {
                    @Override
                    public long usedBytes() {
                        return super.usedBytes() + 100;
                    }
                },
                CAPACITY);
        near.put(PageKind.PERSISTENT, 7, page);
        assertThat(near.usedBytes()).isEqualTo(PAGE + 100);
        near.free(1, PAGE);
        assertThat(local.usage().copies()).as("freed at once").isZero();
        assertThat(near.owed().isAny()).isFalse();
        local.close();
    }
}
