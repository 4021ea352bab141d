package io.github.tmem.tiering.directory;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChunkingTest {

    @ParameterizedTest
    @CsvSource({"4, 4", "5, 8", "6, 16"})
    void placesFollowOneAnotherThroughSmallAndLargeChunks(int firstLargeBits, int smallChunks) {
        Chunking chunking = new Chunking(2, 4, firstLargeBits);
        int place = 0;
        for (int chunk = 0; chunk < smallChunks + 5; chunk++) {
            assertThat(chunking.places(chunk)).isEqualTo(chunk < smallChunks ? 4 : 16);
            assertThat(chunking.placesIn(chunk)).isEqualTo(place);
            for (int offset = 0; offset < chunking.places(chunk); offset++) {
                assertThat(chunking.chunkOf(place)).isEqualTo(chunk);
                assertThat(chunking.offsetOf(place)).isEqualTo(offset);
                place++;
            }
        }
    }
}
