package io.github.tmem.kit.backend;

import io.github.tmem.api.PageKind;
import io.github.tmem.api.config.ConfigException;
import io.github.tmem.api.spi.Backend;
import io.github.tmem.api.spi.Capabilities;
import io.github.tmem.api.spi.Completion;
import io.github.tmem.api.spi.LocatedBackend.Claim;
import io.github.tmem.api.spi.LocatedBackend.ClaimGoal;
import io.github.tmem.api.spi.Outcome;
import io.github.tmem.api.spi.Usage;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Watches both sides of the SPI. Of the caller: no copy id twice, no flush of what is not there, lengths and destinations
 * that fit, sources left alone until the completion, no more than the capacity into a keyed backend, every claim closed,
 * nothing after close. Of the backend: results that exist, locators no other live copy has, one completion per call, use
 * within the capacity or, while it is above since a resize, not rising.
 *
 * <p>Every broken rule is an entry in {@link #mistakes()}, and an {@link IllegalArgumentException} when it is the caller's
 * and known before the call. A test asks for {@link #assertNoMistakes()} at its end. Thread-safe.
 */
public final class CheckingBackend extends FilterBackend {

    private final Capabilities capabilities;
    private final UseBound use;
    private final AtomicBoolean resizing = new AtomicBoolean();
    private volatile long capacityBytes;

    /** The bytes that may be put into a keyed backend: the largest capacity it has had. */
    private volatile long chargeableBytes;

    private final CopyIds copyIds = new CopyIds();
    private final ConcurrentHashMap<Long, Copy> copies = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<String> mistakes = new ConcurrentLinkedQueue<>();
    private final AtomicLong chargedBytes = new AtomicLong();
    private final AtomicLong openClaims = new AtomicLong();
    private final AtomicLong pendingCompletions = new AtomicLong();
    private final AtomicBoolean closed = new AtomicBoolean();

    /** Watches {@code wrapped}, which is empty. */
    public CheckingBackend(Backend wrapped) {
        super(wrapped);
        capabilities = wrapped.capabilities();
        capacityBytes = wrapped.usage().capacityBytes();
        chargeableBytes = capacityBytes;
        use = new UseBound(capacityBytes);
    }

    /** The broken rules so far, oldest first. */
    public List<String> mistakes() {
        return List.copyOf(mistakes);
    }

    /**
     * Copies that were stored, or may have been, and not flushed: after the store dropped every page, these are leaks. Those
     * whose flush went unanswered are none any more once the backend is closed.
     */
    public long copiesAlive() {
        return copies.size();
    }

    /** Fails if a rule was broken. */
    public void assertNoMistakes() {
        if (!mistakes.isEmpty()) {
            throw new AssertionError("rules of the backend SPI were broken: " + mistakes);
        }
    }

    /** Fails if a copy is still stored. */
    public void assertNoCopies() {
        if (!copies.isEmpty()) {
            throw new AssertionError(copies.size() + " copies leaked, among them locator "
                    + copies.keySet().iterator().next());
        }
    }

    @Override
    public Capabilities capabilities() {
        check(capabilities.equals(super.capabilities()), "capabilities changed");
        return capabilities;
    }

    @Override
    public long put(long copyId, PageKind kind, int owner, MemorySegment encoded, int length) {
        PutWatch watch = new PutWatch(copyId, encoded, length);
        long result = super.put(copyId, kind, owner, encoded, length);
        watch.end(result);
        return result;
    }

    @Override
    public void putAsync(
            long copyId, PageKind kind, int owner, MemorySegment encoded, int length, Completion completion) {
        PutWatch watch = new PutWatch(copyId, encoded, length);
        Completion once = once(() -> "put of copy " + copyId, result -> {
            watch.end(result);
            completion.complete(result);
        });
        super.putAsync(copyId, kind, owner, encoded, length, once);
    }

    @Override
    public int get(long locator, MemorySegment destination, int length) {
        beforeGet(locator, destination, length);
        int result = super.get(locator, destination, length);
        afterGet(locator, length, result);
        return result;
    }

    @Override
    public void getAsync(long locator, MemorySegment destination, int length, Completion completion) {
        beforeGet(locator, destination, length);
        super.getAsync(locator, destination, length, once(() -> "get of locator " + locator, result -> {
            afterGet(locator, length, result);
            completion.complete(result);
        }));
    }

    @Override
    public int flush(long locator) {
        checkOpen();
        Copy copy = copies.get(locator);
        if (located()) {
            check(copy != null, () -> "flush of locator " + locator + ", which is not stored");
            check(copy == null || copy.flushing.compareAndSet(false, true), () -> "two flushes of locator " + locator);
        } else {
            check(copyIds.contains(locator), () -> "flush of copy " + locator + ", which nobody put");
            check(copy == null || copy.answered, () -> "flush of copy " + locator + " before its put was answered");
        }
        int result = super.flush(locator);
        if (result == Outcome.DONE) {
            forget(locator);
        } else {
            check(result == Outcome.UNAVAILABLE, () -> "flush answered " + Outcome.name(result));
            if (copy != null) {
                copy.owed = true;
                copy.flushing.set(false);
            }
        }
        return result;
    }

    @Override
    public long usedBytes() {
        checkOpen();
        UseBound.Look look = use.look();
        long usedBytes = super.usedBytes();
        noteUse(usedBytes, look);
        return usedBytes;
    }

    @Override
    public Usage usage() {
        checkOpen();
        UseBound.Look look = use.look();
        Usage usage = super.usage();
        noteUse(usage.usedBytes(), look);
        return usage;
    }

    private void noteUse(long usedBytes, UseBound.Look look) {
        note(use.allows(usedBytes, look), () -> usedBytes + " bytes used of " + look.ceilingBytes());
    }

    @Override
    public long resize(long newCapacityBytes) {
        checkOpen();
        check(resizing.compareAndSet(false, true), "two resizes at a time");
        long chargeableBefore = chargeableBytes;
        chargeableBytes = Math.max(chargeableBytes, newCapacityBytes); // a put may be on its way since long ago
        use.beginResize();
        try {
            capacityBytes = super.resize(newCapacityBytes);
        } catch (ConfigException e) {
            chargeableBytes = chargeableBefore;
            throw e;
        } finally {
            use.endResize(capacityBytes, super.usedBytes());
            resizing.set(false);
        }
        note(
                capacityBytes > 0 && capacityBytes <= newCapacityBytes,
                () -> "resize to " + newCapacityBytes + " answered " + capacityBytes);
        return capacityBytes;
    }

    @Override
    public void close() {
        check(closed.compareAndSet(false, true), "closed twice");
        check(openClaims.get() == 0, () -> openClaims + " claims open at close");
        super.close();
        copies.values().removeIf(copy -> copy.owed); // they went with the backend
        check(pendingCompletions.get() == 0, () -> pendingCompletions + " calls never completed");
    }

    @Override
    protected @Nullable Claim claim(ClaimGoal goal, int length) {
        checkOpen();
        boolean wantsRoom = goal == ClaimGoal.PERSISTENT || goal == ClaimGoal.EPHEMERAL;
        check(!wantsRoom || fits(length), () -> "claim for " + length + " bytes");
        Claim claim = super.claim(goal, length);
        return claim == null ? null : new WatchedClaim(claim, goal);
    }

    private void beforeGet(long locator, MemorySegment destination, int length) {
        checkOpen();
        check(!destination.isReadOnly(), "get into a read-only segment");
        check(locator >= 0, () -> "get of locator " + locator);
        check(fits(length) && destination.byteSize() >= length, () -> "get of " + length + " bytes");
    }

    private void afterGet(long locator, int length, long result) {
        boolean outcome = result == Outcome.GONE || result == Outcome.UNAVAILABLE || result == Outcome.CORRUPT;
        note(outcome || result == length, () -> "get of locator " + locator + " answered " + Outcome.name(result));
    }

    private void forget(long locator) {
        Copy copy = copies.remove(locator);
        if (copy != null) {
            chargedBytes.addAndGet(-copy.length);
        }
    }

    private boolean fits(int length) {
        return length >= 1 && length <= capabilities.lengthMax();
    }

    private Completion once(Supplier<String> call, Completion completion) {
        AtomicBoolean completed = new AtomicBoolean();
        pendingCompletions.incrementAndGet();
        return result -> {
            note(completed.compareAndSet(false, true), () -> call.get() + " completed twice");
            pendingCompletions.decrementAndGet();
            completion.complete(result);
        };
    }

    private void checkOpen() {
        check(!closed.get(), "a call after close");
    }

    private void check(boolean rule, String mistake) {
        check(rule, () -> mistake);
    }

    private void check(boolean rule, Supplier<String> mistake) {
        note(rule, mistake);
        if (!rule) {
            throw new IllegalArgumentException(mistake.get());
        }
    }

    /** Only records, where an exception would end up in a completion or in the place of a result. */
    private void note(boolean rule, Supplier<String> mistake) {
        if (!rule) {
            mistakes.add(mistake.get());
        }
    }

    /** One stored copy. A keyed copy is here from before its put, and while it is unknown whether it was stored. */
    private static final class Copy {
        private final int length;
        private final AtomicBoolean flushing = new AtomicBoolean();
        private volatile boolean answered;

        /** Whether a flush went unanswered: who asked for it knows of the copy. */
        private volatile boolean owed;

        Copy(int length) {
            this.length = length;
        }
    }

    /** One put from call to result. */
    private final class PutWatch {
        private final long copyId;
        private final MemorySegment encoded;
        private final Copy copy;
        private final long checksum;

        PutWatch(long copyId, MemorySegment encoded, int length) {
            checkOpen();
            check(fits(length) && encoded.byteSize() >= length, () -> "put of " + length + " bytes");
            check(copyId >= 1, () -> "put under copy id " + copyId);
            check(copyIds.add(copyId), () -> "second put under copy id " + copyId);
            this.copyId = copyId;
            this.encoded = encoded;
            copy = new Copy(length);
            checksum = Checksums.of(encoded, length);
            long charged = chargedBytes.addAndGet(copy.length);
            if (!located()) {
                check(charged <= chargeableBytes, () -> charged + " bytes put into " + chargeableBytes);
                copies.put(copyId, copy);
            }
        }

        void end(long result) {
            copy.answered = true;
            note(
                    Checksums.of(encoded, copy.length) == checksum,
                    () -> "the source of copy " + copyId + " changed during its put");
            if (result >= 0) {
                Copy other = copies.put(result, copy);
                note(other == null || other == copy, () -> "locator " + result + " names two copies");
                note(located() || result == copyId, () -> "copy " + copyId + " was stored as " + result);
            } else {
                note(
                        result >= Outcome.UNAVAILABLE || result == Outcome.NOT_SENT,
                        () -> "put answered " + Outcome.name(result));
                endFailed(result);
            }
        }

        /** A keyed copy whose put went unanswered may exist: it stays charged until its flush is done. */
        private void endFailed(long result) {
            if (located()) {
                chargedBytes.addAndGet(-copy.length);
            } else if (result != Outcome.UNAVAILABLE) {
                forget(copyId);
            }
        }
    }

    /** A claim whose rules are watched. */
    private final class WatchedClaim extends FilterClaim {
        private final Thread owner = Thread.currentThread();
        private final ClaimGoal goal;
        private boolean empty;
        private boolean claimClosed;

        WatchedClaim(Claim wrapped, ClaimGoal goal) {
            super(wrapped);
            this.goal = goal;
            openClaims.incrementAndGet();
        }

        @Override
        public int copies(long[] locators, int[] owners) {
            checkUse();
            int count = super.copies(locators, owners);
            check(count >= 0 && count <= locators.length, () -> "a claim listed " + count + " copies");
            empty = count == 0;
            return count;
        }

        @Override
        public boolean relocatable() {
            checkUse();
            return super.relocatable();
        }

        @Override
        public long put(long copyId, PageKind kind, int owner, MemorySegment encoded, int length) {
            checkUse();
            check(empty || goal == ClaimGoal.SHRINK, "put into a claim that is not empty yet");
            PutWatch watch = new PutWatch(copyId, encoded, length);
            long result = super.put(copyId, kind, owner, encoded, length);
            watch.end(result);
            return result;
        }

        @Override
        public void close() {
            checkUse();
            claimClosed = true;
            openClaims.decrementAndGet();
            super.close();
        }

        private void checkUse() {
            check(owner.equals(Thread.currentThread()), "a claim used by two threads");
            check(!claimClosed, "a claim used after its close");
        }
    }
}
