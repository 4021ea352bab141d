package io.github.tmem.system.scenario;

import io.github.tmem.api.PageKind;
import io.github.tmem.api.spi.Backend;
import io.github.tmem.api.spi.Capabilities;
import io.github.tmem.api.spi.Outcome;
import io.github.tmem.kit.backend.FilterBackend;
import java.lang.foreign.MemorySegment;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Declines the puts of one thread, so that what this thread puts goes to a tier below; and tells the chain that copies above
 * a length, or of a kind, are not taken. Thread-safe.
 */
final class Door extends FilterBackend {
    private final int lengthMax;
    private final Set<PageKind> kinds;
    private volatile @Nullable Thread declined;

    Door(Backend wrapped, int lengthMax, Set<PageKind> kinds) {
        super(wrapped);
        this.lengthMax = lengthMax;
        this.kinds = kinds;
    }

    @Override
    public Capabilities capabilities() {
        Capabilities all = super.capabilities();
        Set<PageKind> both = EnumSet.copyOf(kinds);
        both.retainAll(all.kinds());
        return new Capabilities(all.addressing(), all.latency(), both, Math.min(all.lengthMax(), lengthMax));
    }

    /** From now on the puts of the calling thread, and of no other, are declined. */
    void declineMine() {
        declined = Thread.currentThread();
    }

    void declineNobody() {
        declined = null;
    }

    @Override
    public long put(long copyId, PageKind kind, int owner, MemorySegment encoded, int length) {
        return Thread.currentThread().equals(declined)
                ? Outcome.DECLINED
                : super.put(copyId, kind, owner, encoded, length);
    }
}
