package io.github.tmem.memory;

import java.util.Arrays;

/**
 * The sizes of slots: multiples of 16 bytes, from 32 bytes up to 4 KiB. Of the sizes that give a slab the same number of
 * slots only the largest is a class, so that no memory is left behind the last slot that its slots could have used.
 */
final class SizeClasses {
    /** The largest slot, in bytes. Longer copies are chains of slots. */
    static final int SLOT_MAX = 4096;

    private static final int SLOT_MIN = 32;
    private static final int STEP = 16;

    private final int[] slotBytes;
    private final int[] slots;
    private final short[] classOfSteps;

    SizeClasses(Geometry geometry) {
        int[] sizes = new int[SLOT_MAX / STEP + 1];
        int[] counts = new int[sizes.length];
        classOfSteps = new short[sizes.length];
        int classes = 0;
        for (int size = SLOT_MAX; size >= SLOT_MIN; size -= STEP) {
            int count = slotsOf(geometry, size);
            if (classes == 0 || counts[classes - 1] < count) {
                sizes[classes] = size;
                counts[classes++] = count;
            }
        }
        slotBytes = new int[classes];
        slots = new int[classes];
        for (int i = 0; i < classes; i++) {
            slotBytes[i] = sizes[classes - 1 - i];
            slots[i] = counts[classes - 1 - i];
        }
        int sizeClass = 0;
        for (int steps = 0; steps < classOfSteps.length; steps++) {
            if (steps * STEP > slotBytes[sizeClass]) {
                sizeClass++;
            }
            classOfSteps[steps] = (short) sizeClass;
        }
        assert slotBytes[classes - 1] == SLOT_MAX && Arrays.stream(slots).max().orElseThrow() < 1 << Locator.SLOT_BITS;
    }

    private static int slotsOf(Geometry geometry, int size) {
        return geometry.slabBytes() / (size + Geometry.OWNER_BYTES);
    }

    /** The number of classes; classes are numbered from 0, by size. */
    int count() {
        return slotBytes.length;
    }

    /** The class of the largest slots. */
    int largest() {
        return slotBytes.length - 1;
    }

    /** The class with the smallest slots that hold {@code bytes}, 0 to {@link #SLOT_MAX}. */
    int classOf(int bytes) {
        return classOfSteps[(bytes + STEP - 1) / STEP];
    }

    int slotBytes(int sizeClass) {
        return slotBytes[sizeClass];
    }

    /** The number of slots in a slab. */
    int slots(int sizeClass) {
        return slots[sizeClass];
    }
}
