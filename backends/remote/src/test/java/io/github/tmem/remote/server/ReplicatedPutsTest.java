package io.github.tmem.remote.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Puts that come while others wait for their replicas: each is sent when those are answered, or told that it was not. */
class ReplicatedPutsTest {
    private static final int BATCH = 64;
    private static final byte[] VALUE = {1};

    private final List<Integer> sent = new ArrayList<>();
    private final List<Answer<Long>> waits = new ArrayList<>();
    private boolean refuses;
    private final ReplicatedPuts puts = ReplicatedPuts.of(
            connection(), new Access(ServerAddress.parse("redis://127.0.0.1"), null, null, Duration.ofSeconds(2), 1));

    /** An answer that comes when the test says so. */
    private static final class Answer<T> extends CompletableFuture<T> implements RedisFuture<T> {
        @Override
        public String getError() {
            return "";
        }

        @Override
        public boolean await(long time, TimeUnit unit) {
            return isDone();
        }
    }

    @FunctionalInterface
    private interface Reply {
        Object to(String method, @Nullable Object[] arguments);
    }

    private static Object fake(Class<?> type, Reply reply) {
        return Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> reply.to(method.getName(), arguments));
    }

    @SuppressWarnings("unchecked") // it is of that interface, whatever its parameters
    private StatefulRedisConnection<byte[], byte[]> connection() {
        return (StatefulRedisConnection<byte[], byte[]>) fake(StatefulRedisConnection.class, this::commands);
    }

    private Object commands(String method, @Nullable Object[] none) {
        assertThat(method).isEqualTo("async");
        return fake(RedisAsyncCommands.class, this::answer);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the proxy hands it on
    private Object answer(String command, @Nullable Object[] arguments) {
        if (command.equals("waitForReplication")) {
            Answer<Long> wait = new Answer<>();
            waits.add(wait);
            return wait;
        }
        assertThat(command).isEqualTo("set");
        if (refuses) {
            throw new RedisException("the connection is closed");
        }
        byte[] key = (byte[]) arguments[0];
        assertThat(key).isNotNull();
        sent.add((int) key[0]);
        Answer<String> set = new Answer<>();
        set.complete("OK");
        return set;
    }

    private CompletableFuture<String> put(int number) {
        return puts.put(new byte[] {(byte) number}, VALUE).toCompletableFuture();
    }

    @Test
    void whatCameDuringAWaitIsSentWhenThatIsOver() {
        CompletableFuture<String> first = put(1);
        CompletableFuture<String> second = put(2);
        CompletableFuture<String> third = put(3);
        assertThat(sent).containsExactly(1);
        waits.getFirst().complete(1L);
        assertThat(first).isCompletedWithValue("OK");
        assertThat(sent).containsExactly(1, 2, 3);
        assertThat(waits).as("one for both").hasSize(2);
        assertThat(second).isNotDone();
        waits.getLast().complete(1L);
        assertThat(second).isCompletedWithValue("OK");
        assertThat(third).isCompletedWithValue("OK");
    }

    @Test
    void whatDoesNotFitInABatchIsInTheNext() {
        CompletableFuture<String> first = put(0);
        List<CompletableFuture<String>> later =
                IntStream.rangeClosed(1, BATCH + 1).mapToObj(this::put).toList();
        waits.getLast().complete(1L);
        assertThat(sent).hasSize(1 + BATCH);
        waits.getLast().complete(1L);
        assertThat(sent).hasSize(2 + BATCH);
        waits.getLast().complete(1L);
        assertThat(first).isCompletedWithValue("OK");
        assertThat(later).allMatch(put -> put.getNow("none").equals("OK"));
        assertThat(waits).hasSize(3);
    }

    @Test
    void behindAWaitWithoutAnAnswerNothingIsSentAndWhatComesLaterIs() {
        CompletableFuture<String> first = put(1);
        CompletableFuture<String> second = put(2);
        waits.getFirst().completeExceptionally(new RedisException("no answer"));
        assertThat(first.exceptionNow()).hasMessage("no answer");
        assertThat(second.exceptionNow()).isInstanceOf(NotSent.class);
        assertThat(put(3)).isNotDone();
        assertThat(sent).containsExactly(1, 3);
    }

    /** Who hears of the refusal puts again at once, while the batch is still being given up. */
    @Test
    void aBatchThatIsRefusedKeepsNobodyWaiting() {
        List<CompletableFuture<String>> again = new ArrayList<>();
        CompletableFuture<String> first = put(1);
        CompletableFuture<String> second = put(2).whenComplete((ok, failure) -> again.add(put(3)));
        refuses = true;
        waits.getFirst().complete(1L);
        assertThat(first).isCompletedWithValue("OK");
        assertThat(second.exceptionNow()).hasMessage("the connection is closed");
        assertThat(again.getFirst().exceptionNow()).isInstanceOf(NotSent.class);
        refuses = false;
        CompletableFuture<String> last = put(4);
        assertThat(sent).containsExactly(1, 4);
        waits.getLast().complete(1L);
        assertThat(last).isCompletedWithValue("OK");
    }
}
