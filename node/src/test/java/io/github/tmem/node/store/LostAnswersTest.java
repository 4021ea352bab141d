package io.github.tmem.node.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.tmem.api.PagePool;
import io.github.tmem.api.PageStore;
import io.github.tmem.api.PageUnavailableException;
import io.github.tmem.api.TmemException;
import io.github.tmem.kit.Race;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Answers that are lost or late: nothing older comes back, nothing is lost, nothing is written behind the caller's back. */
@Timeout(120)
class LostAnswersTest extends TwoPrograms {
    @Override
    PageStore connect(int port) {
        return Remote.connect(port, Duration.ofSeconds(3));
    }

    private byte[] read() {
        byte[] page = new byte[SIZE];
        return Remote.answered(() -> pool.get(FILE, 1, page)) ? page : new byte[0];
    }

    /** Takes the page, and the answer is lost with the connection. */
    private void takeInVain() {
        relay.hold();
        byte[] page = Remote.page(SIZE, 99);
        CompletionStage<Boolean> get = pool.async().getAsync(FILE, 1, MemorySegment.ofArray(page));
        relay.awaitAnswer();
        relay.lose();
        assertThatExceptionOfType(java.util.concurrent.ExecutionException.class)
                .isThrownBy(() -> get.toCompletableFuture().get())
                .withCauseInstanceOf(PageUnavailableException.class);
        assertThat(page).isEqualTo(Remote.page(SIZE, 99));
        assertThat(others.contains(FILE, 1)).as("it was taken").isFalse();
    }

    @Test
    void aPageWhoseAnswerIsLostIsDeliveredByTheNextGetAndThenNoMore() {
        pool.put(FILE, 1, Remote.page(SIZE, 1));
        takeInVain();
        assertThat(others.get(FILE, 1, new byte[SIZE]))
                .as("it is his who took it")
                .isFalse();
        assertThat(read()).isEqualTo(Remote.page(SIZE, 1));
        assertThat(read()).isEmpty();
    }

    /** The answer is an error that says nothing of the take: the node may have taken the page before it came upon it. */
    @Test
    void aTakeThatEndedInAnErrorOfTheNodeHasLostNothing() {
        pool.put(FILE, 1, Remote.page(SIZE, 1));
        byte[] page = Remote.page(SIZE, 99);
        relay.change(answer -> answer.contains("ZZZ") ? "-ERR internal error\r\n" : answer);
        assertThatExceptionOfType(TmemException.class)
                .isThrownBy(() -> pool.get(FILE, 1, page))
                .withMessageContaining("internal error");
        assertThatExceptionOfType(java.util.concurrent.ExecutionException.class)
                .isThrownBy(() -> pool.async()
                        .getAsync(FILE, 1, MemorySegment.ofArray(page))
                        .toCompletableFuture()
                        .get())
                .withCauseInstanceOf(TmemException.class);
        relay.change(answer -> answer);
        assertThat(page).isEqualTo(Remote.page(SIZE, 99));
        assertThat(others.contains(FILE, 1)).as("it was taken").isFalse();
        assertThat(read()).isEqualTo(Remote.page(SIZE, 1));
        assertThat(read()).isEmpty();
    }

    @Test
    void closingAnotherHandleOfThePoolDropsNothing() {
        PagePool second = store.pool(EXCLUSIVE);
        pool.put(FILE, 1, Remote.page(SIZE, 1));
        takeInVain();
        Remote.answered(() -> second.contains(FILE, 1));
        second.close();
        assertThat(read()).isEqualTo(Remote.page(SIZE, 1));
    }

    @Test
    void aPageThatWasPutMeanwhileIsNotFollowedByAnOlderOne() {
        pool.put(FILE, 1, Remote.page(SIZE, 1));
        takeInVain();
        others.put(FILE, 1, Remote.page(SIZE, 2));
        assertThat(read()).isEqualTo(Remote.page(SIZE, 2));
        assertThat(read()).isEmpty();
    }

