package io.github.tmem.memory;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

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
    void roomIsUsedAgainUnlessItIsFarTooLargeAndCounted() {
        tags.grow(1);
        long none = tags.bytes();
        tags.open(0, 64);
        assertThat(tags.bytes() - none).isEqualTo(64 + 16);
        tags.open(0, 40);
        assertThat(tags.bytes() - none).isEqualTo(64 + 16);
        tags.open(0, 24);
        assertThat(tags.bytes() - none).isEqualTo(64 + 16 + 24 + 16);
        tags.open(0, 33);
        tags.open(0, 20);
        assertThat(tags.bytes() - none).isEqualTo(64 + 16 + 24 + 16);
        tags.close(0);
        assertThat(tags.bytes() - none).isEqualTo(64 + 16);
    }

    /** Slabs cut again and again, each time for slots of another size, as a full tier does it: less than a byte for a cut. */
    @Test
    void slabsThatAreCutAgainTakeNextToNothingFromTheHeap() {
        tags.grow(200);
        Random random = new Random(4);
        cut(random);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        cut(random);
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(CUTS);
    }

    private void cut(Random random) {
        for (int cut = 0; cut < CUTS; cut++) {
            tags.open(random.nextInt(200), 120 + random.nextInt(900));
        }
    }

    @Test
    void aSlabForWhoseTagsThereIsNoMemoryIsNotHandedOut() {
        AtomicBoolean exhausted = new AtomicBoolean(true);
        SlotTags scarce = new SlotTags(length -> {
            if (exhausted.get()) {
                throw new OutOfMemoryError("a test's");
            }
            return new byte[length];
        });
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
    void whatWaitsForSlabsIsBounded() {
        tags.grow(2);
        Random random = new Random(5);
        for (int cut = 0; cut < 10_000; cut++) {
            tags.open(0, 8 << random.nextInt(8));
            tags.open(1, 8 << random.nextInt(8));
            tags.close(random.nextInt(2));
        }
        assertThat(tags.bytes()).isLessThan(66 * (8 << 7) + 66 * 24);
    }
}
