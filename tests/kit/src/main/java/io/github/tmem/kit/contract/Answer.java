package io.github.tmem.kit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.spi.Completion;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Hears one asynchronous result and counts how often it is told. */
final class Answer implements Completion {

    private final CountDownLatch completed = new CountDownLatch(1);
    private final AtomicInteger completions = new AtomicInteger();
    private volatile long result;

    @Override
    public void complete(long newResult) {
        if (completions.incrementAndGet() == 1) {
            result = newResult;
        }
        completed.countDown();
    }

    long await() throws InterruptedException {
        assertThat(completed.await(30, TimeUnit.SECONDS))
                .as("completed in time")
                .isTrue();
        return result;
    }

    int completions() {
        return completions.get();
    }
}