    @Test
    void aPageThatWasFlushedMeanwhileIsNotDelivered() {
        pool.put(FILE, 1, Remote.page(SIZE, 1));
        takeInVain();
        others.flush(FILE, 1);
        assertThat(read()).isEmpty();
        pool.put(FILE, 1, Remote.page(SIZE, 2));
        takeInVain();
        others.flushObject(FILE);
        assertThat(read()).isEmpty();
    }

    @Test
    void getsThatWereNeverSentHoldNothing() {
        pool.put(FILE, 1, Remote.page(SIZE, 1));
        relay.cut();
        for (int index = 100; index < 300; index++) {
            int other = index;
            assertThatExceptionOfType(PageUnavailableException.class)
                    .isThrownBy(() -> pool.get(FILE, other, new byte[SIZE]));
        }
        relay.mend();
        assertThat(read()).isEqualTo(Remote.page(SIZE, 1));
    }

    /** As many takes as there may be, each of another page, whose answers are lost. */
    private void takeManyInVain() {
        takeManyInVain(relay::lose);
    }

    private void takeManyInVain(Runnable loss) {
        relay.hold();
        List<CompletableFuture<Boolean>> gets = new ArrayList<>();
        for (int index = 100; index < 164; index++) {
            gets.add(pool.async()
                    .getAsync(FILE, index, MemorySegment.ofArray(new byte[SIZE]))
                    .toCompletableFuture());
        }
        relay.awaitAnswer();
        loss.run();
        gets.forEach(get -> assertThatExceptionOfType(java.util.concurrent.ExecutionException.class)
                .isThrownBy(get::get)
                .withCauseInstanceOf(PageUnavailableException.class));
    }

    /** All places are taken, and cannot be given back. */
    @Test
    void withoutAConnectionNobodyWaitsForAPlace() {
        takeManyInVain(() -> {
            relay.cut();
            relay.lose();
        });
        Race.until(() -> isRefusedWithin(TimeUnit.MILLISECONDS.toNanos(500))); // until the loss is known
        for (int i = 0; i < 50; i++) {
            assertThat(isRefusedWithin(TimeUnit.SECONDS.toNanos(2))).isTrue();
        }
        relay.mend();
        assertThat(Remote.answered(() -> pool.get(FILE, 1, new byte[SIZE]))).isFalse();
    }

    private boolean isRefusedWithin(long nanos) {
        long begin = System.nanoTime();
        assertThatExceptionOfType(PageUnavailableException.class).isThrownBy(() -> pool.get(FILE, 1, new byte[SIZE]));
        return System.nanoTime() - begin < nanos;
    }

    @Test
    void pagesThatWerePutOrFlushedSinceAreNotWaitedFor() {
        pool.put(FILE, 1, Remote.page(SIZE, 1));
        takeManyInVain();
        Remote.answered(() -> pool.flush(FILE, 100));
        assertThat(read()).isEqualTo(Remote.page(SIZE, 1));
        for (int index = 101; index < 164; index++) {
            pool.put(FILE, index, Remote.page(SIZE, 2));
        }
        takeManyInVain();
        Remote.answered(() -> pool.flushObject(FILE));
        Remote.answered(() -> pool.put(FILE, 1, Remote.page(SIZE, 4)));
        assertThat(read()).isEqualTo(Remote.page(SIZE, 4));
    }

    @Test
    void aPutWithoutAnAnswerIsNoRefusalAndNothingOlderIsFoundBehindIt() {
        pool.put(FILE, 1, Remote.page(SIZE, 1));
        relay.hold();
        CompletionStage<?> put = pool.async().putAsync(FILE, 1, MemorySegment.ofArray(Remote.page(SIZE, 2)));
        relay.awaitAnswer();
        relay.lose();
        assertThatExceptionOfType(java.util.concurrent.ExecutionException.class)
                .isThrownBy(() -> put.toCompletableFuture().get())
                .withCauseInstanceOf(PageUnavailableException.class);
        assertThat(read()).isEqualTo(Remote.page(SIZE, 2));
    }

