package io.github.tmem.remote.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.spi.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class WaitingTest {
    @Test
    void whateverComesOfAPutIsTold() {
        List<Long> told = new ArrayList<>();
        CompletableFuture<Long> answered = new CompletableFuture<>();
        Waiting.tell(answered, told::add);
        assertThat(told).isEmpty();
        answered.complete(7L);
        assertThat(told).containsExactly(7L);
    }

    @Test
    void aPutWhoseSettlingFailsIsUnanswered() {
        List<Long> told = new ArrayList<>();
        CompletableFuture<String> answer = new CompletableFuture<>();
        CompletableFuture<Long> settled = answer.thenApply(ok -> {
            throw new OutOfMemoryError("as the test wants it");
        });
        Waiting.tell(settled, told::add);
        answer.complete("OK");
        assertThat(told).containsExactly((long) Outcome.UNAVAILABLE);
    }
}
