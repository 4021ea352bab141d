package io.github.tmem.memory;

import io.github.tmem.api.PageKind;
import io.github.tmem.api.spi.Capabilities;
import io.github.tmem.api.spi.Completion;
import io.github.tmem.api.spi.LocatedBackend;
import io.github.tmem.api.spi.Outcome;
import io.github.tmem.api.spi.Usage;
import io.github.tmem.memory.slot.SlotWriter;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.util.EnumSet;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The backend over slabs: it reserves slots in the {@link CopyTable} and moves the bytes itself, outside its locks.
 *
 * <p>Order of memory: a put takes slots, and with them a new generation, before it writes bytes; a get reads bytes before
 * the caller looks a second time. The fences keep the processor to it, so that a reader who saw bytes of a later copy also
 * sees that its own copy is gone. What a {@link SlotWriter} streams no fence of Java's keeps: the lock of the slot's {@link Stripe} keeps
 * it behind the end of the copy before. It may be seen before the tag of its own slot, so nobody may go by tags who holds no
 * stripe.
 */
final class SlabBackend implements LocatedBackend {
    /** The longest copy: the largest page and some bytes for a codec that could not compress it. */
    static final int LENGTH_MAX = (1 << 20) + 72;

    private static final Capabilities CAPABILITIES = new Capabilities(
            Capabilities.Addressing.LOCATED, Capabilities.Latency.LOCAL, EnumSet.allOf(PageKind.class), LENGTH_MAX);

    private final Geometry geometry;
    private final SlotWriter writer;
    private final Regions regions;
    private final CopyTable copies;
    private final SlabPool pool;
    private final SlabTable table;
    private final SlabSupply supply;
    private final AtomicReference<@Nullable SlabClaim> spareClaim = new AtomicReference<>();

    SlabBackend(Geometry geometry, Medium medium, SlotWriter writer) {
        this.geometry = geometry;
        this.writer = writer;
        regions = new Regions(geometry, medium);
        copies = new CopyTable(geometry, regions);
        pool = copies.pool();
        table = pool.table();
        supply = pool.supply();
    }

    @Override
    public Capabilities capabilities() {
        return CAPABILITIES;
    }

    @Override
    public long put(long copyId, PageKind kind, int owner, MemorySegment encoded, int length) {
        return put(kind, owner, encoded, length, null);
    }

    /** Stores a copy, in held slabs or where there is room. */
    long put(PageKind kind, int owner, MemorySegment encoded, int length, @Nullable HeldSlabs held) {
        if (length < 1) {
            throw new IllegalArgumentException("length " + length + " is below 1");
        }
        if (length > LENGTH_MAX) {
            return Outcome.DECLINED;
        }
        Objects.checkFromIndexSize(0L, length, encoded.byteSize());
        long locator = copies.reserve(kind, owner, length, held);
        if (locator < 0) {
            return locator;
        }
        boolean written = false;
        try {
            VarHandle.releaseFence();
            write(Locator.place(locator), owner, encoded, length);
            written = true;
        } finally {
            if (!written) {
                copies.free(locator);
            }
        }
        return locator;
    }

    private void write(long place, int owner, MemorySegment encoded, int length) {
        if (length > SizeClasses.SLOT_MAX) {
            pool.setOwner(place, owner);
            writeChain(place, encoded, length);
        } else {
            writer.write(pool.memory(place), pool.offset(place), pool.slotBytes(place), owner, encoded, length);
        }
    }

    private void writeChain(long head, MemorySegment encoded, int length) {
        int written = 0;
        int link = Chunks.link(pool.chunkWord(head));
        while (link != Chunks.NO_LINK) {
            long chunk = Chunks.place(link);
            writePart(chunk, encoded, written, Chunks.BYTES);
            written += Chunks.BYTES;
            link = Chunks.link(pool.chunkWord(chunk));
        }
        writePart(head, encoded, written, length - written);
    }

    private void writePart(long place, MemorySegment encoded, int from, int bytes) {
        MemorySegment.copy(encoded, from, pool.memory(place), pool.offset(place) + Chunks.WORD_BYTES, bytes);
    }

    @Override
    public int get(long locator, MemorySegment destination, int length) {
        Objects.checkFromIndexSize(0, length, destination.byteSize());
        long place = Locator.place(locator);
        int result = length <= SizeClasses.SLOT_MAX
                ? readPart(place, 0, destination, 0, length)
                : readChain(place, destination, length);
        VarHandle.acquireFence();
        return result;
    }

