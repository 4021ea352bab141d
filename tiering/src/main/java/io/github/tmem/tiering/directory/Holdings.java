package io.github.tmem.tiering.directory;

import io.github.tmem.api.PageKind;

/** How many pages and bytes a tier holds, by kind. Filled by {@link Directory#holdings}. Belongs to one thread. */
public final class Holdings {
    private final long[] pages = new long[PageKind.values().length];
    private long encodedBytes;
    private long rawBytes;

    Holdings() {}

    void add(PageKind kind, long morePages, long moreEncoded, long moreRaw) {
        pages[kind.ordinal()] += morePages;
        encodedBytes += moreEncoded;
        rawBytes += moreRaw;
    }

    /** Pages of this kind. */
    public long pages(PageKind kind) {
        return pages[kind.ordinal()];
    }

    /** The encoded bytes of all pages. */
    public long encodedBytes() {
        return encodedBytes;
    }

    /** The page bytes those stand for. */
    public long rawBytes() {
        return rawBytes;
    }
}
