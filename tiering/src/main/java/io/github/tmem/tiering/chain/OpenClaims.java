package io.github.tmem.tiering.chain;

import io.github.tmem.api.spi.LocatedBackend;
import io.github.tmem.api.spi.LocatedBackend.Claim;
import io.github.tmem.api.spi.LocatedBackend.ClaimGoal;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The claims of one tier: who finds nothing to claim learns here whether others held something then, of which they may leave
 * some over. Thread-safe.
 */
final class OpenClaims {
    private final @Nullable LocatedBackend memory;
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicLong closed = new AtomicLong();

    /** Claims of {@code memory}; null for a tier without slabs, of which there are none. */
    OpenClaims(@Nullable LocatedBackend memory) {
        this.memory = memory;
    }

    /**
     * Claims room or a slab. What is claimed is closed with {@link #close(Claim)}.
     *
     * @return null if there is nothing to claim
     */
    @Nullable
    Claim open(ClaimGoal goal, int length) {
        if (memory == null) {
            return null;
        }
        open.incrementAndGet(); // before it holds anything, so that nothing is held unknown to others
        Claim claim = null;
        try {
            claim = memory.claim(goal, length);
            return claim;
        } finally {
            if (claim == null) {
                open.decrementAndGet();
            }
        }
    }

    /** Ends a claim, and gives others what it leaves over. */
    void close(Claim claim) {
        try {
            claim.close();
        } finally {
            closed.incrementAndGet(); // first: at every moment it is open or has been closed
            open.decrementAndGet();
        }
    }

    /** How many claims have ended, for {@link #anySince}. */
    long closed() {
        return closed.get();
    }

    /** Whether a claim is open, or was at some time since {@link #closed} was {@code before}. */
    boolean anySince(long before) {
        return open.get() > 0 || closed.get() != before;
    }
}
