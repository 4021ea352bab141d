package io.github.tmem.tiering.chain;

import io.github.tmem.api.PutResult;
import io.github.tmem.api.WriteMode;

/** What puts come to that stored their page in one place, made once for all of them. */
record StoredResults(PutResult back, PutResult through) {
    static StoredResults in(String place) {
        return new StoredResults(PutResult.storedIn(place), PutResult.storedThrough(place));
    }

    /** For a put into a pool that writes so. */
    PutResult of(WriteMode write) {
        return write == WriteMode.BACK ? back : through;
    }
}
