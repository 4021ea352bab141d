package io.github.tmem.kit;

import io.github.tmem.api.ObjectId;

/**
 * Names one page of a pool.
 *
 * @param object the object
 * @param index the page's number inside the object, all 64 bits significant
 */
public record PageKey(ObjectId object, long index) {

    /** The page at {@code index} of the object with this number. */
    public static PageKey of(long object, long index) {
        return new PageKey(ObjectId.of(object), index);
    }
}
