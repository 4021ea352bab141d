package io.github.tmem.remote;

import io.github.tmem.remote.CopyBooks.Which;
import io.github.tmem.remote.Server.Connection;
import io.lettuce.core.RedisFuture;
import java.util.ArrayList;
import java.util.List;

/** One walk over the books that gives every ephemeral copy in the server its whole time to live again. For one thread. */
final class Refresh {
    private static final int COPIES_A_STEP = 250;

    private final ServerAddress address;
    private final CopyKeys keys;
    private final CopyBooks books;
    private final long ttlMillis;
    private long[] ids = {};
    private int nextId;
    private int nextShelf;

    Refresh(RemoteSettings settings, CopyKeys keys, CopyBooks books) {
        this.address = settings.address();
        this.keys = keys;
        this.books = books;
        this.ttlMillis = settings.ttl().toMillis();
    }

    /**
     * Goes on for one step.
     *
     * @return whether there is more to do
     */
    boolean step(Connection connection) throws Unusable {
        while (nextId == ids.length) {
            if (nextShelf == CopyBooks.shelves()) {
                return false;
            }
            ids = books.ids(nextShelf++, Which.EPHEMERAL);
            nextId = 0;
        }
        List<RedisFuture<Boolean>> answers = new ArrayList<>();
        for (int end = Math.min(ids.length, nextId + COPIES_A_STEP); nextId < end; nextId++) {
            answers.add(connection.commands().pexpire(keys.key(ids[nextId]), ttlMillis));
        }
        for (RedisFuture<Boolean> answer : answers) {
            Waiting.get(answer, address);
        }
        return true;
    }
}
