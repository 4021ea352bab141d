package io.github.tmem.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.PageKind;
import io.github.tmem.api.spi.Outcome;
import io.github.tmem.memory.slot.SlotWriter;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The allocator beside a model that knows nothing but which slots are taken: a slab is whose copies it has, and free without
 * any. It says of each put whether there is room, and of each place whether it may be.
 */
@Timeout(120)
class SlabModelTest {
    private static final int OPERATIONS = 200_000;
    private static final int COPIES_MAX = 3000;
    private static final PageKind[] KINDS = PageKind.values();

    private final SlabBackend backend = new SlabBackend(
            Geometry.of(2 << 20, 16, 1 << 20), new Medium.OnHeap(), SlotWriter.forTierOf(SlotWriter.LARGE_TIER_MIN));
    private final SizeClasses classes = backend.copies().classes();
    private final Random random = new Random(7);
    private final MemorySegment bytes = MemorySegment.ofArray(new byte[SizeClasses.SLOT_MAX]);

    /** A slab with copies: what it is cut into, and the slots that are taken. */
    private record Cut(PageKind kind, int sizeClass, Set<Integer> taken) {}

    private final Map<Integer, Cut> slabs = new HashMap<>();
    private final List<Long> locators = new ArrayList<>();

    @AfterEach
    void everythingAddsUp() {
        SlabAudit.check(backend);
        backend.close();
    }

    @Test
    void saysFullWhenTheModelIsAndOnlyThen() {
        int full = 0;
        for (int i = 0; i < OPERATIONS; i++) {
            // Fills up and empties again, in waves of other lengths.
            boolean fills = i / 5000 % 2 == 0;
            if (locators.isEmpty() || (locators.size() < COPIES_MAX && random.nextInt(8) < (fills ? 6 : 2))) {
                full += put(length(i / 10_000)) ? 0 : 1;
            } else {
                flush(random.nextInt(locators.size()));
            }
        }
        assertThat(full).as("puts that found no room").isBetween(OPERATIONS / 50, OPERATIONS / 2);
        while (!locators.isEmpty()) {
            flush(locators.size() - 1);
        }
        assertThat(backend.usedBytes()).isZero();
    }

    private int length(int wave) {
        int base = 200 + 731 * wave % 3000;
        return 1 + random.nextInt(wave % 3 == 0 ? SizeClasses.SLOT_MAX : base);
    }

    private boolean put(int length) {
        PageKind kind = KINDS[random.nextInt(KINDS.length)];
        int sizeClass = classes.classOf(length);
        boolean hasRoom = hasRoom(kind, sizeClass);
        long locator = backend.put(0, kind, random.nextInt(), bytes, length);
        if (locator == Outcome.FULL) {
            assertThat(hasRoom).as("room for a copy of %d bytes", length).isFalse();
            return false;
        }
        assertThat(hasRoom).as("room for a copy of %d bytes", length).isTrue();
        enter(Locator.place(locator), kind, sizeClass);
        locators.add(locator);
        return true;
    }

    private void enter(long place, PageKind kind, int sizeClass) {
        Cut cut = slabs.computeIfAbsent(Locator.slab(place), slab -> new Cut(kind, sizeClass, new HashSet<>()));
        assertThat(cut.kind).isEqualTo(kind);
        assertThat(cut.sizeClass).isGreaterThanOrEqualTo(sizeClass);
        assertThat(cut.taken.add(Locator.slot(place)))
                .as("a slot for two copies")
                .isTrue();
        assertThat(Locator.slot(place)).isLessThan(classes.slots(cut.sizeClass));
        assertThat(slabs.size()).isLessThanOrEqualTo(backend.geometry().slabs());
        assertThat(backend.usedBytes())
                .isEqualTo((long) slabs.size() * backend.geometry().slabBytes());
    }

    /** Whether a free slab is there, or a slot of the class or of one that is larger by an eighth at most. */
    private boolean hasRoom(PageKind kind, int sizeClass) {
        int slotBytesMax = classes.slotBytes(sizeClass) / 8 + classes.slotBytes(sizeClass);
        return slabs.size() < backend.geometry().slabs()
                || slabs.values().stream()
                        .anyMatch(cut -> cut.kind == kind
                                && cut.sizeClass >= sizeClass
                                && classes.slotBytes(cut.sizeClass) <= slotBytesMax
                                && cut.taken.size() < classes.slots(cut.sizeClass));
    }

    private void flush(int i) {
        long locator = locators.get(i);
        locators.set(i, locators.getLast());
        locators.removeLast();
        int slab = Locator.slab(Locator.place(locator));
        Set<Integer> taken = Objects.requireNonNull(slabs.get(slab)).taken;
        assertThat(taken.remove(Locator.slot(Locator.place(locator)))).isTrue();
        if (taken.isEmpty()) {
            slabs.remove(slab);
        }
        assertThat(backend.flush(locator)).isEqualTo(Outcome.DONE);
        assertThat(backend.usedBytes())
                .isEqualTo((long) slabs.size() * backend.geometry().slabBytes());
    }
}
