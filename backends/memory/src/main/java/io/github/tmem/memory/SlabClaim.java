package io.github.tmem.memory;

import io.github.tmem.api.PageKind;
import io.github.tmem.api.spi.LocatedBackend;
import io.github.tmem.api.spi.LocatedBackend.Claim;
import java.lang.foreign.MemorySegment;

/** What a claimer sees of its {@link HeldSlabs}. One that is closed is used again, so that claims allocate nothing. */
final class SlabClaim implements Claim {
    private final SlabBackend backend;
    private final CopyTable copies;
    private final HeldSlabs held;
    private boolean open;

    SlabClaim(SlabBackend backend, CopyTable copies) {
        this.backend = backend;
        this.copies = copies;
        this.held = new HeldSlabs(copies.pool());
    }

    /** Begins the claim; false if no choice of slabs meets the goal. */
    boolean open(LocatedBackend.ClaimGoal goal, int length) {
        assert !open : "a claim in use was opened again";
        open = copies.hold(held, goal, length);
        return open;
    }

    @Override
    public int copies(long[] locators, int[] owners) {
        return copies.copies(held, locators, owners);
    }

    @Override
    public boolean relocatable() {
        return held.relocatable();
    }

    @Override
    public long put(long copyId, PageKind kind, int owner, MemorySegment encoded, int length) {
        return backend.put(kind, owner, encoded, length, held);
    }

    @Override
    public void close() {
        assert open : "closed twice";
        open = false;
        copies.give(held);
        backend.closed(this);
    }
}