    @Test
    void aPutThatArrivesLateOverAnOldConnectionReplacesNothing() {
        pool.put(FILE, 1, Remote.page(SIZE, 1));
        relay.keepRequests();
        CompletionStage<?> put = pool.async().putAsync(FILE, 1, MemorySegment.ofArray(Remote.page(SIZE, 2)));
        relay.breakBehindARequest();
        assertThatExceptionOfType(java.util.concurrent.ExecutionException.class)
                .isThrownBy(() -> put.toCompletableFuture().get());
        Remote.answered(() -> pool.put(FILE, 1, Remote.page(SIZE, 3)));
        relay.haunt();
        assertThat(read()).isEqualTo(Remote.page(SIZE, 3));
    }

    @Test
    void whatComesLateIsWrittenNowhere() {
        pool.put(FILE, 1, Remote.page(SIZE, 1));
        pool.put(FILE, 2, Remote.page(SIZE, 2));
        byte[] page = Remote.page(SIZE, 99);
        byte[] async = Remote.page(SIZE, 98);
        relay.hold();
        CompletionStage<Boolean> get = pool.async().getAsync(FILE, 2, MemorySegment.ofArray(async));
        assertThatExceptionOfType(PageUnavailableException.class).isThrownBy(() -> pool.get(FILE, 1, page));
        assertThatExceptionOfType(java.util.concurrent.ExecutionException.class)
                .isThrownBy(() -> get.toCompletableFuture().get());
        relay.release();
        assertThat(Remote.answered(() -> pool.contains(FILE, 1)))
                .as("answered behind the late answers")
                .isFalse();
        assertThat(page).isEqualTo(Remote.page(SIZE, 99));
        assertThat(async).isEqualTo(Remote.page(SIZE, 98));
        assertThat(read()).as("taken with the ticket of the late one").isEqualTo(Remote.page(SIZE, 1));
        assertThat(read()).isEmpty();
    }

    @Test
    void aCloseWithoutAnAnswerIsMadeUpFor() {
        for (boolean executed : new boolean[] {true, false}) {
            PagePool own = Remote.answered(() -> store.persistent("own"));
            Remote.answered(() -> own.put(FILE, 1, new byte[own.pageSize()]));
            if (executed) {
                relay.hold();
            } else {
                relay.keepRequests();
            }
            Thread closing = Thread.ofPlatform().start(own::close);
            if (executed) {
                relay.awaitAnswer();
                relay.lose();
            } else {
                relay.breakBehindARequest();
            }
            assertThat(Remote.answered(() -> join(closing))).isTrue();
            assertThat(Remote.answered(() -> store.persistent("own").pageCount()))
                    .as("of a pool that is new")
                    .isZero();
        }
    }

    @Test
    void aCloseThatCouldNotBeSentTakesPlaceBeforeThePoolIsOpenedAnew() {
        for (int round = 0; round < 20; round++) {
            PagePool own = Remote.answered(() -> store.persistent("own"));
            Remote.answered(() -> own.put(FILE, 1, new byte[own.pageSize()]));
            relay.cut();
            Thread mending = Thread.ofPlatform().start(relay::mend);
            own.close();
            PagePool again = Remote.answered(() -> store.persistent("own"));
            assertThat(Remote.answered(() -> again.contains(FILE, 1))).isFalse();
            again.put(FILE, 1, new byte[own.pageSize()]);
            relay.cut();
            relay.mend();
            assertThat(Remote.answered(() -> again.contains(FILE, 1)))
                    .as("the old close was not made up for now")
                    .isTrue();
            again.close();
            assertThat(join(mending)).isTrue();
        }
    }

    private static boolean join(Thread thread) {
        try {
            thread.join();
            return true;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aDamagedPageIsNoPageAndIsObtainedByAskingAgain() {
        pool.put(FILE, 1, Remote.page(SIZE, 1));
        relay.change(answer -> answer.replace("ZZZ", "ZZY"));
        byte[] page = Remote.page(SIZE, 99);
        assertThatExceptionOfType(PageUnavailableException.class)
                .isThrownBy(() -> pool.get(FILE, 1, page))
                .withMessageContaining("damaged");
        assertThat(page).isEqualTo(Remote.page(SIZE, 99));
        relay.change(answer -> answer);
        assertThat(read()).isEqualTo(Remote.page(SIZE, 1));
    }
}
