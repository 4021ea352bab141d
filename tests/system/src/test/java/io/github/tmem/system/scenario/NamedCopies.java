package io.github.tmem.system.scenario;

import io.github.tmem.api.PageKind;
import io.github.tmem.api.spi.Backend;
import io.github.tmem.api.spi.LocatedBackend.Claim;
import io.github.tmem.api.spi.LocatedBackend.ClaimGoal;
import io.github.tmem.api.spi.Outcome;
import io.github.tmem.kit.backend.FilterBackend;
import io.github.tmem.kit.backend.FilterClaim;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Remembers the bytes of the copies a local backend holds, so that a test can ask whose they are. Thread-safe. */
final class NamedCopies extends FilterBackend {
    private final Map<Long, byte[]> copies = new ConcurrentHashMap<>();

    NamedCopies(Backend wrapped) {
        super(wrapped);
    }

    /** The bytes of every copy held. */
    Collection<byte[]> contents() {
        return copies.values();
    }

    @Override
    public long put(long copyId, PageKind kind, int owner, MemorySegment encoded, int length) {
        return remember(super.put(copyId, kind, owner, encoded, length), encoded, length);
    }

    private long remember(long result, MemorySegment encoded, int length) {
        if (result >= 0) {
            copies.put(result, encoded.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE));
        }
        return result;
    }

    @Override
    public int flush(long locator) {
        byte[] bytes = copies.remove(locator); // before: the name may be given anew at once
        int result = super.flush(locator);
        if (result == Outcome.UNAVAILABLE && bytes != null) {
            copies.put(locator, bytes);
        }
        return result;
    }

    @Override
    protected @Nullable Claim claim(ClaimGoal goal, int length) {
        Claim claim = super.claim(goal, length);
        return claim == null ? null : new NamingClaim(claim);
    }

    /** Remembers what is put into claimed room. */
    private final class NamingClaim extends FilterClaim {
        NamingClaim(Claim wrapped) {
            super(wrapped);
        }

        @Override
        public long put(long copyId, PageKind kind, int owner, MemorySegment encoded, int length) {
            return remember(super.put(copyId, kind, owner, encoded, length), encoded, length);
        }
    }
}
