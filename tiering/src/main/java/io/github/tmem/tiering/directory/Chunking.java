package io.github.tmem.tiering.directory;

/**
 * How a table that grows is cut up: into small chunks first, so that a small table wastes little, and into large ones from
 * where one of those would end, so that a table of millions has few of them. What is known about the chunks stays in the
 * processor's cache then, and a look at an entry costs one miss and not three.
 *
 * @param smallBits a small chunk has 2^smallBits places
 * @param largeBits a large one 2^largeBits
 */
record Chunking(int smallBits, int largeBits) {

    /** The chunk of a place, from 0. */
    int chunkOf(int place) {
        return isSmall(place) ? place >>> smallBits : smallChunks() - 1 + (place >>> largeBits);
    }

    /** Where in its chunk a place is, from 0. */
    int offsetOf(int place) {
        return place & ((1 << (isSmall(place) ? smallBits : largeBits)) - 1);
    }

    /** The number of places in a chunk. */
    int places(int chunk) {
        return 1 << (chunk < smallChunks() ? smallBits : largeBits);
    }

    /** The number of places in all of the first {@code chunks}. */
    int placesIn(int chunks) {
        return chunks <= smallChunks() ? chunks << smallBits : (chunks - smallChunks() + 1) << largeBits;
    }

    private boolean isSmall(int place) {
        return place >>> largeBits == 0;
    }

    private int smallChunks() {
        return 1 << (largeBits - smallBits);
    }
}
