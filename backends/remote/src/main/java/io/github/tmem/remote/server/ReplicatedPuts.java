package io.github.tmem.remote.server;

import io.lettuce.core.RedisException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.io.Serial;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Puts that are acknowledged when enough replicas have them. One WAIT serves all puts that came while the last one was under
 * way; it holds up its connection, which therefore serves nothing else. Thread-safe.
 */
final class ReplicatedPuts {
    private static final int BATCH_MAX = 64;

    private final RedisAsyncCommands<byte[], byte[]> commands;
    private final int replicas;
    private final long waitMillis;
    private final Queue<Put> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean busy = new AtomicBoolean();

    /** One put, from its call to its answer. */
    private static final class Put {
        private final byte[] key;
        private final byte[] value;
        private final CompletableFuture<String> answer = new CompletableFuture<>();

        Put(byte[] key, byte[] value) {
            this.key = key;
            this.value = value;
        }
    }

    /** Puts over this connection, which nobody else uses. */
    static ReplicatedPuts of(StatefulRedisConnection<byte[], byte[]> connection, Access access) {
        // half of what a put waits, so that there is time to undo it
        long waitMillis = Math.max(1, access.timeout().toMillis() / 2);
        return new ReplicatedPuts(connection.async(), access.replicas(), waitMillis);
    }

    private ReplicatedPuts(RedisAsyncCommands<byte[], byte[]> commands, int replicas, long waitMillis) {
        this.commands = commands;
        this.replicas = replicas;
        this.waitMillis = waitMillis;
    }

    /** Stores a value; fails with {@link TooFewReplicas} if that is undone, and with anything else if it may be there. */
    CompletionStage<String> put(byte[] key, byte[] value) {
        Put put = new Put(key, value);
        waiting.add(put);
        sendNext();
        return put.answer;
    }

    private void sendNext() {
        while (!waiting.isEmpty() && busy.compareAndSet(false, true)) {
            List<Put> batch = new ArrayList<>();
            for (Put put = waiting.poll(); put != null; put = batch.size() < BATCH_MAX ? waiting.poll() : null) {
                batch.add(put);
            }
            if (!batch.isEmpty() && isSent(batch)) {
                return;
            }
            busy.set(false);
        }
    }

    private boolean isSent(List<Put> batch) {
        try {
            send(batch);
            return true;
        } catch (RedisException refusal) { // some of them may have been sent
            batch.forEach(put -> put.answer.completeExceptionally(refusal));
            giveUpWaiting();
            return false;
        }
    }

    private void send(List<Put> batch) {
        List<RedisFuture<String>> sets = new ArrayList<>();
        for (Put put : batch) {
            sets.add(commands.set(put.key, put.value));
        }
        CompletionStage<Void> ending = commands.waitForReplication(replicas, waitMillis)
                .handle((count, failure) -> {
                    if (failure != null) {
                        giveUpWaiting();
                    }
                    busy.set(false);
                    sendNext();
                    List<Put> undone = new ArrayList<>();
                    for (int i = 0; i < batch.size(); i++) {
                        if (settle(batch.get(i), sets.get(i), failure == null ? count : replicas, failure)) {
                            undone.add(batch.get(i));
                        }
                    }
                    undo(undone);
                    return null;
                });
        assert ending != null;
    }

    /** Answers a put whose WAIT is over, unless it has to be undone: then returns true. */
    private boolean settle(Put put, RedisFuture<String> set, long count, @Nullable Throwable failure) {
        CompletionStage<Boolean> ending = set.handle((ok, refused) -> {
            if (refused != null) {
                put.answer.completeExceptionally(refused);
            } else if (failure != null) {
                put.answer.completeExceptionally(failure);
            } else if (count >= replicas) {
                put.answer.complete(ok);
            }
            return !put.answer.isDone();
        });
        // the answer to a command comes before that of the next on its connection
        return ending.toCompletableFuture().getNow(false);
    }

    /** Puts that have not been sent need not wait for a server that does not answer. */
    private void giveUpWaiting() {
        for (Put put = waiting.poll(); put != null; put = waiting.poll()) {
            put.answer.completeExceptionally(new NotSent("those before it had no answer"));
        }
    }

    /** Each by a command of its own: in a cluster they are in several slots. */
    private void undo(List<Put> undone) {
        for (Put put : undone) {
            CompletionStage<Void> ending = commands.unlink(put.key).handle((count, failure) -> {
                put.answer.completeExceptionally(failure == null ? new TooFewReplicas() : failure);
                return null;
            });
            assert ending != null;
        }
    }

    /** A put that was undone because too few replicas had it in time. */
    static final class TooFewReplicas extends RuntimeException {
        @Serial
        private static final long serialVersionUID = 1L;

        TooFewReplicas() {
            super("too few replicas", null, false, false);
        }
    }
}
