package io.github.tmem.memory;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SlotWordTest {
    private static final int SLAB_LAST = (1 << Locator.SLAB_BITS) - 1;
    private static final int SLOT_LAST = (1 << Locator.SLOT_BITS) - 1;
    private static final int GENERATION_LAST = (1 << Locator.GENERATION_BITS) - 1;

    @Test
    void locatorsHoldEveryPlaceAndGeneration() {
        long place = Locator.placeOf(SLAB_LAST, SLOT_LAST);
        long locator = Locator.of(place, GENERATION_LAST);
        assertThat(locator).isNotNegative();
        assertThat(Locator.place(locator)).isEqualTo(place);
        assertThat(Locator.generation(locator)).isEqualTo(GENERATION_LAST);
        assertThat(Locator.slab(place)).isEqualTo(SLAB_LAST);
        assertThat(Locator.slot(place)).isEqualTo(SLOT_LAST);
        assertThat(Locator.nextGeneration(GENERATION_LAST)).isZero();
        assertThat(Locator.slab(Locator.place(-1))).isGreaterThan(SLAB_LAST);
    }

    @Test
    void copiesKeepEveryLengthBesideOwnerAndGeneration() {
        for (int length = 1; length <= 4096; length++) {
            long word = SlotWord.copy(SlotWord.COPY, GENERATION_LAST, length, -1);
            assertThat(SlotWord.state(word)).isEqualTo(SlotWord.COPY);
            assertThat(SlotWord.length(word)).isEqualTo(length);
            assertThat(SlotWord.owner(word)).isEqualTo(-1);
            assertThat(SlotWord.generation(word)).isEqualTo(GENERATION_LAST);
        }
    }

    @Test
    void longCopiesKeepEveryLength() {
        for (int length = 4097; length <= SlabBackend.LENGTH_MAX; length++) {
            long word = SlotWord.copy(SlotWord.HEAD, 5, length, 7);
            int chunks = Chunks.count(length);
            int first = Chunks.firstSlotBytes(length);
            if (SlotWord.length(word, chunks) != length || first > 4096 || chunks * 4096 + first - 8 < length) {
                throw new AssertionError("length " + length + " has " + chunks + " chunks and " + first + " bytes");
            }
        }
    }

    @Test
    void chunksKnowTheirHeadAndTheNextChunk() {
        long head = Locator.placeOf(SLAB_LAST, SLOT_LAST);
        long next = Locator.placeOf(SLAB_LAST, 63);
        long word = SlotWord.chunk(head, SlotWord.linkTo(next));
        assertThat(SlotWord.state(word)).isEqualTo(SlotWord.CHUNK);
        assertThat(SlotWord.headPlace(word)).isEqualTo(head);
        assertThat(SlotWord.place(SlotWord.link(word))).isEqualTo(next);
        assertThat(SlotWord.linkTo(0)).isNotEqualTo(SlotWord.NO_LINK);
        assertThat(SlotWord.link(SlotWord.chunk(head, SlotWord.NO_LINK))).isEqualTo(SlotWord.NO_LINK);
    }
}
