package io.github.tmem.bench.work;

import io.github.tmem.kit.SamplePages;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Pages of one origin.
 *
 * @param name what they are called
 * @param pages the pages, all of one size; never changed
 */
public record PageSet(String name, List<byte[]> pages) {
    /** The size of the pages in bytes, unless said otherwise. */
    public static final int PAGE_SIZE = 4096;

    private static final int PAGES_MAX = 2048;

    public PageSet {
        pages = List.copyOf(pages);
        if (pages.isEmpty()) {
            throw new IllegalArgumentException("page set " + name + " is empty");
        }
    }

    /** The sample sets, or else one of the files of this JDK; at most {@code pagesMax} pages of each. */
    public static List<PageSet> samples(int pagesMax) {
        return SamplePages.sets(PAGE_SIZE, Math.min(pagesMax, PAGES_MAX)).entrySet().stream()
                .map(set -> new PageSet(set.getKey(), set.getValue()))
                .toList();
    }

    /** The set of this name, or else the first. */
    public static PageSet preferred(String name, List<PageSet> sets) {
        return sets.stream().filter(set -> set.name().equals(name)).findFirst().orElse(sets.getFirst());
    }

    /** These pages cut into pages of {@code size} bytes, of which every piece is different. */
    public PageSet cutInto(int size) {
        List<byte[]> pieces = new ArrayList<>();
        for (byte[] page : pages) {
            for (int at = 0; at + size <= page.length; at += size) {
                pieces.add(Arrays.copyOfRange(page, at, at + size));
            }
        }
        return new PageSet(name + "/" + size, pieces);
    }

    /** Pages that are nearly empty, so that many of them fit in little memory; none is filled with one word. */
    public static PageSet sparse(int count) {
        SplittableRandom random = new SplittableRandom(count);
        List<byte[]> pages = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte[] page = new byte[PAGE_SIZE];
            for (int j = 0; j < Long.BYTES; j++) {
                page[j] = (byte) random.nextInt(1, 256);
            }
            pages.add(page);
        }
        return new PageSet("sparse", pages);
    }

    /** The page of a key. */
    public byte[] pageOf(int key) {
        return pages.get(key % pages.size());
    }

    /** The pages as an array, for loops in which every nanosecond counts. */
    public byte[][] toArray() {
        return pages.toArray(byte[][]::new);
    }
}
