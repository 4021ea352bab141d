package io.github.tmem.kit.backend;

import io.github.tmem.api.PageKind;
import io.github.tmem.api.spi.Backend;
import io.github.tmem.api.spi.Completion;
import io.github.tmem.api.spi.Outcome;
import io.github.tmem.kit.Pages;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Makes calls go wrong: the n-th by script, or a share of all by a seed. The same calls in the same order meet the same
 * faults. Scripted faults come before seeded ones. Thread-safe.
 */
public final class FaultyBackend extends FilterBackend {

    private static final int PER_MILLE = 1000;

    private final Map<Fault.Call, AtomicLong> calls = counters(Fault.Call.class);
    private final Map<Fault, AtomicLong> injected = counters(Fault.class);
    private final ConcurrentHashMap<Position, Fault> script = new ConcurrentHashMap<>();
    private final AtomicLong alterations = new AtomicLong();
    private final Set<Long> damaged = ConcurrentHashMap.newKeySet();
    private final long seed;
    private volatile Map<Fault, Integer> perMille = Map.of();

    /** The n-th call of one sort, from 1. */
    private record Position(Fault.Call call, long number) {}

    /** Without faults at first. {@code seed} decides which calls {@link #rate} hits. */
    public FaultyBackend(Backend wrapped, long seed) {
        super(wrapped);
        this.seed = seed;
    }

    /** The next call that {@code fault} can hit meets it. */
    public void next(Fault fault) {
        inCalls(1, fault);
    }

    /** The call that comes {@code calls} calls from now (1 is the next) meets {@code fault}. */
    public void inCalls(long calls, Fault fault) {
        checkPossible(fault);
        if (calls < 1) {
            throw new IllegalArgumentException("calls " + calls + " is below 1");
        }
        Fault.Call call = fault.call();
        script.put(new Position(call, counter(this.calls, call).get() + calls), fault);
    }

    /**
     * From now on {@code perMille} of a thousand calls meet {@code fault}, in places the seed decides; 0 ends it.
     *
     * @throws IllegalArgumentException if {@code perMille} is outside of 0 to 1000
     */
    public synchronized void rate(Fault fault, int perMille) {
        checkPossible(fault);
        if (perMille < 0 || perMille > PER_MILLE) {
            throw new IllegalArgumentException("rate " + perMille + " is outside of 0 to 1000 per mille");
        }
        Map<Fault, Integer> rates = new EnumMap<>(Fault.class);
        rates.putAll(this.perMille);
        rates.put(fault, perMille);
        this.perMille = rates;
    }

    /** Ends all faults, scripted and seeded. */
    public synchronized void heal() {
        script.clear();
        perMille = Map.of();
    }

    /** How often {@code fault} happened. */
    public long injected(Fault fault) {
        return counter(injected, fault).get();
    }

    /** How often any fault happened. */
    public long injectedTotal() {
        return Arrays.stream(Fault.values()).mapToLong(this::injected).sum();
    }

    @Override
    public long put(long copyId, PageKind kind, int owner, MemorySegment encoded, int length) {
        Fault fault = draw(Fault.Call.PUT);
        if (fault == null) {
            return super.put(copyId, kind, owner, encoded, length);
        }
        if (fault == Fault.PUT_ANSWER_LOST) {
            long result = super.put(copyId, kind, owner, encoded, length);
            assert result >= Outcome.UNAVAILABLE || result == Outcome.NOT_SENT : result;
        }
        return answer(fault);
    }

    @Override
    public void putAsync(
            long copyId, PageKind kind, int owner, MemorySegment encoded, int length, Completion completion) {
        Fault fault = draw(Fault.Call.PUT);
        if (fault == null) {
            super.putAsync(copyId, kind, owner, encoded, length, completion);
        } else if (fault == Fault.PUT_ANSWER_LOST) {
            super.putAsync(copyId, kind, owner, encoded, length, result -> completion.complete(answer(fault)));
        } else {
            completion.complete(answer(fault));
        }
    }

