package io.github.tmem.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SlotTagsTest {
    private static final int CUTS = 50_000;

    private final SlotTags tags = new SlotTags();

    @Test
    void slotsAndSlabsHaveTagsOfTheirOwn() {
        tags.grow(2);
        tags.open(0, 100);
        tags.open(1, 13);
        tags.grow(3);
        tags.grow(2);
        tags.open(2, 200);
        int[] slots = {100, 13, 200};
        for (int slab = 0; slab < slots.length; slab++) {
            for (int slot = 0; slot < slots[slab]; slot++) {
                tags.set(slab, slot, (7 * slab + slot) & 0xff);
            }
        }
        for (int slab = 0; slab < slots.length; slab++) {
            for (int slot = 0; slot < slots[slab]; slot++) {
                assertThat(tags.get(slab, slot)).isEqualTo((7 * slab + slot) & 0xff);
            }
        }
    }

    @Test
    void aSlotThatThereIsNotIsFree() {
        tags.grow(1);
        assertThat(tags.get(0, 0)).isEqualTo(Tag.FREE);
        tags.open(0, 8);
        tags.set(0, 7, Tag.CHUNK);
        assertThat(tags.get(0, 7)).isEqualTo(Tag.CHUNK);
        assertThat(tags.get(0, 8)).isEqualTo(Tag.FREE);
    }

    @Test
    void theFirstFreeSlotIsFoundWhateverTheOthersHold() {
        tags.grow(2);
        tags.open(1, 100);
        Random random = new Random(20);
        boolean[] free = new boolean[100];
        Arrays.fill(free, true);
        for (int round = 0; round < 20_000; round++) {
            int slot = random.nextInt(free.length);
            free[slot] = random.nextInt(8) == 0;
            tags.set(1, slot, free[slot] ? Tag.FREE : 1 + random.nextInt(random.nextBoolean() ? 2 : 255));
            int from = random.nextInt(free.length);
            int expected = from;
            while (expected < free.length && !free[expected]) {
                expected++;
            }
            if (expected < free.length) {
                assertThat(tags.firstFree(1, from)).isEqualTo(expected);
            }
        }
    }

    @Test
    void roomIsUsedAgainAndCounted() {
        int references = 4 * 4;
        tags.grow(1);
        long none = tags.bytes();
        tags.open(0, 64);
        assertThat(tags.bytes() - none).isEqualTo(64 + 16);
        tags.open(0, 57);
        assertThat(tags.bytes() - none).isEqualTo(64 + 16);
        tags.open(0, 24);
        assertThat(tags.bytes() - none).isEqualTo(64 + 16 + references + 24 + 16);
        tags.open(0, 65);
        tags.open(0, 64);
        tags.open(0, 20);
        tags.open(0, 80);
        assertThat(tags.bytes() - none).isEqualTo(64 + 16 + 24 + 16 + 80 + 16 + 3 * references);
        tags.close(0);
        assertThat(tags.bytes() - none).isEqualTo(64 + 16 + 24 + 16 + 3 * references);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 8, 9, 15, 16, 17, 512, 513, (1 << Locator.SLOT_BITS) - 1})
    void aSlabHasTagsForAllOfItsSlots(int slots) {
        tags.grow(1);
        for (int times = 0; times < 2; times++) {
            tags.open(0, slots);
            tags.set(0, slots - 1, Tag.CHUNK);
            assertThat(tags.get(0, slots - 1)).isEqualTo(Tag.CHUNK);
            tags.set(0, slots - 1, Tag.FREE);
            tags.open(0, slots < 600 ? 4 * slots + 16 : slots / 4); // and back
        }
    }

    /** Slabs cut again and again, each time for slots of another size, as a full tier does it. */
    @ParameterizedTest
    @CsvSource({"200, 120, 1020, 1", "1000, 4, 50, 0.1"})
    void slabsThatAreCutAgainTakeNextToNothingFromTheHeap(int slabs, int fewest, int most, double bytes) {
        tags.grow(slabs);
        Random random = new Random(4);
        Runnable cuts = () -> {
            for (int cut = 0; cut < CUTS; cut++) { // sizes come and go in waves
                int middle = fewest + (most - fewest) * (cut % 5_000) / 5_000;
                int slots = random.nextInt(8) == 0 ? middle : random.nextInt(fewest, most);
                tags.open(random.nextInt(slabs), slots);
            }
        };
        cuts.run();
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        cuts.run();
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan((long) (bytes * CUTS));
    }

    @Test
    void aSlabForWhoseTagsThereIsNoMemoryIsNotHandedOut() {
        AtomicBoolean exhausted = new AtomicBoolean(true);
        SlotTags scarce = tagsUnless(exhausted);
        Geometry geometry = Geometry.of(128 << 10, 4, 1);
        Groups groups = new Groups(new SizeClasses(geometry));
        SlabTable table = new SlabTable(geometry, groups, scarce);
        SlabSupply supply = new SlabSupply(geometry, new Regions(geometry, new Medium.OnHeap()), table);
        assertThat(supply.take(3)).isEqualTo(SlabTable.NONE);
        assertThat(supply.usedBytes()).isZero();
        assertThat(table.isUnknown(0)).isTrue();
        exhausted.set(false);
        assertThat(supply.take(3)).isZero();
        assertThat(supply.usedBytes()).isEqualTo(geometry.slabBytes());
    }

    @Test
    void aSlabKeepsItsTagsIfThereIsNoMemoryForOthers() {
        AtomicBoolean exhausted = new AtomicBoolean();
        SlotTags scarce = tagsUnless(exhausted);
        scarce.grow(2);
        scarce.open(0, 8);
        exhausted.set(true);
        assertThatThrownBy(() -> scarce.open(0, 100)).isInstanceOf(OutOfMemoryError.class);
        long before = scarce.bytes();
        scarce.set(0, 7, Tag.CHUNK);
        assertThat(scarce.get(0, 7)).isEqualTo(Tag.CHUNK);
        assertThatThrownBy(() -> scarce.open(1, 8))
                .as("what slab 0 has waits for nobody")
                .isInstanceOf(OutOfMemoryError.class);
        scarce.close(0);
        assertThat(before - scarce.bytes()).isEqualTo(8 + 16);
    }

    @Test
    void whatWaitsForSlabsIsBounded() {
        int slabs = 500;
        tags.grow(slabs);
        long references = tags.bytes();
        for (int length = 4096; length >= 8; length /= 2) {
            for (int slab = 0; slab < slabs; slab++) {
                tags.open(slab, length);
            }
        }
        int waiting = 0;
        for (int length = 4096; length > 8; length /= 2) {
            waiting += 256 * (length + 16 + 4);
        }
        assertThat(tags.bytes()).isEqualTo(references + slabs * (8L + 16) + waiting);
    }

    private static SlotTags tagsUnless(AtomicBoolean exhausted) {
        return new SlotTags(length -> {
            if (exhausted.get()) {
                throw new OutOfMemoryError("a test's");
            }
            return new byte[length];
        });
    }
}
