package io.github.tmem.tiering.directory;

/**
 * How a table that grows is cut up: into small chunks first, so that little is wasted while there are few places, and into large
 * ones from some place on, so that a table of millions has few of them. What is known about the chunks stays in the processor's
 * cache then, and a look at an entry costs one miss and not three.
 *
 * @param smallBits a small chunk has 2^smallBits places
 * @param largeBits a large one 2^largeBits, more than a small one
 * @param firstLargeBits the large ones begin at place 2^firstLargeBits; at least largeBits
 */
record Chunking(int smallBits, int largeBits, int firstLargeBits) {

    Chunking {
        assert smallBits < largeBits && largeBits <= firstLargeBits;
    }

    /** The chunk of a place, from 0. */
    int chunkOf(int place) {
        return isSmall(place) ? place >>> smallBits : surplus() + (place >>> largeBits);
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
        return chunks <= smallChunks() ? chunks << smallBits : (chunks - surplus()) << largeBits;
    }

    private boolean isSmall(int place) {
        return place >>> firstLargeBits == 0;
    }

    private int smallChunks() {
        return 1 << (firstLargeBits - smallBits);
    }

    /** How many more chunks there are than if all were large. */
    private int surplus() {
        return smallChunks() - (1 << (firstLargeBits - largeBits));
    }
}
