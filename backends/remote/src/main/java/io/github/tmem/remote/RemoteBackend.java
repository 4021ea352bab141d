package io.github.tmem.remote;

import io.github.tmem.api.PageKind;
import io.github.tmem.api.config.ConfigException;
import io.github.tmem.api.spi.Backend;
import io.github.tmem.api.spi.Capabilities;
import io.github.tmem.api.spi.Capabilities.Addressing;
import io.github.tmem.api.spi.Capabilities.Latency;
import io.github.tmem.api.spi.Completion;
import io.github.tmem.api.spi.Outcome;
import io.github.tmem.api.spi.Usage;
import io.github.tmem.remote.CopyBooks.Place;
import io.github.tmem.remote.RemoteSettings.Losses;
import io.github.tmem.remote.line.Line;
import io.github.tmem.remote.line.LineBroken;
import io.github.tmem.remote.server.NotSent;
import io.github.tmem.remote.server.Server;
import io.github.tmem.remote.server.Server.Connection;
import io.github.tmem.remote.server.Unusable;
import io.github.tmem.remote.server.Waiting;
import io.lettuce.core.RedisException;
import io.lettuce.core.SetArgs;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Copies in a server that speaks the Redis protocol, one key each.
 *
 * <p>What a put sends is copied first, and what a get brings is written into the caller's memory only by whoever completes
 * the call: an answer that comes too late finds nobody (L7).
 */
final class RemoteBackend implements Backend {
    /** The longest encoded page. */
    static final int LENGTH_MAX = 1 << 20;

    private final Capabilities capabilities;
    private final long timeoutNanos;
    private final int replicas;
    private final long ttlMillis;
    private final SetArgs ephemeral;
    private final CopyKeys keys;
    private final Room room;
    private final CopyBooks books;
    private final Session session;
    private final Link link;

    private RemoteBackend(RemoteSettings settings, Room room, Pace pace) {
        EnumSet<PageKind> kinds =
                settings.losses() == Losses.ACCEPT ? EnumSet.allOf(PageKind.class) : EnumSet.of(PageKind.EPHEMERAL);
        capabilities = new Capabilities(Addressing.KEYED, Latency.SLOW, kinds, LENGTH_MAX);
        timeoutNanos = settings.access().timeout().toNanos();
        replicas = settings.access().replicas();
        ttlMillis = settings.ttl().toMillis();
        ephemeral = SetArgs.Builder.px(settings.ttl());
        keys = CopyKeys.ofNewSession();
        this.room = room;
        books = new CopyBooks(room);
        session = new Session(settings, keys, books, pace);
        link = new Link(Server.of(settings.access(), keys.connectionName()), settings, session, books, pace);
    }

    /**
     * Opens a tier of one server, or of a cluster.
     *
     * @throws ConfigException in one line if the server cannot be used
     */
    static RemoteBackend open(RemoteSettings settings, long capacityBytes, Pace pace) {
        return open(settings, new Room(capacityBytes), pace);
    }

    /** Opens one server of a tier that has so much room. */
    static RemoteBackend open(RemoteSettings settings, Room room, Pace pace) {
        RemoteBackend backend = new RemoteBackend(settings, room, pace);
        boolean opened = false;
        try {
            backend.link.open();
            opened = true;
            return backend;
        } catch (Unusable unusable) {
            throw new ConfigException("tier remote: " + unusable.getMessage());
        } finally {
            if (!opened) {
                backend.close();
            }
        }
    }

    @Override
    public Capabilities capabilities() {
        return capabilities;
    }

    @Override
    public long put(long copyId, PageKind kind, int owner, MemorySegment encoded, int length) {
        long judged = judge(kind, length);
        if (judged != Outcome.DONE) {
            return judged;
        }
        if (!reserve(copyId, kind, length, Place.FIRST)) {
            return Outcome.FULL;
        }
        Connection connection = link.inUse();
        if (connection == null) {
            return notSent(copyId);
        }
        byte[] value = CopyValue.of(keys.session(), copyId, encoded, length);
        long begin = System.nanoTime();
        CompletableFuture<String> answer = putByLine(connection, copyId, kind, value);
        boolean broken = hasBroken(answer);
        if (broken) {
            session.noteUnanswered(); // what went by the line may arrive long after this
        }
        if (answer == null || broken) {
            answer = transmit(connection, copyId, kind, value).toCompletableFuture();
        }
        Throwable failure = Waiting.await(answer, timeoutNanos - (System.nanoTime() - begin));
        return settlePut(connection, copyId, broken && failure instanceof NotSent ? failure.getCause() : failure);
    }

