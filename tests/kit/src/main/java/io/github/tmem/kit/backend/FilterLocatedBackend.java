package io.github.tmem.kit.backend;

import io.github.tmem.api.PageKind;
import io.github.tmem.api.spi.Capabilities;
import io.github.tmem.api.spi.Completion;
import io.github.tmem.api.spi.LocatedBackend;
import io.github.tmem.api.spi.Usage;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** The face of a {@link FilterBackend} whose wrapped backend is a {@link LocatedBackend}. */
final class FilterLocatedBackend implements LocatedBackend {

    private final FilterBackend filter;

    FilterLocatedBackend(FilterBackend filter) {
        this.filter = filter;
    }

    @Override
    public Capabilities capabilities() {
        return filter.capabilities();
    }

    @Override
    public long put(long copyId, PageKind kind, int owner, MemorySegment encoded, int length) {
        return filter.put(copyId, kind, owner, encoded, length);
    }

    @Override
    public int get(long locator, MemorySegment destination, int length) {
        return filter.get(locator, destination, length);
    }

    @Override
    public int flush(long locator) {
        return filter.flush(locator);
    }

    @Override
    public void flushAll(long[] locators, int count, int[] outcomes) {
        filter.flushAll(locators, count, outcomes);
    }

    @Override
    public void putAsync(
            long copyId, PageKind kind, int owner, MemorySegment encoded, int length, Completion completion) {
        filter.putAsync(copyId, kind, owner, encoded, length, completion);
    }

    @Override
    public void getAsync(long locator, MemorySegment destination, int length, Completion completion) {
        filter.getAsync(locator, destination, length, completion);
    }

    @Override
    public long resize(long capacityBytes) {
        return filter.resize(capacityBytes);
    }

    @Override
    public long usedBytes() {
        return filter.usedBytes();
    }

    @Override
    public Usage usage() {
        return filter.usage();
    }

    @Override
    public void close() {
        filter.close();
    }

    @Override
    public int sizeClass(int length) {
        return filter.sizeClass(length);
    }

    @Override
    public @Nullable Claim claim(ClaimGoal goal, int length) {
        return filter.claim(goal, length);
    }

    @Override
    public long claimsBegun() {
        return filter.claimsBegun();
    }

    @Override
    public long claimsEnded() {
        return filter.claimsEnded();
    }
}