    @Override
    public int get(long locator, MemorySegment destination, int length) {
        Fault fault = draw(Fault.Call.GET);
        if (fault != null && !fault.changesContent()) {
            return answer(fault);
        }
        return alter(fault, locator, super.get(locator, destination, length), destination);
    }

    @Override
    public void getAsync(long locator, MemorySegment destination, int length, Completion completion) {
        Fault fault = draw(Fault.Call.GET);
        if (fault != null && !fault.changesContent()) {
            completion.complete(answer(fault));
        } else {
            super.getAsync(
                    locator,
                    destination,
                    length,
                    result -> completion.complete(alter(fault, locator, Math.toIntExact(result), destination)));
        }
    }

    @Override
    public int flush(long locator) {
        Fault fault = draw(Fault.Call.FLUSH);
        if (fault == null) {
            return flushWrapped(locator);
        }
        if (fault == Fault.FLUSH_ANSWER_LOST) {
            int result = flushWrapped(locator);
            assert result <= Outcome.DONE : result;
        }
        return answer(fault);
    }

    private int flushWrapped(long locator) {
        damaged.remove(locator); // before: the name may be given anew at once
        return super.flush(locator);
    }

    private @Nullable Fault draw(Fault.Call call) {
        long number = counter(calls, call).incrementAndGet();
        Fault fault = script.remove(new Position(call, number));
        if (fault == null) {
            fault = drawSeeded(call, number);
        }
        if (fault != null) {
            counter(injected, fault).incrementAndGet();
        }
        return fault;
    }

    private @Nullable Fault drawSeeded(Fault.Call call, long number) {
        Map<Fault, Integer> rates = perMille;
        long left = Long.remainderUnsigned(
                Pages.mix(seed + Pages.mix(number) + call.name().hashCode()), PER_MILLE);
        for (Map.Entry<Fault, Integer> rate : rates.entrySet()) {
            left -= rate.getKey().call() == call ? rate.getValue() : 0;
            if (left < 0) {
                return rate.getKey();
            }
        }
        return null;
    }

    /** Changes a byte of what was read if it is to be altered, another one each time, or was damaged, always the same. */
    private int alter(@Nullable Fault fault, long locator, int length, MemorySegment destination) {
        if (fault == Fault.GET_DAMAGED && length > 0) {
            damaged.add(locator);
        }
        if (damaged.contains(locator)) {
            invert(locator, length, destination);
        } else if (fault == Fault.GET_ALTERED) {
            invert(alterations.incrementAndGet(), length, destination);
        }
        return length;
    }

    private void invert(long number, int length, MemorySegment destination) {
        if (length > 0) {
            long at = Long.remainderUnsigned(Pages.mix(seed + number), length);
            byte old = destination.get(ValueLayout.JAVA_BYTE, at);
            destination.set(ValueLayout.JAVA_BYTE, at, (byte) ~old);
        }
    }

    private static <E extends Enum<E>> Map<E, AtomicLong> counters(Class<E> type) {
        Map<E, AtomicLong> counters = new EnumMap<>(type);
        EnumSet.allOf(type).forEach(constant -> counters.put(constant, new AtomicLong()));
        return Collections.unmodifiableMap(counters);
    }

    private static <E extends Enum<E>> AtomicLong counter(Map<E, AtomicLong> counters, E constant) {
        return Objects.requireNonNull(counters.get(constant));
    }

    private void checkPossible(Fault fault) {
        if (fault.keyedOnly() && located()) {
            throw new IllegalArgumentException(fault + " makes no sense for a located backend");
        }
    }

    private static int answer(Fault fault) {
        return switch (fault) {
            case PUT_FULL -> Outcome.FULL;
            case PUT_DECLINED -> Outcome.DECLINED;
            case GET_GONE -> Outcome.GONE;
            case GET_CORRUPT -> Outcome.CORRUPT;
            case PUT_UNAVAILABLE, PUT_ANSWER_LOST, GET_UNAVAILABLE, FLUSH_UNAVAILABLE, FLUSH_ANSWER_LOST ->
                Outcome.UNAVAILABLE;
            case GET_ALTERED, GET_DAMAGED -> throw new IllegalArgumentException(fault + " answers as the backend does");
        };
    }
}
