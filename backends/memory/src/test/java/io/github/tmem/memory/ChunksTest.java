package io.github.tmem.memory;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ChunksTest {
    private static final int SLAB_LAST = (1 << Locator.SLAB_BITS) - 1;
    private static final int SLOT_LAST = (1 << Locator.SLOT_BITS) - 1;

    @Test
    void aLongCopyIsItsChunksAndTheRestInItsHead() {
        for (int length = SizeClasses.SLOT_MAX + 1; length <= SlabBackend.LENGTH_MAX; length++) {
            int chunks = Chunks.count(length);
            int rest = Chunks.firstSlotBytes(length) - Chunks.WORD_BYTES;
            if (chunks < 1 || rest < 1 || rest > Chunks.BYTES || chunks * Chunks.BYTES + rest != length) {
                throw new AssertionError("length " + length + " has " + chunks + " chunks and " + rest + " bytes");
            }
        }
    }

    @Test
    void headsKnowTheLength() {
        int link = Chunks.linkTo(Locator.placeOf(SLAB_LAST, Chunks.PER_SLAB_MAX - 1));
        long word = Chunks.word(SlabBackend.LENGTH_MAX, link);
        assertThat(Chunks.length(word)).isEqualTo(SlabBackend.LENGTH_MAX);
        assertThat(Chunks.link(word)).isEqualTo(link);
    }

    @Test
    void chunksKnowTheirHeadAndTheNextChunk() {
        long head = Locator.placeOf(SLAB_LAST, SLOT_LAST);
        long next = Locator.placeOf(SLAB_LAST, Chunks.PER_SLAB_MAX - 1);
        long word = Chunks.word(head, Chunks.linkTo(next));
        assertThat(Chunks.head(word)).isEqualTo(head);
        assertThat(Chunks.place(Chunks.link(word))).isEqualTo(next);
        assertThat(Chunks.linkTo(0)).isNotEqualTo(Chunks.NO_LINK);
        assertThat(Chunks.link(Chunks.word(head, Chunks.NO_LINK))).isEqualTo(Chunks.NO_LINK);
    }
}