    @Override
    public void putAsync(
            long copyId, PageKind kind, int owner, MemorySegment encoded, int length, Completion completion) {
        long judged = judge(kind, length);
        if (judged != Outcome.DONE) {
            completion.complete(judged);
        } else if (!reserve(copyId, kind, length, Place.FIRST)) {
            completion.complete(Outcome.FULL);
        } else {
            Waiting.tell(send(copyId, kind, encoded, length), completion);
        }
    }

    /** {@link Outcome#DONE} if such a copy can be sent now, else what its put comes to. */
    long judge(PageKind kind, int length) {
        if (length < 1) {
            throw new IllegalArgumentException("a copy has at least one byte");
        }
        boolean takes = length <= LENGTH_MAX
                && capabilities.kinds().contains(kind)
                && (kind == PageKind.EPHEMERAL || link.keepsPersistent());
        if (!takes) {
            return Outcome.DECLINED;
        }
        return link.inUse() == null ? Outcome.NOT_SENT : Outcome.DONE;
    }

    /** Takes room for a copy and enters it into the books; false if there is no room. */
    boolean reserve(long copyId, PageKind kind, int length, Place place) {
        return books.sending(copyId, kind, length, place);
    }

    /** Strikes a copy that certainly is not in the server out of the books. */
    void unreserve(long copyId) {
        books.gone(copyId);
    }

    /** Sends a copy that is in the books; the answer is that of {@link #put}. */
    CompletableFuture<Long> send(long copyId, PageKind kind, MemorySegment encoded, int length) {
        Connection connection = link.inUse();
        if (connection == null) {
            return CompletableFuture.completedFuture(notSent(copyId));
        }
        byte[] value = CopyValue.of(keys.session(), copyId, encoded, length);
        return transmit(connection, copyId, kind, value)
                .handle((ok, failure) -> settlePut(connection, copyId, failure))
                .toCompletableFuture();
    }

    private long notSent(long copyId) {
        books.gone(copyId);
        return Outcome.NOT_SENT;
    }

    private CompletionStage<String> transmit(Connection connection, long copyId, PageKind kind, byte[] value) {
        try {
            byte[] key = keys.key(copyId);
            return kind == PageKind.EPHEMERAL
                    ? connection.commands().set(key, value, ephemeral)
                    : connection.keep(key, value);
        } catch (RedisException refusal) {
            return CompletableFuture.failedFuture(new NotSent(refusal));
        }
    }

    /** As {@link #transmit}, by the caller; null if there is no line for it. */
    private @Nullable CompletableFuture<String> putByLine(
            Connection connection, long copyId, PageKind kind, byte[] value) {
        if (value.length > Line.SENT_MAX || (kind == PageKind.PERSISTENT && replicas > 0)) {
            return null;
        }
        byte[] key = keys.key(copyId);
        long millis = kind == PageKind.EPHEMERAL ? ttlMillis : 0;
        return connection.lines().ask(line -> line.set(key, value, millis));
    }

    private static boolean hasBroken(@Nullable CompletableFuture<?> answer) {
        return answer != null && answer.isCompletedExceptionally() && answer.exceptionNow() instanceof LineBroken;
    }

    /** What a put came to whose command ended so; null means that it was acknowledged. */
    private long settlePut(Connection connection, long copyId, @Nullable Throwable failure) {
        if (failure == null) {
            link.answered();
            books.stored(copyId);
            return copyId;
        }
        if (Unusable.isRefusal(failure)) {
            link.answered();
            books.gone(copyId);
            return Outcome.FULL;
        }
        if (Unusable.isNotSent(failure)) {
            return notSent(copyId);
        }
        session.noteUnanswered();
        link.failed(connection, failure);
        return Outcome.UNAVAILABLE;
    }

    @Override
    public int get(long locator, MemorySegment destination, int length) {
        Connection connection = link.inUse();
        if (connection == null) {
            return Outcome.UNAVAILABLE;
        }
        byte[] key = keys.key(locator);
        long begin = System.nanoTime();
        CompletableFuture<byte[]> answer = connection.lines().ask(line -> line.get(key, CopyValue.HEADER + length));
        if (answer == null || hasBroken(answer)) {
            answer = fetch(connection, locator).toCompletableFuture();
        }
        Throwable failure = Waiting.await(answer, timeoutNanos - (System.nanoTime() - begin));
        return settleGet(
                connection, locator, failure == null ? answer.getNow(null) : null, failure, destination, length);
    }

