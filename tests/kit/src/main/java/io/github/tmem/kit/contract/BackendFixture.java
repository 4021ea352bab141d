package io.github.tmem.kit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.PageKind;
import io.github.tmem.api.spi.Backend;
import io.github.tmem.api.spi.Capabilities;
import io.github.tmem.api.spi.Capabilities.Addressing;
import io.github.tmem.api.spi.Capabilities.Latency;
import io.github.tmem.api.spi.Outcome;
import io.github.tmem.api.spi.Usage;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/**
 * Opens the backend before each test, keeps the books of what is stored in it, and compares after each test: every copy
 * the books name is there with its bytes, usage adds up, and nothing is used once all is flushed.
 */
@Timeout(120)
abstract class BackendFixture {

    private final AtomicLong lastCopyId = new AtomicLong();
    private final AtomicLong bookedBytes = new AtomicLong();
    private final Map<Long, Copy> books = new ConcurrentHashMap<>();
    private Backend backend;

    /** The most that may be stored, in bytes; and used, if a resize has left more than that. */
    private volatile long allowedBytes;

    private volatile long leftBytes;
    private Capabilities capabilities;

    /** An empty backend of this capacity. The suite closes it. */
    protected abstract Backend open(long capacityBytes);

    /** The capacity the tests run with, in bytes. At least four times the longest copy; small is fast. */
    protected long capacityBytes() {
        return 4L << 20;
    }

    @BeforeEach
    final void openBackend() {
        backend = open(capacityBytes());
        allowedBytes = capacityBytes();
        capabilities = backend.capabilities();
    }

    @AfterEach
    final void usageAddsUp() {
        checkUsage();
        long encoded = books.values().stream().mapToLong(Copy::length).sum();
        assertThat(backend.usage().encodedBytes()).as("encodedBytes").isEqualTo(encoded);
        assertThat(backend.usage().copies()).as("copies").isEqualTo(books.size());
        books.values().forEach(this::assertReadable);
        flushAll();
        Usage empty = backend.usage();
        assertThat(empty)
                .as("after every flush")
                .isEqualTo(new Usage(empty.capacityBytes(), 0, 0, 0, empty.metadataBytes()));
        backend.close();
    }

    final Backend backend() {
        return backend;
    }

    final boolean keyed() {
        return capabilities.addressing() == Addressing.KEYED;
    }

    final boolean isSlow() {
        return capabilities.latency() == Latency.SLOW;
    }

    final int lengthMax() {
        return capabilities.lengthMax();
    }

    /** The kinds the backend takes, in a stable order. */
    final List<PageKind> kinds() {
        List<PageKind> kinds = new ArrayList<>(List.of(PageKind.values()));
        kinds.retainAll(capabilities.kinds());
        return kinds;
    }

    final PageKind anyKind() {
        return kinds().getFirst();
    }

    /** The length of an encoded page most tests use: 4096 bytes, or the most the backend takes. */
    final int pageLength() {
        return Math.min(4096, lengthMax());
    }

    final long nextCopyId() {
        return lastCopyId.incrementAndGet();
    }

    /** The copies in the books. A snapshot. */
    final List<Copy> stored() {
        return List.copyOf(books.values());
    }

    /** Puts a copy and books it if it was stored. As a caller must, does not even ask a keyed backend above its capacity. */
    final Copy tryPut(PageKind kind, int length) {
        Copy planned = plan(kind, length);
        boolean withinCapacity = bookedBytes.addAndGet(length) <= allowedBytes;
        long result = withinCapacity || !keyed()
                ? backend.put(planned.copyId(), kind, planned.owner(), MemorySegment.ofArray(planned.bytes()), length)
                : Outcome.FULL;
        if (result < 0) {
            bookedBytes.addAndGet(-length);
        }
        return enter(planned, result);
    }

    /** A copy that is about to be put. */
    final Copy plan(PageKind kind, int length) {
        long copyId = nextCopyId();
        return new Copy(copyId, kind, (int) (copyId * 0x9e3779b9L), length, Outcome.UNAVAILABLE);
    }

