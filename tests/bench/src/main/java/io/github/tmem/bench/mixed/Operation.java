package io.github.tmem.bench.mixed;

import java.util.Locale;

/** What is timed by itself. What a get is depends on how it ends. */
public enum Operation {
    /** A get that delivers a page. */
    GET_HIT("get that hits"),
    /** A get of an index that never had a page, or whose page has gone. */
    GET_MISS("get that misses"),
    /** A put of an index that has no page. */
    PUT_NEW("put, new"),
    /** A put of an index that has a page, or had one that has been evicted unseen. */
    PUT_OVER("put over a page"),
    /** A flush of one page, which may have gone before. */
    FLUSH("flush"),
    /** A flush of an object with hundreds of pages. */
    FLUSH_OBJECT("flush of an object"),
    /** Bare compression of a page. */
    LZ4_COMPRESS("bare LZ4 compression"),
    /** Bare decompression of a page. */
    LZ4_DECOMPRESS("bare LZ4 decompression");

    private final String words;

    Operation(String words) {
        this.words = words;
    }

    /** The key in the JSON. */
    String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What it is called in the table. */
    String words() {
        return words;
    }
}
