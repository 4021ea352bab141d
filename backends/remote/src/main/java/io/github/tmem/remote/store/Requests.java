package io.github.tmem.remote.store;

import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PutResult;
import io.github.tmem.api.Refusal;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.api.stats.PoolStats;
import io.lettuce.core.protocol.CommandArgs;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The requests about one pool. Immutable. */
final class Requests {
    private static final String STORED = "STORED ";
    private static final String REFUSED = "REFUSED ";
    private static final String BELOW = " BELOW";

    private final long number;
    private final PoolConfig config;

    /** About the pool that the node has under this number. */
    Requests(long number, PoolConfig config) {
        this.number = number;
        this.config = config;
    }

    private CommandArgs<byte[], byte[]> pool() {
        return Call.arguments().add(number);
    }

    /** A put of an array that nobody changes any more. */
    Call<PutResult> put(ObjectId object, long index, byte[] page, @Nullable Long token) {
        byte[] key = Answers.key(object, index);
        long sum = Integer.toUnsignedLong(Answers.sum(key, page, page.length));
        CommandArgs<byte[], byte[]> arguments =
                pool().add(key).add(page).add("SUM").add(sum);
        if (token != null) {
            arguments.add("TOKEN").add(Math.max(token, -Long.MAX_VALUE));
        }
        return new Call<>(Order.PUT, arguments, Requests::putResult);
    }

    /** What became of a put. */
    static PutResult putResult(List<Object> answer) {
        String text = Answers.text(answer);
        if (text.startsWith(REFUSED)) {
            return PutResult.refused(refusal(text.substring(REFUSED.length())));
        }
        if (!text.startsWith(STORED) || text.length() == STORED.length()) {
            throw new NoAnswer("a put is answered with \"" + text + '"');
        }
        return text.endsWith(BELOW)
                ? PutResult.storedThrough(text.substring(STORED.length(), text.length() - BELOW.length()))
                : PutResult.storedIn(text.substring(STORED.length()));
    }

    private static Refusal refusal(String word) {
        for (Refusal refusal : Refusal.values()) {
            if (refusal.name().equals(word)) {
                return refusal;
            }
        }
        throw new NoAnswer("a put is refused as \"" + word + '"');
    }

    Call<Long> token(ObjectId object, long index) {
        return new Call<>(Order.TOKEN, pool().add(Answers.key(object, index)), Answers::number);
    }

    /** A get; the destination is written when its answer is read. */
    Call<Boolean> get(ObjectId object, long index, MemorySegment destination) {
        byte[] key = Answers.key(object, index);
        return new Call<>(Order.GET, pool().add(key).add("SUM"), answer -> deliver(answer, key, destination));
    }

    /** A take; the destination is written when its answer is read. */
    Call<Integer> take(ObjectId object, long index, long ticket, MemorySegment destination) {
        byte[] key = Answers.key(object, index);
        return new Call<>(
                Order.TAKE,
                pool().add(key).add(ticket),
                answer -> deliver(answer, key, destination) ? config.pageSize() : Takes.NONE);
    }

    private boolean deliver(List<Object> answer, byte[] key, MemorySegment destination) {
        byte[] page = Answers.page(answer, key, config.pageSize());
        if (page.length == 0) {
            return false;
        }
        MemorySegment.copy(page, 0, destination, ValueLayout.JAVA_BYTE, 0, config.pageSize());
        return true;
    }

    Call<Boolean> contains(ObjectId object, long index) {
        return new Call<>(Order.CONTAINS, pool().add(Answers.key(object, index)), Answers::isTrue);
    }

    Call<Boolean> flush(ObjectId object, long index) {
        return new Call<>(Order.FLUSH, pool().add(Answers.key(object, index)), Answers::isTrue);
    }

    Call<Long> flushObject(ObjectId object) {
        return new Call<>(Order.FLUSHOBJECT, pool().add(Answers.object(object)), Answers::count);
    }

    Call<Long> count() {
        return new Call<>(Order.COUNT, pool(), Answers::count);
    }

    Call<PoolStats> stats() {
        return new Call<>(Order.STATS, pool(), answer -> Figures.pool(Answers.text(answer), config.name()));
    }

    /** Gives a pool up, and the pages back that were taken from it with these tickets. */
    static Call<Boolean> close(long number, List<Long> undelivered) {
        CommandArgs<byte[], byte[]> arguments = Call.arguments().add(number);
        undelivered.forEach(arguments::add);
        return new Call<>(Order.CLOSE, arguments, Answers::done);
    }
}