    /**
     * Copies from a slot, which may be anything by now: nothing is trusted that another thread may be changing.
     *
     * @return {@code length}, or {@link Outcome#GONE} if there is no such slot
     */
    private int readPart(long place, int from, MemorySegment destination, long to, int length) {
        MemorySegment memory = regions.segment(Locator.slab(place));
        if (memory == null) {
            return Outcome.GONE;
        }
        long offset = checkedOffset(memory, place, from + length);
        if (offset < 0) {
            return Outcome.GONE;
        }
        try {
            MemorySegment.copy(memory, offset + from, destination, to, length);
        } catch (IllegalStateException e) {
            checkReleased(memory, e);
            return Outcome.GONE;
        }
        return length;
    }

    /** Where in a region the slot's first {@code length} bytes are, or {@link Outcome#GONE} if there is no such slot. */
    private long checkedOffset(MemorySegment memory, long place, int length) {
        int slab = Locator.slab(place);
        int slotBytes = table.slotBytes(slab);
        long end = (Locator.slot(place) + 1L) * (slotBytes + Geometry.OWNER_BYTES);
        long regionEnd = regions.offset(slab) + end;
        return length <= slotBytes && end <= geometry.slabBytes() && regionEnd <= memory.byteSize()
                ? regionEnd - slotBytes
                : Outcome.GONE;
    }

    /** Takes an exception for what it says, unless a region went back to the medium while a copy in it was read. */
    private static void checkReleased(MemorySegment memory, IllegalStateException e) {
        if (memory.scope().isAlive()) {
            throw e;
        }
    }

    private int readChain(long head, MemorySegment destination, int length) {
        int read = 0;
        int link = linkAt(head, Chunks.firstSlotBytes(length));
        for (int chunks = Chunks.count(length); chunks > 0; chunks--) {
            long place = Chunks.place(link);
            if (link == Chunks.NO_LINK || readPart(place, Chunks.WORD_BYTES, destination, read, Chunks.BYTES) < 0) {
                return Outcome.GONE;
            }
            read += Chunks.BYTES;
            link = linkAt(place, SizeClasses.SLOT_MAX);
        }
        return readPart(head, Chunks.WORD_BYTES, destination, read, length - read) < 0 ? Outcome.GONE : length;
    }

    /** The link in a slot of {@code slotBytes} or more, or {@link Chunks#NO_LINK} if there is no such slot. */
    private int linkAt(long place, int slotBytes) {
        MemorySegment memory = regions.segment(Locator.slab(place));
        if (memory == null) {
            return Chunks.NO_LINK;
        }
        long offset = checkedOffset(memory, place, slotBytes);
        try {
            return offset < 0 ? Chunks.NO_LINK : Chunks.link(memory.get(Chunks.WORD, offset));
        } catch (IllegalStateException e) {
            checkReleased(memory, e);
            return Chunks.NO_LINK;
        }
    }

    @Override
    public int flush(long locator) {
        copies.free(locator);
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
    public int sizeClass(int length) {
        int classes = copies.classes().count();
        return Chunks.count(length) * classes + copies.classes().classOf(Chunks.firstSlotBytes(length));
    }

    @Override
    public @Nullable Claim claim(ClaimGoal goal, int length) {
        SlabClaim spare = spareClaim.getAndSet(null);
        SlabClaim claim = spare == null ? new SlabClaim(this, copies) : spare;
        if (claim.open(goal, length)) {
            return claim;
        }
        closed(claim);
        return null;
    }

    @Override
    public long claimsBegun() {
        return copies.claimsBegun();
    }

    @Override
    public long claimsEnded() {
        return copies.claimsEnded();
    }

    /** Keeps a claim that has ended for the next one. */
    void closed(SlabClaim claim) {
        spareClaim.set(claim);
    }

    @Override
    public long resize(long capacityBytes) {
        long capacity = copies.resize(capacityBytes, regions.medium().limits());
        int beyond = geometry.regions(supply.limit());
        for (int region = geometry.regions(table.slabs()) - 1; region >= beyond; region--) {
            copies.releaseIfUnused(region); // one at a time, so that puts need not wait for all of them
        }
        return capacity;
    }

    @Override
    public long usedBytes() {
        return supply.usedBytes();
    }

    @Override
    public Usage usage() {
        return copies.usage();
    }

    @Override
    public void close() {
        regions.close();
    }

    Geometry geometry() {
        return geometry;
    }

    /** The bytes taken from the medium and not given back. For checks. */
    long allocatedBytes() {
        return regions.allocatedBytes();
    }

    /** The books. For checks. */
    CopyTable copies() {
        return copies;
    }
}
