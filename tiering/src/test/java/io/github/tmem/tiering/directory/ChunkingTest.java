package io.github.tmem.tiering.directory;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ChunkingTest {
    private final Chunking chunking = new Chunking(2, 4);

    @Test
    void placesFollowOneAnotherThroughSmallAndLargeChunks() {
        int place = 0;
        for (int chunk = 0; chunk < 9; chunk++) {
            assertThat(chunking.places(chunk)).isEqualTo(chunk < 4 ? 4 : 16);
            assertThat(chunking.placesIn(chunk)).isEqualTo(place);
            for (int offset = 0; offset < chunking.places(chunk); offset++) {
                assertThat(chunking.chunkOf(place)).isEqualTo(chunk);
                assertThat(chunking.offsetOf(place)).isEqualTo(offset);
                place++;
            }
        }
    }
}
