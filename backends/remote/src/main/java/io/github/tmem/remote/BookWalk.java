package io.github.tmem.remote;

import io.github.tmem.remote.CopyBooks.Which;
import io.github.tmem.remote.server.Server.Connection;
import io.github.tmem.remote.server.ServerAddress;
import io.github.tmem.remote.server.Unusable;
import io.github.tmem.remote.server.Waiting;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** One walk over copies in the books, a few hundred a step, that does or asks something about each. For one thread. */
final class BookWalk {
    private static final int COPIES_A_STEP = 250;

    private final ServerAddress address;
    private final CopyKeys keys;
    private final CopyBooks books;
    private final Which which;
    private final Command command;
    private long[] ids = {};
    private int nextId;
    private int nextShelf;
    private long found;
    private long missing;

    /** What is sent for each copy; the answer is whether the server has it. */
    @FunctionalInterface
    private interface Command {
        CompletionStage<Boolean> send(RedisClusterAsyncCommands<byte[], byte[]> commands, byte[] key);
    }

    private BookWalk(ServerAddress address, CopyKeys keys, CopyBooks books, Which which, Command command) {
        this.address = address;
        this.keys = keys;
        this.books = books;
        this.which = which;
        this.command = command;
    }

    /** Gives every ephemeral copy its whole time to live again. */
    static BookWalk refreshing(RemoteSettings settings, CopyKeys keys, CopyBooks books) {
        long ttlMillis = settings.ttl().toMillis();
        return new BookWalk(
                settings.address(), keys, books, Which.EPHEMERAL, (commands, key) -> commands.pexpire(key, ttlMillis));
    }

    /** Counts the copies that the server has lost. */
    static BookWalk counting(RemoteSettings settings, CopyKeys keys, CopyBooks books) {
        return new BookWalk(
                settings.address(),
                keys,
                books,
                Which.STORED,
                (commands, key) -> commands.exists(key).thenApply(count -> count > 0));
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
            ids = books.ids(nextShelf++, which);
            nextId = 0;
        }
        int from = nextId;
        nextId = Math.min(ids.length, from + COPIES_A_STEP);
        List<CompletionStage<Boolean>> answers = new ArrayList<>();
        for (int i = from; i < nextId; i++) {
            answers.add(command.send(connection.commands(), keys.key(ids[i])));
        }
        for (int i = from; i < nextId; i++) {
            boolean has = Waiting.get(answers.get(i - from), address);
            if (has) {
                found++;
            } else if (books.mayHold(ids[i])) { // else it was flushed meanwhile
                missing++;
            }
        }
        return true;
    }

    /** How many copies the server had. */
    long found() {
        return found;
    }

    /** How many it did not have. */
    long missing() {
        return missing;
    }
}
