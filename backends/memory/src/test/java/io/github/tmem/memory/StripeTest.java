package io.github.tmem.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tmem.kit.contract.PatientLockContract;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StripeTest extends PatientLockContract {
    private static final int THREADS = 4;
    private static final int TIMES = 100_000;

    private final Stripe stripe = new Stripe(0);

    @Override
    protected void lock() {
        stripe.lock();
    }

    @Override
    protected void unlock() {
        stripe.unlock();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void oneThreadAtATimeHasIt(boolean virtual) throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            threads.add((virtual ? Thread.ofVirtual() : Thread.ofPlatform()).start(() -> {
                for (int time = 0; time < TIMES; time++) {
                    stripe.lock();
                    stripe.begin(time);
                    stripe.unlock();
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        stripe.lock();
        assertThat(stripe.copies()).isEqualTo((long) THREADS * TIMES);
        assertThat(stripe.encodedBytes()).isEqualTo(THREADS * (TIMES * (TIMES - 1L) / 2));
        stripe.unlock();
    }

    @Test
    void isTakenOnceAndGivenBackByItsHolder() {
        assertThat(stripe.isHeldByCurrentThread()).isFalse();
        assertThatThrownBy(stripe::unlock).isInstanceOf(IllegalMonitorStateException.class);
        stripe.lock();
        assertThat(stripe.isHeldByCurrentThread()).isTrue();
        assertThatThrownBy(stripe::lock).isInstanceOf(IllegalMonitorStateException.class);
        CompletableFuture.runAsync(() -> {
                    assertThat(stripe.isHeldByCurrentThread()).isFalse();
                    assertThatThrownBy(stripe::unlock).isInstanceOf(IllegalMonitorStateException.class);
                })
                .join();
        assertThat(stripe.isHeldByCurrentThread()).isTrue();
        stripe.unlock();
    }
}
