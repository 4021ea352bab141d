package io.github.tmem.bench.measure;

import io.github.tmem.bench.peer.EncodedSet;
import io.github.tmem.bench.work.PageSet;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Pages that come in place of others.
 *
 * @param name what becomes of the lengths
 * @param before the pages that are there first
 * @param after the pages that come
 */
record Exchange(String name, List<byte[]> before, List<byte[]> after) {
    private static final long SEED = 20_260_102;

    Exchange {
        before = List.copyOf(before);
        after = List.copyOf(after);
    }

    /** The whole set for the whole set in another order; the half that compresses less for the other one, and the reverse. */
    static List<Exchange> of(PageSet set) {
        byte[][] encoded = EncodedSet.of(set).encoded();
        List<byte[]> byLength = IntStream.range(0, encoded.length)
                .boxed()
                .sorted(Comparator.comparingInt(page -> encoded[page].length))
                .map(set.pages()::get)
                .toList();
        int half = encoded.length / 2;
        List<byte[]> shorter = shuffled(byLength.subList(0, half));
        List<byte[]> longer = shuffled(byLength.subList(half, encoded.length));
        return List.of(
                new Exchange("same lengths", set.pages(), shuffled(set.pages())),
                new Exchange("longer pages", shorter, longer),
                new Exchange("shorter pages", longer, shorter));
    }

    private static List<byte[]> shuffled(List<byte[]> pages) {
        List<byte[]> shuffled = new ArrayList<>(pages);
        Collections.shuffle(shuffled, new Random(SEED));
        return shuffled;
    }
}
