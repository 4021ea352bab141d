package io.github.tmem.tiering.transfer;

import io.github.tmem.api.ObjectId;
import org.jspecify.annotations.Nullable;

/** The records of a pass; each begins with the number of its type, which is its place here. */
enum RecordType {
    /** The last record: how many others there are. */
    END(2 * Long.BYTES),
    /** A page that is there. */
    PAGE(4 * Long.BYTES),
    /** A key that has no page. */
    FORGOTTEN(4 * Long.BYTES),
    /** An {@link ObjectId} that was flushed; its pages come after this. */
    FORGOTTEN_OBJECT(3 * Long.BYTES);

    private static final RecordType[] VALUES = values();

    private final int bytes;

    RecordType(int bytes) {
        this.bytes = bytes;
    }

    /** The bytes behind the type, without those of the page. */
    int bytes() {
        return bytes;
    }

    /** The type of a number, or null. */
    static @Nullable RecordType of(int number) {
        return number < 0 || number >= VALUES.length ? null : VALUES[number];
    }
}
