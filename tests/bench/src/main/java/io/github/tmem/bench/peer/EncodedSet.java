package io.github.tmem.bench.peer;

import io.github.tmem.bench.work.PageSet;
import java.util.Arrays;

/**
 * The pages of a set as a tier holds them: under LZ4, or raw if that does not shrink them to 7/8.
 *
 * @param name the name of the set
 * @param encoded one array for each page, of just the encoded length
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, and never changed
public record EncodedSet(String name, byte[][] encoded) {

    /** Encodes {@code set}. */
    public static EncodedSet of(PageSet set) {
        try (BareLz4 lz4 = new BareLz4()) {
            byte[][] encoded = new byte[set.pages().size()][];
            for (int i = 0; i < encoded.length; i++) {
                encoded[i] = lz4.encode(set.pages().get(i));
            }
            return new EncodedSet(set.name(), encoded);
        }
    }

    /** The number of pages. */
    public int pages() {
        return encoded.length;
    }

    /** The encoded bytes of {@code keys} pages, taken from the set again and again. */
    public long bytesOf(int keys) {
        long set = Arrays.stream(encoded).mapToLong(page -> page.length).sum();
        long rest = Arrays.stream(encoded, 0, keys % encoded.length)
                .mapToLong(page -> page.length)
                .sum();
        return keys / encoded.length * set + rest;
    }

    /** The longest of the encoded pages. */
    public int lengthMax() {
        return Arrays.stream(encoded).mapToInt(page -> page.length).max().orElseThrow();
    }
}
