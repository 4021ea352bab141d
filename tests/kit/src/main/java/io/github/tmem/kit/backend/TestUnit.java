package io.github.tmem.kit.backend;

import io.github.tmem.api.PageKind;
import java.util.LinkedHashMap;
import java.util.Map;

/** One unit of a {@link LocatedTestBackend}. Guarded by the backend's lock. */
final class TestUnit {

    private final Map<Long, Slot> slots = new LinkedHashMap<>();
    private PageKind kind = PageKind.EPHEMERAL;
    private int sizeClass;
    private final int number;
    private boolean claimed;
    private int claims;

    TestUnit(int number) {
        this.number = number;
    }

    /** Where the unit stands among the others, from 0. */
    int number() {
        return number;
    }

    /** A stored copy: where, whose, what. */
    static final class Slot {
        private final TestUnit unit;
        private final int owner;
        private final byte[] bytes;

        Slot(TestUnit unit, int owner, byte[] bytes) {
            this.unit = unit;
            this.owner = owner;
            this.bytes = bytes;
        }

        TestUnit unit() {
            return unit;
        }

        byte[] bytes() {
            return bytes;
        }
    }

    PageKind kind() {
        return kind;
    }

    int sizeClass() {
        return sizeClass;
    }

    boolean claimed() {
        return claimed;
    }

    /** Whether the unit's memory is taken from the capacity. */
    boolean inUse() {
        return claimed || !slots.isEmpty();
    }

    int copies() {
        return slots.size();
    }

    int freeSlots() {
        return (LocatedTestBackend.UNIT_BYTES >> sizeClass) - slots.size();
    }

    /** Whether this unit is of the kind and class and has a slot to spare. An unused unit is of no class. */
    boolean hasRoomFor(PageKind wantedKind, int wantedClass) {
        return !slots.isEmpty() && kind == wantedKind && sizeClass == wantedClass && freeSlots() > 0;
    }

    /** Makes an empty unit one of this kind and class. */
    void shape(PageKind newKind, int newClass) {
        assert slots.isEmpty() || (kind == newKind && sizeClass == newClass);
        kind = newKind;
        sizeClass = newClass;
    }

    Slot add(long locator, int owner, byte[] bytes) {
        Slot slot = new Slot(this, owner, bytes);
        slots.put(locator, slot);
        assert freeSlots() >= 0;
        return slot;
    }

    void remove(long locator) {
        slots.remove(locator);
    }

    int list(long[] locators, int[] owners) {
        int count = 0;
        for (Map.Entry<Long, Slot> slot : slots.entrySet()) {
            if (count == locators.length) {
                break;
            }
            locators[count] = slot.getKey();
            owners[count++] = slot.getValue().owner;
        }
        return count;
    }

    void claim() {
        assert !claimed;
        claimed = true;
        claims++;
    }

    /** How often the unit was claimed. */
    int claims() {
        return claims;
    }

    void release() {
        claimed = false;
    }

    void clear() {
        slots.clear();
        claimed = false;
    }
}
