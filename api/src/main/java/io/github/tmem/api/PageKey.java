package io.github.tmem.api;

import java.util.Objects;

/**
 * Names one page of a pool. Immutable.
 *
 * @param object the object the page belongs to
 * @param index the page's number in the object, all 64 bits of it
 */
public record PageKey(ObjectId object, long index) {
    public PageKey {
        Objects.requireNonNull(object, "object");
    }

    @Override
    public String toString() {
        return "object " + object + ", page " + Long.toUnsignedString(index);
    }
}
