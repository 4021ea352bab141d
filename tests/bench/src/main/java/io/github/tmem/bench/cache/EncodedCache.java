package io.github.tmem.bench.cache;

import io.github.tmem.bench.peer.EncodedSet;
import io.github.tmem.bench.work.Keys;
import org.jspecify.annotations.Nullable;

/** A cache of others that holds encoded pages under 64-bit names. Any number of threads. */
public interface EncodedCache extends AutoCloseable {

    /** What it is called in reports. */
    String name();

    /** Puts bytes that the caller will not change, in place of those that were there. */
    void put(Long name, byte[] encoded);

    /** The bytes of a name, which the caller does not change; null if there are none. */
    byte @Nullable [] get(Long name);

    /** Puts the encoded page of every key, each in an array of its own. */
    default void fill(Keys keys, EncodedSet set) {
        for (int key = 0; key < keys.count(); key++) {
            put(keys.index(key), set.encoded()[key % set.pages()].clone());
        }
    }

    @Override
    void close();
}
