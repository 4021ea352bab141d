package io.github.tmem.tiering.transfer;

import io.github.tmem.api.GetResult;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PageKey;
import io.github.tmem.api.PageLostException;
import io.github.tmem.api.PageUnavailableException;
import io.github.tmem.api.live.PoolExport;
import io.github.tmem.api.live.Transferred;
import io.github.tmem.tiering.directory.Journal;
import io.github.tmem.tiering.directory.Journal.Changes;
import io.github.tmem.tiering.directory.PageScan;
import io.github.tmem.tiering.transfer.Pass.Scope;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * An export of a pool in use. Every pass takes what the journal has, and then reads: of each key that is in it, the pass has
 * the state after the operation that noted it, or a later one. What changes a key after it was read notes it again.
 *
 * <p>Of an object that was flushed all pages are written, too: its flush may have taken effect before a put whose note, and
 * page, went into the pass before. Thread-safe.
 */
final class LiveExport implements PoolExport {
    private static final int NOTES_MAX = 1 << 20;

    private final PoolAtWork pool;
    private final Journal journal = new Journal(NOTES_MAX);
    private final long export = UUID.randomUUID().getMostSignificantBits();
    private final byte[] page;
    private long number;
    private Scope scope = Scope.EVERYTHING;
    private volatile boolean closed;

    LiveExport(PoolAtWork pool) {
        this.pool = pool;
        this.page = new byte[pool.config().pageSize()];
    }

    /**
     * Begins to remember what changes. Operations are not waited for: one that found no journal after it had taken effect
     * did so before this, and all reading comes after.
     */
    void open() {
        if (!pool.ledger().openJournal(journal)) {
            throw new IllegalStateException("pool " + pool.config().name() + " is being exported");
        }
    }

    @Override
    public synchronized Transferred write(OutputStream target) throws IOException {
        if (closed) {
            throw new IllegalStateException(
                    "the export of pool " + pool.config().name() + " is closed");
        }
        Changes changes = journal.take();
        Scope wanted = changes.overflown() ? Scope.EVERYTHING : scope;
        scope = Scope.EVERYTHING; // unless this pass comes to its end
        PassWriter writer = new PassWriter(target, pool.config(), new Pass(wanted, export, number));
        if (wanted == Scope.EVERYTHING) {
            writePages(writer, key -> true);
        } else {
            writeChanges(writer, changes);
        }
        pool.checkOpen(); // a pool that was closed meanwhile has no pages, which is not to be believed
        Transferred written = writer.end();
        scope = Scope.CHANGES;
        number++;
        return written;
    }

    private void writeChanges(PassWriter writer, Changes changes) throws IOException {
        for (ObjectId object : changes.objects()) {
            writer.forgotten(object);
        }
        if (!changes.objects().isEmpty()) {
            writePages(writer, key -> changes.objects().contains(key.object()));
        }
        for (PageKey key : changes.keys()) {
            if (changes.objects().contains(key.object())) {
                continue; // written with its object
            }
            if (read(key)) {
                writer.page(key, page);
            } else {
                writer.forgotten(key);
            }
        }
    }

    private void writePages(PassWriter writer, Predicate<PageKey> wanted) throws IOException {
        PageScan scan = pool.scan();
        scan.beginRound();
        List<PageKey> found = new ArrayList<>();
        while (pool.next(scan, found)) {
            for (PageKey key : found) {
                if (wanted.test(key) && read(key)) {
                    writer.page(key, page);
                }
            }
            found.clear();
        }
    }

    /** Reads a page; false if there is none. */
    private boolean read(PageKey key) {
        GetResult result = pool.peek(key, page);
        if (pool.isPersistent() && result == GetResult.UNAVAILABLE) {
            throw new PageUnavailableException("pool " + pool.config().name() + ", " + key + " cannot be reached now");
        }
        if (result == GetResult.LOST) {
            throw new PageLostException("pool " + pool.config().name() + ", " + key + " is lost");
        }
        return result == GetResult.HIT;
    }

    /** Waits for no pass: one that is being written may wait for its stream. */
    @Override
    public void close() {
        closed = true;
        pool.ledger().closeJournal(journal);
    }
}