    @Override
    public void getAsync(long locator, MemorySegment destination, int length, Completion completion) {
        Connection connection = link.inUse();
        if (connection == null) {
            completion.complete(Outcome.UNAVAILABLE);
            return;
        }
        CompletionStage<Void> ending = fetch(connection, locator).handle((value, failure) -> {
            completion.complete(settleGet(connection, locator, value, failure, destination, length));
            return null;
        });
        assert ending != null;
    }

    private CompletionStage<byte[]> fetch(Connection connection, long locator) {
        try {
            return connection.commands().get(keys.key(locator));
        } catch (RedisException notSent) {
            return CompletableFuture.failedFuture(notSent);
        }
    }

    private int settleGet(
            Connection connection,
            long locator,
            byte @Nullable [] value,
            @Nullable Throwable failure,
            MemorySegment destination,
            int length) {
        if (failure != null) {
            link.failed(connection, failure);
            return Outcome.UNAVAILABLE;
        }
        link.answered();
        return value == null ? Outcome.GONE : CopyValue.read(value, keys.session(), locator, destination, length);
    }

    /** Whether the server may hold a copy of this id rightly. */
    boolean mayHold(long copyId) {
        return books.mayHold(copyId);
    }

    @Override
    public int flush(long locator) {
        if (!mayHold(locator)) {
            return Outcome.DONE;
        }
        Connection connection = link.inUse();
        if (connection == null) {
            return Outcome.UNAVAILABLE;
        }
        byte[] key = keys.key(locator);
        long begin = System.nanoTime();
        CompletableFuture<Long> answer = connection.lines().ask(line -> line.unlink(key));
        if (answer == null || hasBroken(answer)) {
            answer = unlink(connection, locator).toCompletableFuture();
        }
        return settleFlush(connection, locator, Waiting.await(answer, timeoutNanos - (System.nanoTime() - begin)));
    }

    /**
     * Forgets a copy, without waiting. If the server cannot be reached the copy is forgotten here, and deleted before the
     * server is used again.
     *
     * @return {@link Outcome#DONE} or {@link Outcome#UNAVAILABLE}
     */
    CompletableFuture<Integer> free(long copyId) {
        Connection connection = link.inUse();
        if (connection == null) {
            books.gone(copyId);
            session.noteForgotten();
            Connection back = link.inUse();
            if (back != null) { // in use again, perhaps since before that was noted
                CompletionStage<Long> deleting = unlink(back, copyId);
                assert deleting != null;
            }
            return CompletableFuture.completedFuture(Outcome.DONE);
        }
        return unlink(connection, copyId)
                .handle((count, failure) -> settleFlush(connection, copyId, failure))
                .toCompletableFuture();
    }

    private CompletionStage<Long> unlink(Connection connection, long copyId) {
        try {
            return connection.commands().unlink(keys.key(copyId));
        } catch (RedisException notSent) {
            return CompletableFuture.failedFuture(notSent);
        }
    }

    private int settleFlush(Connection connection, long copyId, @Nullable Throwable failure) {
        if (failure == null) {
            link.answered();
            books.gone(copyId);
            return Outcome.DONE;
        }
        if (Unusable.isRefusal(failure)) {
            link.answered(); // a server that misses its replicas deletes nothing either
        } else {
            link.failed(connection, failure);
        }
        return Outcome.UNAVAILABLE;
    }

    @Override
    public void flushAll(long[] locators, int count, int[] outcomes) {
        Arrays.fill(outcomes, 0, count, Outcome.UNAVAILABLE);
        Connection connection = link.inUse();
        if (connection == null || count == 0) {
            return;
        }
        Unlinking unlinking = new Unlinking(keys);
        unlinking.send(connection, locators, count);
        unlinking.await(timeoutNanos, outcomes);
        for (int i = 0; i < count; i++) {
            if (outcomes[i] == Outcome.DONE) {
                books.gone(locators[i]);
            }
        }
        Throwable failure = unlinking.failure();
        if (failure == null) {
            link.answered();
        } else {
            link.failed(connection, failure);
        }
    }

    @Override
    public long resize(long capacityBytes) {
        return room.resize(capacityBytes);
    }

    @Override
    public long usedBytes() {
        return room.usedBytes();
    }

    @Override
    public Usage usage() {
        return CopyBooks.usage(room, List.of(books));
    }

    CopyBooks books() {
        return books;
    }

    @Override
    public void close() {
        link.close();
    }
}
