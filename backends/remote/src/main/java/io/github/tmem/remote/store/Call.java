package io.github.tmem.remote.store;

import io.github.tmem.remote.server.Waiting;
import io.lettuce.core.RedisException;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.NestedMultiOutput;
import io.lettuce.core.protocol.CommandArgs;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A request and how its answer is to be read. Either the answer is read, once, by who waits for it in time, or it is not read:
 * what comes later is dropped.
 *
 * @param <T> what the answer says
 */
final class Call<T> {
    /** What depends on an answer may wait, too, so that nothing of it runs on the thread that hears answers. */
    private static final Executor READERS =
            task -> Thread.ofVirtual().name("tmem-store-answer").start(task);

    private final Order order;
    private final CommandArgs<byte[], byte[]> arguments;
    private final CompletableFuture<List<Object>> answer = new CompletableFuture<>();
    private final Function<List<Object>, T> reader;
    private volatile boolean sent;

    /**
     * A request that has not been sent.
     *
     * @param reader reads the answer; throws {@link NoAnswer} if it is none, and for an error
     */
    Call(Order order, CommandArgs<byte[], byte[]> arguments, Function<List<Object>, T> reader) {
        this.order = order;
        this.arguments = arguments;
        this.reader = reader;
    }

    /** The same, not sent either; when its answer is read, {@code then} is told. */
    Call<T> whenRead(Consumer<T> then) {
        return new Call<>(order, arguments, parts -> {
            T read = reader.apply(parts);
            then.accept(read);
            return read;
        });
    }

    static CommandArgs<byte[], byte[]> arguments() {
        return new CommandArgs<>(ByteArrayCodec.INSTANCE);
    }

    /** Sends it. */
    void send(RedisClusterAsyncCommands<byte[], byte[]> commands) {
        sent = true;
        try {
            commands.dispatch(order, new NestedMultiOutput<>(ByteArrayCodec.INSTANCE), arguments)
                    .whenComplete((parts, failure) -> {
                        if (failure == null) {
                            answer.complete(parts);
                        } else {
                            sent = !isRejection(failure);
                            answer.completeExceptionally(failure);
                        }
                    });
        } catch (RedisException failure) {
            answer.completeExceptionally(failure);
        }
    }

    /**
     * Whether the client has refused a command before it sent a byte: it looks so far as it knows of the connection. True only
     * of clients that do not reconnect by themselves: one that does refuses in the same words what it has sent once already.
     */
    private static boolean isRejection(Throwable failure) {
        return failure instanceof RedisException
                && String.valueOf(failure.getMessage()).startsWith("Currently not connected");
    }

    /** It was not sent, and will not be. */
    void fail(Throwable why) {
        answer.completeExceptionally(why);
    }

    /** Whether it was sent, or may have been. */
    boolean isSent() {
        return sent;
    }

    /** What the node answers, when it does, or else when nothing is to be expected any more. */
    CompletableFuture<List<Object>> answer() {
        return answer;
    }

    /** Waits for the answer, and reads it in this thread. */
    T await(long nanos, Function<Throwable, RuntimeException> failures) {
        Throwable failure = Waiting.await(answer, nanos);
        if (failure != null) {
            throw failures.apply(failure);
        }
        return read(answer.join(), failures);
    }

    /** Completes, on a thread that may wait, with what the answer says, or when it has not come in time. */
    CompletableFuture<T> async(long nanos, Function<Throwable, RuntimeException> failures) {
        return answer.copy()
                .orTimeout(nanos, TimeUnit.NANOSECONDS)
                .handleAsync(
                        (parts, failure) -> {
                            if (failure != null) {
                                Throwable cause = failure instanceof CompletionException && failure.getCause() != null
                                        ? failure.getCause()
                                        : failure;
                                throw failures.apply(cause);
                            }
                            return read(parts, failures);
                        },
                        READERS);
    }

    /** Reads an answer. */
    T read(List<Object> parts) {
        return reader.apply(parts);
    }

    private T read(List<Object> parts, Function<Throwable, RuntimeException> failures) {
        try {
            return reader.apply(parts);
        } catch (NoAnswer garbled) {
            throw failures.apply(garbled);
        }
    }

    /** Whether a failure is that there was no answer in time. */
    static boolean isLate(Throwable failure) {
        return failure instanceof TimeoutException || failure instanceof io.lettuce.core.RedisCommandTimeoutException;
    }
}
