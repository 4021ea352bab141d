package io.github.tmem.node.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.tmem.api.PagePool;
import io.github.tmem.api.PageStore;
import io.github.tmem.api.PageUnavailableException;
import io.github.tmem.api.config.PoolConfig;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Pages that were taken and not delivered, and pools whose opening was not answered, if nobody asks again. */
@Timeout(120)
class GivenBackTest extends TwoPrograms {
    private static final int LANES = 64;

    @Override
    PageStore connect(int port) {
        return Remote.connect(port, Duration.ofSeconds(3), Duration.ofHours(1));
    }

    private CompletableFuture<Boolean> get(long index) {
        return pool.async()
                .getAsync(FILE, index, MemorySegment.ofArray(new byte[SIZE]))
                .toCompletableFuture();
    }

    private static void assertUnanswered(CompletableFuture<?> call) {
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(call::get)
                .withCauseInstanceOf(PageUnavailableException.class);
    }

    /** Takes the page, and the answer is lost with the connection. */
    private void takeInVain() {
        relay.hold();
        CompletableFuture<Boolean> get = get(1);
        relay.awaitAnswer();
        relay.lose();
        assertUnanswered(get);
        assertThat(others.contains(FILE, 1)).as("it was taken").isFalse();
    }

    private void awaitConnection() {
        Remote.answered(store::stats);
    }

    private byte[] readElsewhere() {
        byte[] page = new byte[SIZE];
        return others.get(FILE, 1, page) ? page : new byte[0];
    }

    @Test
    void takesThatNobodyAsksForAgainKeepNoPlaces() {
        for (int index = 100; index < 100 + LANES; index++) {
            pool.put(FILE, index, Remote.page(SIZE, index));
        }
        pool.put(FILE, 1, Remote.page(SIZE, 1));
        relay.hold();
        List<CompletableFuture<Boolean>> gets = new ArrayList<>();
        for (int index = 100; index < 100 + LANES; index++) {
            gets.add(get(index));
        }
        relay.awaitAnswer();
        relay.lose();
        gets.forEach(GivenBackTest::assertUnanswered);

        byte[] page = new byte[SIZE];
        assertThat(Remote.answered(() -> pool.get(FILE, 1, page))).isTrue();
        for (int index = 100; index < 100 + LANES; index++) {
            assertThat(others.get(FILE, index, page)).as("page " + index).isTrue();
            assertThat(page).isEqualTo(Remote.page(SIZE, index));
            assertThat(pool.get(FILE, index, page)).isFalse();
        }
    }

    @Test
    void aPageThatNobodyAskedForIsThereForAllAgain() {
        try (PageStore talkative = Remote.connect(relay.port(), Duration.ofSeconds(30), Duration.ofSeconds(1))) {
            PagePool mine = talkative.pool(EXCLUSIVE);
            mine.put(FILE, 1, Remote.page(SIZE, 1));
            relay.change(answer -> answer.replace("ZZZ", "ZZY"));
            assertThatExceptionOfType(PageUnavailableException.class)
                    .isThrownBy(() -> mine.get(FILE, 1, new byte[SIZE]));
            relay.change(answer -> answer);
            byte[] page = new byte[SIZE];
            Remote.await(() -> others.get(FILE, 1, page));
            assertThat(page).isEqualTo(Remote.page(SIZE, 1));
            assertThat(Remote.answered(() -> mine.get(FILE, 1, page))).isFalse();
        }
    }

    @Test
    void aHandleThatIsClosedGivesBackWhatWasNotDelivered() {
        pool.put(FILE, 1, Remote.page(SIZE, 1));
        takeInVain();
        pool.close();
        Remote.await(() -> readElsewhere().length == SIZE);
    }

    @Test
    void aHandleThatIsClosedWaitsForItsTakes() throws Exception {
        pool.put(FILE, 1, Remote.page(SIZE, 1));
        relay.hold();
        CompletableFuture<Boolean> get = get(1);
        relay.awaitAnswer();
        Thread closing = Thread.ofPlatform().start(pool::close);
        while (closing.getState() != Thread.State.WAITING && closing.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        relay.lose();
        assertUnanswered(get);
        closing.join();
        Remote.await(() -> readElsewhere().length == SIZE);
    }

    @Test
    void aStoreThatIsClosedGivesBackWhatWasNotDelivered() {
        pool.put(FILE, 1, Remote.page(SIZE, 1));
        takeInVain();
        awaitConnection();
        store.close();
        assertThat(readElsewhere()).isEqualTo(Remote.page(SIZE, 1));
        assertThat(readElsewhere()).isEmpty();
    }

    @Test
    void whatWasPutOrFlushedSinceIsNotReplacedByWhatComesBack() {
        pool.put(FILE, 1, Remote.page(SIZE, 1));
        takeInVain();
        others.put(FILE, 1, Remote.page(SIZE, 2));
        awaitConnection();
        store.close();
        assertThat(readElsewhere()).isEqualTo(Remote.page(SIZE, 2));
        assertThat(readElsewhere()).isEmpty();
    }

    @Test
    void whatWasFlushedSinceDoesNotComeBack() {
        pool.put(FILE, 1, Remote.page(SIZE, 1));
        takeInVain();
        others.flushObject(FILE);
        awaitConnection();
        store.close();
        assertThat(readElsewhere()).isEmpty();
    }

    @Test
    void aPoolWhoseOpeningWasNotAnsweredIsNotLeftOpen() {
        PoolConfig fresh = EXCLUSIVE.withName("fresh").sharedAs(new UUID(5, 6));
        relay.hold();
        CompletableFuture<PagePool> opening =
                CompletableFuture.supplyAsync(() -> store.pool(fresh), Thread::startVirtualThread);
        relay.awaitAnswer();
        relay.lose();
        assertUnanswered(opening);
        awaitConnection();
        Remote.await(() -> isGoneWithItsLastOwner(fresh));
    }

    private boolean isGoneWithItsLastOwner(PoolConfig settings) {
        try (PagePool last = other.pool(settings)) {
            last.put(FILE, 1, Remote.page(SIZE, 1));
        }
        try (PagePool next = other.pool(settings)) {
            return !next.contains(FILE, 1);
        }
    }
}
