package io.github.tmem.remote.line;

import io.github.tmem.remote.server.Access;
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

    /** Lines to a server, which have this name there. None is made yet. */
    public Lines(Access access, String name) {
        this(access, name, TENDING);
    }

    /** Lines that are tended so often. */
    Lines(Access access, String name, Duration tending) {
        dialing = new Dialing(access, name);
        wanted = Math.clamp(Runtime.getRuntime().availableProcessors(), LINES_MIN, LINES_MAX);
        tendingNanos = tending.toNanos();
    }

    /** How many there are when none is missing. */
    int wanted() {
        return wanted;
    }

    /** Every few seconds: makes the lines that are missing, and uses the idle ones, which a server may end as silent. */
    public void tend() {
        if (dialing == null || System.nanoTime() - nextTending < 0) {
            return;
        }
        nextTending = System.nanoTime() + tendingNanos;
        for (int left = idle.size(); left > 0; left--) {
            CompletableFuture<String> pong = ask(Line::ping);
            LOG.log(Level.TRACE, "tier remote: an idle line was used: {0}", pong);
        }
        make(dialing);
        if (closed) {
            close();
        }
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
     * @return how it ended: with an answer, the server's error, or {@link TimeoutException} if there was no answer in time;
     *     null if nothing is known, because there was no line or it broke: what was asked may have been done or not
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
            LOG.log(Level.DEBUG, "tier remote: a line broke", e);
            return null;
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
