package io.github.tmem.remote.line;

import io.lettuce.core.RedisCommandExecutionException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A few connections to one server for callers that wait: each sends and receives on its own thread, and no other thread has to
 * be woken twice for it. Whoever finds none free goes the way that all share. {@link #tend} belongs to the background, the
 * rest is thread-safe.
 */
public final class Lines implements AutoCloseable {
    /** There are none, and never will be. */
    public static final Lines NONE = new Lines();

    private static final System.Logger LOG = System.getLogger(Lines.class.getName());
    private static final int LINES_MIN = 2;
    private static final int LINES_MAX = 8;
    private static final Duration TENDING = Duration.ofSeconds(5);

    private final @Nullable Dialing dialing;
    private final int wanted;
    private final long tendingNanos;
    private final Queue<Line> idle = new ConcurrentLinkedQueue<>();
    private final Set<Line> all = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;
    private long nextTending = System.nanoTime();

    /** What is asked on a line. */
    @FunctionalInterface
    public interface Question<T> {
        /** Asks it. */
        @Nullable
        T on(Line line) throws IOException;
    }

    private Lines() {
        dialing = null;
        wanted = 0;
        tendingNanos = 0;
    }

    /** Lines to a server. None is made yet. */
    public Lines(Dialing dialing) {
        this(dialing, TENDING);
    }

    /** Lines that are tended so often. */
    Lines(Dialing dialing, Duration tending) {
        this.dialing = dialing;
        wanted = Math.clamp(Runtime.getRuntime().availableProcessors(), LINES_MIN, LINES_MAX);
        tendingNanos = tending.toNanos();
    }

    /** How many there are when none is missing. */
    int wanted() {
        return wanted;
    }

    /**
     * Every few seconds: makes the lines that are missing, and uses the idle ones, which a server may end as silent.
     *
     * @return for how many nanoseconds there is nothing to do
     */
    public long tend() {
        if (dialing == null) {
            return Long.MAX_VALUE;
        }
        long rest = nextTending - System.nanoTime();
        if (rest > 0) {
            return rest;
        }
        nextTending = System.nanoTime() + tendingNanos;
        if (useIdle()) {
            make(dialing);
        }
        if (closed) {
            close();
        }
        return tendingNanos;
    }

    /** Whether none was left without an answer. */
    private boolean useIdle() {
        for (int left = idle.size(); left > 0; left--) {
            CompletableFuture<String> pong = ask(Line::ping);
            if (pong != null && pong.isCompletedExceptionally() && pong.exceptionNow() instanceof TimeoutException) {
                return false;
            }
        }
        return true;
    }

    private void make(Dialing dialing) {
        try {
            while (all.size() < wanted && !closed) {
                Line line = dialing.dial();
                all.add(line);
                idle.add(line);
            }
        } catch (IOException | RedisCommandExecutionException e) {
            LOG.log(Level.DEBUG, "tier remote: no line of its own for callers that wait", e);
        }
    }

    /**
     * Asks on the caller's thread, which waits.
     *
     * @return how it ended: with an answer, the server's error, {@link TimeoutException} if there was no answer in time, or
     *     {@link LineBroken}; null if nothing was asked, because there is no line
     */
    public <T> @Nullable CompletableFuture<T> ask(Question<T> question) {
        // a virtual thread that is interrupted would break the line
        Line line = Thread.currentThread().isVirtual() ? null : idle.poll();
        if (line == null) {
            return null;
        }
        boolean whole = false;
        try {
            T answer = question.on(line);
            whole = true;
            return CompletableFuture.completedFuture(answer);
        } catch (RedisCommandExecutionException e) {
            whole = true;
            return CompletableFuture.failedFuture(e);
        } catch (SocketTimeoutException e) {
            return CompletableFuture.failedFuture(new TimeoutException("no answer in time"));
        } catch (IOException e) {
            return CompletableFuture.failedFuture(new LineBroken(e));
        } finally {
            if (whole && !closed) {
                idle.add(line);
            } else {
                all.remove(line);
                line.close();
            }
        }
    }

    /** Ends all lines; calls that wait on one go the other way. */
    @Override
    public void close() {
        closed = true;
        all.forEach(Line::close);
        all.clear();
        idle.clear();
    }
}
