package io.github.tmem.kit.backend;

import io.github.tmem.api.PageKind;
import io.github.tmem.api.spi.Backend;
import io.github.tmem.api.spi.Completion;
import io.github.tmem.api.spi.LocatedBackend.Claim;
import io.github.tmem.api.spi.LocatedBackend.ClaimGoal;
import io.github.tmem.kit.Gate;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Stops at a {@link Gate} before and after every put, claimed or not, get and flush. The points are the tier's name, a dot and the step:
 * {@code cold.put}, {@code cold.put-done} and so on.
 *
 * <p>Asynchronous calls run on a virtual thread each, so a shut point stops neither the caller nor the backend's own
 * threads. Thread-safe.
 */
public final class BlockingBackend extends FilterBackend {

    private final Gate gate;
    private final String name;

    /** Stops the calls to {@code wrapped} at the points of {@code gate} that start with {@code name}. */
    public BlockingBackend(Backend wrapped, Gate gate, String name) {
        super(wrapped);
        this.gate = gate;
        this.name = name;
    }

    @Override
    public long put(long copyId, PageKind kind, int owner, MemorySegment encoded, int length) {
        gate.arrive(name + ".put");
        long result = super.put(copyId, kind, owner, encoded, length);
        gate.arrive(name + ".put-done");
        return result;
    }

    @Override
    public int get(long locator, MemorySegment destination, int length) {
        gate.arrive(name + ".get");
        int result = super.get(locator, destination, length);
        gate.arrive(name + ".get-done");
        return result;
    }

    @Override
    public int flush(long locator) {
        gate.arrive(name + ".flush");
        int result = super.flush(locator);
        gate.arrive(name + ".flush-done");
        return result;
    }

    @Override
    public void putAsync(
            long copyId, PageKind kind, int owner, MemorySegment encoded, int length, Completion completion) {
        Thread.startVirtualThread(() -> {
            gate.arrive(name + ".put");
            super.putAsync(copyId, kind, owner, encoded, length, completeAt(".put-done", completion));
        });
    }

    @Override
    public void getAsync(long locator, MemorySegment destination, int length, Completion completion) {
        Thread.startVirtualThread(() -> {
            gate.arrive(name + ".get");
            super.getAsync(locator, destination, length, completeAt(".get-done", completion));
        });
    }

    @Override
    protected @Nullable Claim claim(ClaimGoal goal, int length) {
        Claim claim = super.claim(goal, length);
        return claim == null ? null : new BlockingClaim(claim);
    }

    private Completion completeAt(String step, Completion completion) {
        return result -> Thread.startVirtualThread(() -> {
            try {
                gate.arrive(name + step);
            } finally {
                completion.complete(result); // whoever waits must not wait for ever when nobody opens the gate
            }
        });
    }

    /** Puts into claimed room stop where others do. */
    private final class BlockingClaim extends FilterClaim {
        BlockingClaim(Claim wrapped) {
            super(wrapped);
        }

        @Override
        public long put(long copyId, PageKind kind, int owner, MemorySegment encoded, int length) {
            gate.arrive(name + ".put");
            long result = super.put(copyId, kind, owner, encoded, length);
            gate.arrive(name + ".put-done");
            return result;
        }
    }
}