    /** Books the result of a put that the test made itself. Bytes are charged by the caller, see {@link #charge}. */
    final Copy enter(Copy planned, long result) {
        Copy copy = new Copy(planned.copyId(), planned.kind(), planned.owner(), planned.length(), result);
        if (copy.stored()) {
            if (keyed()) {
                assertThat(result).as("a keyed copy's locator").isEqualTo(copy.copyId());
            }
            assertThat(books.put(result, copy))
                    .as("another live copy under the locator")
                    .isNull();
        }
        return copy;
    }

    /** Counts bytes a test stores without {@link #tryPut}. */
    final void charge(long bytes) {
        bookedBytes.addAndGet(bytes);
    }

    final Copy put(PageKind kind, int length) {
        Copy copy = tryPut(kind, length);
        assertThat(copy.stored())
                .as("put of %d bytes: %s", length, Outcome.name(copy.locator()))
                .isTrue();
        return copy;
    }

    /** Puts copies of one length until the backend is full. */
    final List<Copy> fill(PageKind kind, int length) {
        List<Copy> copies = new ArrayList<>();
        for (Copy copy = tryPut(kind, length); copy.stored(); copy = tryPut(kind, length)) {
            copies.add(copy);
            if (copies.size() * (long) length > allowedBytes) {
                throw new AssertionError(copies.size() + " copies of " + length + " bytes in " + allowedBytes);
            }
        }
        return copies;
    }

    final void flush(Copy copy) {
        strike(copy); // first: another thread's put may get the locator at once
        assertThat(backend.flush(copy.locator())).isEqualTo(Outcome.DONE);
        charge(-copy.length());
    }

    /** Takes a copy that is about to be flushed out of the books; its bytes stay charged. */
    final void strike(Copy copy) {
        assertThat(books.remove(copy.locator())).as("the copy to flush").isEqualTo(copy);
    }

    final void flushAll() {
        stored().forEach(this::flush);
    }

    /** Whether the backend can be resized; if not, it has to refuse. */
    protected boolean resizable() {
        return true;
    }

    /** Resizes the backend, while no other thread looks at usage. Returns the new capacity. */
    final long resize(long newCapacityBytes) {
        long used = backend.usedBytes();
        allowedBytes = Math.max(allowedBytes, newCapacityBytes);
        leftBytes = Math.max(allowedBytes, used);
        long capacity = backend.resize(newCapacityBytes);
        assertThat(capacity).isPositive().isLessThanOrEqualTo(newCapacityBytes);
        assertThat(backend.usage().capacityBytes()).isEqualTo(capacity);
        allowedBytes = newCapacityBytes;
        leftBytes = used;
        return capacity;
    }

    final Copy copyAt(long locator) {
        Copy copy = books.get(locator);
        if (copy == null) {
            throw new AssertionError("no copy is stored at locator " + locator);
        }
        return copy;
    }

    final void assertReadable(Copy copy) {
        byte[] read = new byte[copy.length()];
        assertThat(backend.get(copy.locator(), MemorySegment.ofArray(read), copy.length()))
                .as("get of %s", copy)
                .isEqualTo(copy.length());
        assertThat(read).as("bytes of %s", copy).isEqualTo(copy.bytes());
    }

    /** The invariants that hold at any moment, also while other threads work. */
    final void checkUsage() {
        Usage usage = backend.usage();
        assertThat(usage.capacityBytes()).isPositive().isLessThanOrEqualTo(allowedBytes);
        assertThat(usage.usedBytes())
                .as("usedBytes of %s", usage)
                .isBetween(usage.encodedBytes(), Math.max(usage.capacityBytes(), leftBytes));
        assertThat(usage.encodedBytes()).isNotNegative();
        assertThat(usage.copies()).isNotNegative();
        assertThat(usage.metadataBytes()).isNotNegative();
        assertThat(backend.usedBytes()).isBetween(0L, Math.max(usage.capacityBytes(), leftBytes));
    }
}
