package io.github.tmem.kit.backend;

import io.github.tmem.api.PageKind;
import io.github.tmem.api.spi.Backend;
import io.github.tmem.api.spi.Capabilities;
import io.github.tmem.api.spi.Completion;
import io.github.tmem.api.spi.LocatedBackend;
import io.github.tmem.api.spi.LocatedBackend.Claim;
import io.github.tmem.api.spi.LocatedBackend.ClaimGoal;
import io.github.tmem.api.spi.Usage;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Hands every call to another backend. A wrapper extends this and overrides what it changes.
 *
 * <p>A chain treats a {@link LocatedBackend} in its own way, so a wrapper of one has to be one too. Extend this class in
 * either case, override {@link #sizeClass} and {@link #claim} where needed, and give the chain {@link #asBackend()}.
 */
public class FilterBackend implements Backend {

    private final Backend wrapped;

    /** A filter in front of {@code wrapped}, which it closes when it is closed. */
    public FilterBackend(Backend wrapped) {
        this.wrapped = wrapped;
    }

    /** The backend behind this filter. */
    protected final Backend wrapped() {
        return wrapped;
    }

    /** Whether the backend behind this filter is a {@link LocatedBackend}. */
    protected final boolean located() {
        return wrapped instanceof LocatedBackend;
    }

    /** This filter as what a chain takes it for: a {@link LocatedBackend} exactly when the backend behind it is one. */
    public final Backend asBackend() {
        return located() ? new FilterLocatedBackend(this) : this;
    }

    @Override
    public Capabilities capabilities() {
        return wrapped.capabilities();
    }

    @Override
    public long put(long copyId, PageKind kind, int owner, MemorySegment encoded, int length) {
        return wrapped.put(copyId, kind, owner, encoded, length);
    }

    @Override
    public int get(long locator, MemorySegment destination, int length) {
        return wrapped.get(locator, destination, length);
    }

    @Override
    public int flush(long locator) {
        return wrapped.flush(locator);
    }

    /** One after the other, so that whatever a filter does to {@link #flush} is done to each. */
    @Override
    public void flushAll(long[] locators, int count, int[] outcomes) {
        Backend.super.flushAll(locators, count, outcomes);
    }

    @Override
    public void putAsync(
            long copyId, PageKind kind, int owner, MemorySegment encoded, int length, Completion completion) {
        wrapped.putAsync(copyId, kind, owner, encoded, length, completion);
    }

    @Override
    public void getAsync(long locator, MemorySegment destination, int length, Completion completion) {
        wrapped.getAsync(locator, destination, length, completion);
    }

    @Override
    public long resize(long capacityBytes) {
        return wrapped.resize(capacityBytes);
    }

    @Override
    public long usedBytes() {
        return wrapped.usedBytes();
    }

    @Override
    public Usage usage() {
        return wrapped.usage();
    }

    @Override
    public void close() {
        wrapped.close();
    }

    /** What {@link LocatedBackend#sizeClass} of {@link #asBackend()} does. */
    protected int sizeClass(int length) {
        return locatedWrapped().sizeClass(length);
    }

    /** What {@link LocatedBackend#claim} of {@link #asBackend()} does. */
    protected @Nullable Claim claim(ClaimGoal goal, int length) {
        return locatedWrapped().claim(goal, length);
    }

    /** What {@link LocatedBackend#claimsBegun} of {@link #asBackend()} does. */
    protected long claimsBegun() {
        return locatedWrapped().claimsBegun();
    }

    /** What {@link LocatedBackend#claimsEnded} of {@link #asBackend()} does. */
    protected long claimsEnded() {
        return locatedWrapped().claimsEnded();
    }

    private LocatedBackend locatedWrapped() {
        if (wrapped instanceof LocatedBackend located) {
            return located;
        }
        throw new IllegalStateException("the wrapped backend is not a LocatedBackend");
    }
}
