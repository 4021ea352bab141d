package io.github.tmem.kit.backend;

import io.github.tmem.api.PageKind;
import io.github.tmem.api.config.ConfigException;
import io.github.tmem.api.spi.Capabilities;
import io.github.tmem.api.spi.Capabilities.Addressing;
import io.github.tmem.api.spi.Capabilities.Latency;
import io.github.tmem.api.spi.Completion;
import io.github.tmem.api.spi.LocatedBackend;
import io.github.tmem.api.spi.Outcome;
import io.github.tmem.api.spi.Usage;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The smallest medium that places its copies itself: units of {@value #UNIT_BYTES} bytes, each for one kind and one power
 * of two of lengths, one lock around everything. Locators count up and are never used again.
 *
 * <p>Small and slow on purpose, so that what it does can be seen to be right; {@link
 * io.github.tmem.kit.contract.LocatedBackendContract} holds it and the real ones to the same rules. Thread-safe.
 */
public final class LocatedTestBackend implements LocatedBackend {

    /** The memory of one unit, which is also the longest copy. */
    public static final int UNIT_BYTES = 64 << 10;

    private static final long CAPACITY_MAX = 1L << 30;

    private static final Capabilities CAPABILITIES =
            new Capabilities(Addressing.LOCATED, Latency.LOCAL, EnumSet.allOf(PageKind.class), UNIT_BYTES);

    private final List<TestUnit> units = new ArrayList<>();
    private long capacityBytes;
    private final Map<Long, TestUnit.Slot> copies = new HashMap<>();
    private long lastLocator;
    private long claimsBegun;
    private long claimsEnded;
    private long encodedBytes;

    /** A medium of as many whole units as fit into {@code capacityBytes}, at least one. */
    public LocatedTestBackend(long capacityBytes) {
        if (capacityBytes < UNIT_BYTES) {
            throw new IllegalArgumentException("capacity " + capacityBytes + " is below one unit of " + UNIT_BYTES);
        }
        this.capacityBytes = capacityBytes;
        addUnits();
    }

    private void addUnits() {
        while (units.size() < unitsWithin()) {
            units.add(new TestUnit(units.size()));
        }
    }

    private long unitsWithin() {
        return capacityBytes / UNIT_BYTES;
    }

    private boolean isBeyond(TestUnit unit) {
        return unit.number() >= unitsWithin();
    }

    @Override
    public Capabilities capabilities() {
        return CAPABILITIES;
    }

    @Override
    public synchronized long put(long copyId, PageKind kind, int owner, MemorySegment encoded, int length) {
        if (length < 1) {
            throw new IllegalArgumentException("a copy has at least one byte");
        }
        if (length > UNIT_BYTES) {
            return Outcome.DECLINED;
        }
        TestUnit unit = roomFor(kind, sizeClass(length));
        byte[] bytes = encoded.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
        return unit == null ? Outcome.FULL : place(unit, kind, owner, bytes);
    }

    @Override
    public synchronized int get(long locator, MemorySegment destination, int length) {
        TestUnit.Slot slot = copies.get(locator);
        if (slot == null) {
            return Outcome.GONE;
        }
        byte[] bytes = slot.bytes();
        if (bytes.length != length) {
            return Outcome.CORRUPT;
        }
        MemorySegment.copy(bytes, 0, destination, ValueLayout.JAVA_BYTE, 0, length);
        return length;
    }

    @Override
    public synchronized int flush(long locator) {
        TestUnit.Slot slot = copies.remove(locator);
        if (slot == null) {
            throw new IllegalArgumentException("flush of locator " + locator + ", which is not stored");
        }
        encodedBytes -= slot.bytes().length;
        slot.unit().remove(locator);
        return Outcome.DONE;
    }

    @Override
    public void putAsync(
            long copyId, PageKind kind, int owner, MemorySegment encoded, int length, Completion completion) {
        completion.complete(put(copyId, kind, owner, encoded, length));
    }

    @Override
    public void getAsync(long locator, MemorySegment destination, int length, Completion completion) {
        completion.complete(get(locator, destination, length));
    }

    @Override
    public synchronized long resize(long newCapacityBytes) {
        if (newCapacityBytes < UNIT_BYTES || newCapacityBytes > CAPACITY_MAX) {
            throw new ConfigException("capacity " + newCapacityBytes + " B cannot be used; allowed: " + UNIT_BYTES
                    + " B to " + CAPACITY_MAX + " B");
        }
        capacityBytes = newCapacityBytes;
        addUnits();
        return capacityBytes;
    }

    @Override
    public synchronized long usedBytes() {
        long used = 0;
        for (TestUnit unit : units) {
            used += unit.inUse() ? UNIT_BYTES : 0;
        }
        return used;
    }

    @Override
    public synchronized Usage usage() {
        return new Usage(capacityBytes, usedBytes(), encodedBytes, copies.size(), 0);
    }

    @Override
    public synchronized void close() {
        copies.clear();
        encodedBytes = 0;
        for (TestUnit unit : units) {
            unit.clear();
        }
    }

    /** The exponent of the power of two that holds {@code length} bytes. */
    @Override
    public int sizeClass(int length) {
        return Integer.SIZE - Integer.numberOfLeadingZeros(length - 1);
    }

    @Override
    public synchronized @Nullable Claim claim(ClaimGoal goal, int length) {
        return goal == ClaimGoal.SHRINK ? claimBeyond() : claimWithin(goal);
    }

    @Override
    public synchronized long claimsBegun() {
        return claimsBegun;
    }

    @Override
    public synchronized long claimsEnded() {
        return claimsEnded;
    }

    private @Nullable Claim claimBeyond() {
        TestUnit chosen = null;
        for (TestUnit unit : units) {
            boolean leaves = isBeyond(unit) && !unit.claimed() && unit.copies() > 0;
            chosen = leaves && (chosen == null || unit.claims() < chosen.claims()) ? unit : chosen;
        }
        return chosen == null ? null : new UnitClaim(chosen, true, ClaimGoal.SHRINK);
    }

    private @Nullable Claim claimWithin(ClaimGoal goal) {
        boolean wantsRoom = goal == ClaimGoal.PERSISTENT || goal == ClaimGoal.EPHEMERAL;
        TestUnit chosen = null;
        boolean relocatable = false;
        for (TestUnit unit : units) {
            boolean moves = fitsElsewhere(unit);
            boolean serves = !unit.claimed() && !isBeyond(unit) && (unit.copies() > 0 || hasRoomForAUnit());
            boolean allowed = unit.copies() == 0 ? wantsRoom : moves || goal == ClaimGoal.PERSISTENT;
            boolean yields = moves || unit.kind() != PageKind.PERSISTENT;
            if (serves && allowed && yields && (chosen == null || unit.copies() < chosen.copies())) {
                chosen = unit;
                relocatable = moves;
            }
        }
        return chosen == null ? null : new UnitClaim(chosen, relocatable, goal);
    }

    /** Whether one more unit can be used; while units beyond the capacity are in use, free ones within may have to rest. */
    private boolean hasRoomForAUnit() {
        return usedBytes() + UNIT_BYTES <= capacityBytes;
    }

    private @Nullable TestUnit roomFor(PageKind kind, int sizeClass) {
        TestUnit free = null;
        for (TestUnit unit : units) {
            if (!unit.claimed() && !isBeyond(unit) && unit.hasRoomFor(kind, sizeClass)) {
                return unit;
            }
            free = !unit.inUse() && !isBeyond(unit) ? unit : free;
        }
        return free != null && hasRoomForAUnit() ? free : null;
    }

    private boolean fitsElsewhere(TestUnit unit) {
        int room = 0;
        for (TestUnit other : units) {
            boolean takes = other != unit
                    && !other.claimed()
                    && !isBeyond(other)
                    && other.hasRoomFor(unit.kind(), unit.sizeClass());
            room += takes ? other.freeSlots() : 0;
        }
        return unit.copies() > 0 && room >= unit.copies();
    }

    private long place(TestUnit unit, PageKind kind, int owner, byte[] bytes) {
        long locator = ++lastLocator;
        unit.shape(kind, sizeClass(bytes.length));
        copies.put(locator, unit.add(locator, owner, bytes));
        encodedBytes += bytes.length;
        return locator;
    }

    /** A claim of one unit. Its state is guarded by the backend's lock. */
    private final class UnitClaim implements Claim {
        private final TestUnit unit;
        private final boolean relocatable;
        private final ClaimGoal goal;
        private final boolean counted;

        UnitClaim(TestUnit unit, boolean relocatable, ClaimGoal goal) {
            this.unit = unit;
            this.relocatable = relocatable;
            this.goal = goal;
            counted = goal != ClaimGoal.SHRINK && unit.copies() > 0 && unit.kind() == PageKind.EPHEMERAL;
            claimsBegun += counted ? 1 : 0;
            unit.claim();
        }

        @Override
        public int copies(long[] locators, int[] owners) {
            synchronized (LocatedTestBackend.this) {
                return unit.list(locators, owners);
            }
        }

        @Override
        public boolean relocatable() {
            return relocatable;
        }

        @Override
        public long put(long copyId, PageKind kind, int owner, MemorySegment encoded, int length) {
            synchronized (LocatedTestBackend.this) {
                if (goal == ClaimGoal.SHRINK) {
                    return LocatedTestBackend.this.put(copyId, kind, owner, encoded, length);
                }
                if (unit.copies() > 0) {
                    throw new IllegalStateException("put into a claim that is not empty yet");
                }
                return place(unit, kind, owner, encoded.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE));
            }
        }

        @Override
        public void close() {
            synchronized (LocatedTestBackend.this) {
                claimsEnded += counted ? 1 : 0;
                unit.release();
            }
        }
    }
}
