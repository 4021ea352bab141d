package io.github.tmem.bench.work;

import io.github.tmem.api.ObjectId;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Random keys, and a random order to visit them in. The key with number n has the page n, modulo the pages there are.
 * Not changed once made.
 *
 * <p>What a loop needs to know of a key lies in the order of the visits, so that reading it costs next to nothing. Peers keep
 * what they need in the same way.
 */
public final class Keys {
    /** The number of objects. The first keys are in different ones. */
    public static final int OBJECTS = 64;

    private static final long SEED = 20_260_101;

    private final ObjectId[] objects = new ObjectId[OBJECTS];
    private final long[] indexes;
    private final int[] order;
    private final long[] indexesInOrder;

    /** {@code count} keys in 64 objects, each visited once. */
    public Keys(int count) {
        this(count, count);
    }

    /** {@code count} keys in 64 objects, of which {@code visits} are visited; with more visits than keys the order repeats. */
    public Keys(int count, int visits) {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int i = 0; i < OBJECTS; i++) {
            objects[i] = ObjectId.of(random.nextLong(), i);
        }
        indexes = random.longs(count).toArray();
        int[] all = IntStream.range(0, count).toArray();
        order = new int[visits];
        for (int i = 0; i < Math.min(visits, count); i++) {
            int other = random.nextInt(i, count);
            order[i] = all[other];
            all[other] = all[i];
        }
        for (int i = count; i < visits; i++) {
            order[i] = order[i - count];
        }
        indexesInOrder = IntStream.of(order).mapToLong(key -> indexes[key]).toArray();
    }

    /** The number of keys. */
    public int count() {
        return indexes.length;
    }

    /** The number of places in the order. */
    public int places() {
        return order.length;
    }

    /** The object of a key. */
    public ObjectId object(int key) {
        return objects[key & OBJECTS - 1];
    }

    /** The index of a key. */
    public long index(int key) {
        return indexes[key];
    }

    /** The number of the key to visit at this place of the order. */
    public int at(int place) {
        return order[place];
    }

    /** The object of the key to visit at this place. */
    public ObjectId objectAt(int place) {
        return object(order[place]);
    }

    /** The index of the key to visit at this place. */
    public long indexAt(int place) {
        return indexesInOrder[place];
    }

    /** An index for which there is no key with the object of this place, or hardly ever. */
    public long absentIndexAt(int place) {
        return ~indexesInOrder[place];
    }
}
