package io.github.tmem.remote;

import io.github.tmem.api.spi.Outcome;
import io.github.tmem.remote.server.Server.Connection;
import io.github.tmem.remote.server.Unusable;
import io.github.tmem.remote.server.Waiting;
import io.lettuce.core.RedisException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * The removal of many copies in one round trip: a command for each stretch of copies of one run, whose keys a cluster keeps
 * together, all sent before the first is waited for. So each node answers for itself, and one that does not answer holds up
 * no room in the others. Used once, by one thread.
 */
final class Unlinking {
    private final CopyKeys keys;
    private final List<Stretch> stretches = new ArrayList<>();
    private boolean isAnswered;
    private @Nullable Throwable failure;

    /** Copies that go with one command: those at these places of the caller's array. */
    private record Stretch(int from, int to, Future<?> answer) {}

    Unlinking(CopyKeys keys) {
        this.keys = keys;
    }

    /** Sends the commands. */
    void send(Connection connection, long[] locators, int count) {
        int from = 0;
        while (from < count) {
            int to = from + 1;
            while (to < count && CopyKeys.isOneRun(locators[from], locators[to])) {
                to++;
            }
            stretches.add(new Stretch(from, to, send(connection, Arrays.stream(locators, from, to))));
            from = to;
        }
    }

    private Future<?> send(Connection connection, LongStream locators) {
        try {
            return connection
                    .commands()
                    .unlink(locators.mapToObj(keys::key).toArray(byte[][]::new))
                    .toCompletableFuture();
        } catch (RedisException notSent) {
            return CompletableFuture.failedFuture(notSent);
        }
    }

    /** Waits for the answers, for so long in all, and writes {@link Outcome#DONE} in the places of copies that are gone. */
    void await(long nanos, int[] outcomes) {
        long deadline = System.nanoTime() + nanos;
        for (Stretch stretch : stretches) {
            Throwable why = Waiting.await(stretch.answer(), Math.max(0, deadline - System.nanoTime()));
            if (why == null) {
                Arrays.fill(outcomes, stretch.from(), stretch.to(), Outcome.DONE);
            }
            isAnswered |=
                    why == null || Unusable.isRefusal(why); // who misses its replicas deletes nothing, and says so
            failure = why == null ? failure : why;
        }
    }

    /** Why no command was answered; null if one was. */
    @Nullable
    Throwable failure() {
        return isAnswered ? null : failure;
    }
}
