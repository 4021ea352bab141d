package io.github.tmem.bench.peer;

import io.github.tmem.bench.timing.Contestant;
import io.github.tmem.bench.work.Keys;
import java.util.Arrays;
import java.util.stream.IntStream;
import net.openhft.chronicle.map.ChronicleMap;

/** Encoded pages in a Chronicle Map outside the heap, under 64-bit keys. The map takes any number of threads. */
public final class ChroniclePeer implements AutoCloseable {
    /** The name of {@link #puts}. */
    public static final String PUTS = "Chronicle Map put";

    /** The name of {@link #exchanges}. */
    public static final String EXCHANGES = "Chronicle Map put and remove";

    /** The name of {@link #gets}. */
    public static final String GETS = "Chronicle Map get";

    private final ChronicleMap<Long, byte[]> map;
    private final Keys keys;

    /** In the order of the visits, one after the other in memory. */
    private final Long[] names;

    /** The other name of each key, and whether that is the one it has now; in the same order. */
    private final Long[] others;

    private final boolean[] renamed;
    private final EncodedSet set;

    /** A map that holds the encoded page of every key. */
    public ChroniclePeer(Keys keys, EncodedSet set) {
        this.keys = keys;
        this.set = set;
        names = IntStream.range(0, keys.places()).mapToObj(keys::indexAt).toArray(Long[]::new);
        others = IntStream.range(0, keys.places()).mapToObj(keys::absentIndexAt).toArray(Long[]::new);
        renamed = new boolean[names.length];
        map = ChronicleMap.of(Long.class, byte[].class)
                .name("bench")
                .entries(keys.count())
                .averageValueSize((double) set.bytesOf(keys.count()) / keys.count())
                .putReturnsNull(true)
                .removeReturnsNull(true)
                .create();
        for (int key = 0; key < keys.count(); key++) {
            map.put(keys.index(key), set.encoded()[key % set.pages()]);
        }
        verify();
    }

    private void verify() {
        for (int key = 0; key < keys.count(); key++) {
            if (!Arrays.equals(map.get(keys.index(key)), set.encoded()[key % set.pages()])) {
                throw new IllegalStateException("Chronicle Map gave back other bytes for " + key);
            }
        }
    }

    /** Puts of the encoded pages that are there already, under the same names. A map for this has no {@link #exchanges}. */
    public Contestant puts() {
        return new Puts();
    }

    /**
     * Puts of encoded pages under names that are not there, each followed by the removal of the key's page before it. Those
     * who divide the places among threads change the same map.
     */
    public Contestant exchanges() {
        return new Exchanges();
    }

    /** Gets of encoded pages into one array after the other. */
    public Contestant gets() {
        return new Gets();
    }

    private final class Puts implements Contestant {
        @Override
        public String name() {
            return PUTS;
        }

        @Override
        public void run(int from, int to) {
            byte[][] encoded = set.encoded();
            for (int place = from; place < to; place++) {
                map.put(names[place], encoded[keys.at(place) % encoded.length]);
            }
        }
    }

    private final class Exchanges implements Contestant {
        @Override
        public String name() {
            return EXCHANGES;
        }

        @Override
        public void run(int from, int to) {
            byte[][] encoded = set.encoded();
            for (int place = from; place < to; place++) {
                boolean again = renamed[place];
                map.put(again ? names[place] : others[place], encoded[keys.at(place) % encoded.length]);
                map.remove(again ? others[place] : names[place]);
                renamed[place] = !again;
            }
        }
    }

    private final class Gets implements Contestant {
        private byte[] found = new byte[set.lengthMax()];

        @Override
        public String name() {
            return GETS;
        }

        @Override
        public void run(int from, int to) {
            for (int place = from; place < to; place++) {
                byte[] got = map.getUsing(names[place], found);
                if (got == null) {
                    throw new IllegalStateException("Chronicle Map lost a page");
                }
                found = got;
            }
        }
    }

    @Override
    public void close() {
        map.close();
    }
}
