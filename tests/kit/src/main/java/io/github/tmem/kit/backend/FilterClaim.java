package io.github.tmem.kit.backend;

import io.github.tmem.api.PageKind;
import io.github.tmem.api.spi.LocatedBackend.Claim;
import java.lang.foreign.MemorySegment;

/** Hands every call to another claim. What a {@link FilterBackend} returns from its {@code claim}. */
public class FilterClaim implements Claim {

    private final Claim wrapped;

    /** A filter in front of {@code wrapped}. */
    public FilterClaim(Claim wrapped) {
        this.wrapped = wrapped;
    }

    @Override
    public int copies(long[] locators, int[] owners) {
        return wrapped.copies(locators, owners);
    }

    @Override
    public boolean relocatable() {
        return wrapped.relocatable();
    }

    @Override
    public long put(long copyId, PageKind kind, int owner, MemorySegment encoded, int length) {
        return wrapped.put(copyId, kind, owner, encoded, length);
    }

    @Override
    public void close() {
        wrapped.close();
    }
}
