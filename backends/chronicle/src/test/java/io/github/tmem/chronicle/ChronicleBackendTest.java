package io.github.tmem.chronicle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.github.tmem.api.PageKind;
import io.github.tmem.api.spi.Outcome;
import io.github.tmem.api.spi.Usage;
import io.github.tmem.kit.Aside;
import io.github.tmem.kit.Gate;
import io.github.tmem.kit.NativeMemory;
import io.github.tmem.kit.Pages;
import io.github.tmem.kit.Race;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import net.openhft.chronicle.core.OS;
import net.openhft.chronicle.map.ChronicleMap;
import net.openhft.chronicle.map.ExternalMapQueryContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class ChronicleBackendTest {
    private static final int PAGE = 4096;
    private static final long CAPACITY = 4L << 20;

    private MapGeometry geometry = MapGeometry.of(CAPACITY, OS.pageSize());
    private ChronicleMap<Long, byte[]> map;
    private ChronicleBackend backend;
    private long lastId;

    @BeforeEach
    void open() {
        map = geometry.create();
        backend = new ChronicleBackend(geometry, map);
    }

    @AfterEach
    void close() {
        backend.close();
    }

    private static MemorySegment bytes(int length) {
        return MemorySegment.ofArray(Pages.noise(length, length));
    }

    private long put(int length) {
        return backend.put(++lastId, PageKind.EPHEMERAL, 0, bytes(length), length);
    }

    private int fill(int length) {
        int copies = 0;
        while (put(length) > 0) {
            copies++;
        }
        return copies;
    }

    private void flushAll() {
        for (long id = 1; id <= lastId; id++) {
            assertThat(backend.flush(id)).isEqualTo(Outcome.DONE);
        }
        assertEmpty();
    }

    private void assertEmpty() {
        Usage usage = backend.usage();
        assertThat(usage).isEqualTo(new Usage(CAPACITY, 0, 0, 0, usage.metadataBytes()));
        assertThat(map.isEmpty()).isTrue();
    }

    @Test
    void isFullWhenItsChunksAreTakenAndNotBefore() {
        int fits = Math.toIntExact(geometry.chunks() / geometry.chunks(PAGE));
        assertThat(fill(PAGE)).isEqualTo(fits);
        assertThat(backend.usedBytes()).isBetween(CAPACITY - 5000, CAPACITY);
        assertThat(backend.flush(1)).isEqualTo(Outcome.DONE);
        assertThat(put(PAGE)).isEqualTo(lastId);
        assertThat(put(PAGE)).isEqualTo(Outcome.FULL);
        flushAll();
    }

    @Test
    void theShortestCopiesFillNoHashTable() {
        assertThat(fill(1)).isEqualTo((int) (geometry.chunks() / geometry.chunks(1)));
        flushAll();
    }

    @Test
    void persistentPagesAreDeclined() {
        assertThat(backend.put(1, PageKind.PERSISTENT, 0, bytes(PAGE), PAGE)).isEqualTo(Outcome.DECLINED);
        assertThat(backend.capabilities().kinds()).containsExactly(PageKind.EPHEMERAL);
        assertEmpty();
    }

    /** Free chunks that do not lie side by side: the map throws, and nothing of the copy may stay counted. */
    @Test
    void aSegmentWithoutRoomSideBySideIsFull() {
        int copies = fill(2 * MapGeometry.CHUNK);
        for (long id = 1; id <= copies; id += 2) {
            assertThat(backend.flush(id)).isEqualTo(Outcome.DONE);
        }
        Usage before = backend.usage();
        int large = 1 << 20;
        assertThat(geometry.chunks(large)).isLessThan((int) geometry.chunks() / 2);
        assertThat(put(large)).isEqualTo(Outcome.FULL);
        assertThat(backend.usage()).isEqualTo(before);
        flushAll();
        assertThat(put(large)).isEqualTo(lastId);
        flushAll();
    }

    @Test
    void aSecondPutUnderOneIdIsTheCallersMistake() {
        assertThat(put(PAGE)).isEqualTo(1);
        Usage before = backend.usage();
        assertThatThrownBy(() -> backend.put(1, PageKind.EPHEMERAL, 0, bytes(100), 100))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(backend.usage()).isEqualTo(before);
        assertThat(backend.get(1, MemorySegment.ofArray(new byte[PAGE]), PAGE)).isEqualTo(PAGE);
    }

    @Test
    void aSourceThatCannotBeReadStoresNothingAndTakesNoRoom() {
        Arena arena = Arena.ofConfined();
        MemorySegment closed = arena.allocate(PAGE);
        arena.close();
        long fits = geometry.chunks() / geometry.chunks(PAGE);
        for (int i = 0; i <= 2 * fits; i++) {
            assertThatThrownBy(() -> backend.put(++lastId, PageKind.EPHEMERAL, 0, closed, PAGE))
                    .isInstanceOf(IllegalStateException.class);
        }
        assertEmpty();
        assertThat(fill(PAGE)).isEqualTo((int) fits);
    }

    @Test
    void aCopyOfAnotherLengthIsDamaged() {
        put(PAGE);
        assertThat(backend.get(1, MemorySegment.ofArray(new byte[PAGE]), PAGE - 1))
                .isEqualTo(Outcome.CORRUPT);
    }

    /** Surefire's configuration makes the map give up after a second. */
    @Test
    void aLockThatIsNotToBeHadIsUnavailableAndThePutIsSettledByItsFlush() {
        assertThat(put(PAGE)).isEqualTo(1);
        Gate gate = new Gate();
        gate.shut("locked");
        CompletableFuture<Boolean> holder = Aside.start(() -> {
            try (ExternalMapQueryContext<Long, byte[], ?> context = map.queryContext(1L)) {
                context.writeLock().lock();
                gate.arrive("locked");
                return true;
            }
        });
        gate.awaitArrivals("locked", 1);
        CompletableFuture<Integer> get = Aside.start(() -> backend.get(1, MemorySegment.ofArray(new byte[PAGE]), PAGE));
        CompletableFuture<Integer> flush = Aside.start(() -> backend.flush(1));
        CompletableFuture<Long> put = Aside.start(() -> backend.put(2, PageKind.EPHEMERAL, 0, bytes(PAGE), PAGE));
        assertThat(Aside.join(get)).isEqualTo(Outcome.UNAVAILABLE);
        assertThat(Aside.join(flush)).isEqualTo(Outcome.UNAVAILABLE);
        assertThat(Aside.join(put)).isEqualTo((long) Outcome.UNAVAILABLE);
        assertThat(backend.usage().copies()).isEqualTo(1);
        assertThat(backend.usedBytes()).as("the room of both").isGreaterThan(2 * PAGE);
        gate.open("locked");
        Aside.join(holder);
        lastId = 2;
        flushAll();
    }

    @Test
    void anInterruptedThreadWorksOn() {
        Thread.currentThread().interrupt();
        assertThat(put(PAGE)).isEqualTo(1);
        assertThat(backend.get(1, MemorySegment.ofArray(new byte[PAGE]), PAGE)).isEqualTo(PAGE);
        assertThat(backend.flush(1)).isEqualTo(Outcome.DONE);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void closeGivesTheMemoryBack() {
        long before = NativeMemory.bytes();
        MapGeometry large = MapGeometry.of(64L << 20, OS.pageSize());
        ChronicleBackend other = new ChronicleBackend(large, large.create());
        assertThat(NativeMemory.bytes() - before).isBetween(60L << 20, 64L << 20);
        other.put(1, PageKind.EPHEMERAL, 0, bytes(PAGE), PAGE);
        other.close();
        assertThat(NativeMemory.bytes() - before).isLessThan(1 << 20);
    }

    /** A few small objects for each call, and never the bytes of the page. */
    @Test
    void noCallMakesGarbageOfThePage() {
        MemorySegment page = bytes(PAGE);
        MemorySegment destination = MemorySegment.ofArray(new byte[PAGE]);
        exchange(1, 20_000, page, destination);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        int rounds = 1000;
        exchange(100_000, rounds, page, destination);
        assertThat((threads.getCurrentThreadAllocatedBytes() - before) / rounds)
                .as("bytes for a put, a get and a flush")
                .isLessThan(600);
    }

    private void exchange(long first, int rounds, MemorySegment page, MemorySegment destination) {
        for (long id = first; id < first + rounds; id++) {
            if (backend.put(id, PageKind.EPHEMERAL, 0, page, PAGE) != id
                    || backend.get(id, destination, PAGE) != PAGE
                    || backend.flush(id) != Outcome.DONE) {
                throw new AssertionError("copy " + id);
            }
        }
    }

    /** More segments than one, and each thread puts until it hears FULL. */
    @Test
    void threadsAtTheBrinkLoseNeitherCopiesNorRoom() {
        MapGeometry wide = MapGeometry.of(40L << 20, OS.pageSize());
        assertThat(wide.segments()).isGreaterThan(1);
        try (ChronicleBackend shared = new ChronicleBackend(wide, wide.create())) {
            new Race().with(3, number -> putGetAndFlush(shared, number)).run();
            Usage usage = shared.usage();
            assertThat(usage).isEqualTo(new Usage(40L << 20, 0, 0, 0, usage.metadataBytes()));
        }
    }

    private static void putGetAndFlush(ChronicleBackend shared, int number) {
        Random random = new Random(number);
        ArrayDeque<Long> mine = new ArrayDeque<>();
        byte[] page = Pages.noise(number, 64 << 10);
        byte[] read = new byte[page.length];
        long full = 0;
        for (long id = number + 1L; id < 12_000; id += 3) {
            int length = 1 + Math.floorMod(Long.hashCode(id * 0x9e3779b97f4a7c15L), page.length);
            long result = shared.put(id, PageKind.EPHEMERAL, 0, MemorySegment.ofArray(page), length);
            if (result == id) {
                mine.add(id);
            } else {
                assertThat(result).isEqualTo(Outcome.FULL);
                full++;
            }
            while ((result == Outcome.FULL && mine.size() > 100) || mine.size() > 2000) {
                long oldest = mine.remove();
                int held = 1 + Math.floorMod(Long.hashCode(oldest * 0x9e3779b97f4a7c15L), page.length);
                assertThat(shared.get(oldest, MemorySegment.ofArray(read), held))
                        .isEqualTo(held);
                assertThat(read).startsWith(Arrays.copyOf(page, Math.min(held, 64)));
                assertThat(shared.flush(oldest)).isEqualTo(Outcome.DONE);
                result = random.nextInt(8) == 0 ? 0 : result;
            }
        }
        mine.forEach(id -> assertThat(shared.flush(id)).isEqualTo(Outcome.DONE));
        assertThat(full).as("answers FULL").isPositive();
    }
}
