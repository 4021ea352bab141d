package io.github.tmem.bench.cache;

import io.github.tmem.bench.peer.BareLz4;
import io.github.tmem.bench.peer.EncodedSet;
import io.github.tmem.bench.timing.Contestant;
import io.github.tmem.bench.work.Keys;
import io.github.tmem.bench.work.PageSet;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * A cache of others with LZ4 before it, so that it does the work of a store: raw pages go in and come out. Pages that LZ4 does
 * not shrink stay as they are, as in a store. The cache takes any number of threads, a contestant one.
 */
public final class CompressedPages {
    private final EncodedCache cache;
    private final Keys keys;
    private final byte[][] pages;

    /** In the order of the visits, one after the other in memory. */
    private final Long[] names;

    /** Puts the page of every key into {@code cache}, which stays the caller's to close, gets it back and compares every byte. */
    public CompressedPages(EncodedCache cache, Keys keys, PageSet set) {
        this.cache = cache;
        this.keys = keys;
        pages = set.toArray();
        names = IntStream.range(0, keys.places()).mapToObj(keys::indexAt).toArray(Long[]::new);
        cache.fill(keys, EncodedSet.of(set));
        verify(set);
    }

    private void verify(PageSet set) {
        byte[] page = new byte[pages[0].length];
        try (BareLz4 lz4 = new BareLz4()) {
            for (int key = 0; key < keys.count(); key++) {
                get(lz4, keys.index(key), page);
                if (!Arrays.equals(page, set.pageOf(key))) {
                    throw new IllegalStateException(cache.name() + " gave back other bytes for " + key);
                }
            }
        }
    }

    private void get(BareLz4 lz4, Long name, byte[] page) {
        byte[] encoded = cache.get(name);
        if (encoded == null) {
            throw new IllegalStateException(cache.name() + " dropped a page though there was room");
        }
        lz4.decompress(encoded, 0, encoded.length, page);
    }

    /** The name of {@link #puts} to a cache of this name. */
    public static String putsTo(String cache) {
        return "LZ4 and " + cache + " put";
    }

    /** The name of {@link #gets} from a cache of this name. */
    public static String getsFrom(String cache) {
        return cache + " get and LZ4";
    }

    /** Puts over the pages that are there, each encoded into an array of its own by {@code lz4}. */
    public Contestant puts(BareLz4 lz4) {
        return new Loop(putsTo(cache.name())) {
            @Override
            void visit(int place) {
                cache.put(names[place], lz4.encode(pages[keys.at(place) % pages.length]));
            }
        };
    }

    /** Gets, each decoded into the same page by {@code lz4}. */
    public Contestant gets(BareLz4 lz4) {
        byte[] page = new byte[pages[0].length];
        return new Loop(getsFrom(cache.name())) {
            @Override
            void visit(int place) {
                get(lz4, names[place], page);
            }
        };
    }

    private abstract static class Loop implements Contestant {
        private final String name;

        Loop(String name) {
            this.name = name;
        }

        @Override
        public String name() {
            return name;
        }

        abstract void visit(int place);

        @Override
        public void run(int from, int to) {
            for (int place = from; place < to; place++) {
                visit(place);
            }
        }
    }
}
