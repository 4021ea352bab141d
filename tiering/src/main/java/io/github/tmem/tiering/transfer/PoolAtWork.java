package io.github.tmem.tiering.transfer;

import io.github.tmem.api.GetResult;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PageKey;
import io.github.tmem.api.PageKind;
import io.github.tmem.api.PoolClosedException;
import io.github.tmem.api.PutResult;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.tiering.chain.Chain;
import io.github.tmem.tiering.directory.PageScan;
import io.github.tmem.tiering.directory.PoolLedger;
import io.github.tmem.tiering.directory.TrackedObject;
import java.util.List;
import java.util.function.Supplier;

/**
 * The operations on a pool that a transfer is made of, each of which throws {@link PoolClosedException} when the handle or
 * the pool is closed. Thread-safe.
 */
final class PoolAtWork {
    private final PoolHandle handle;
    private final PoolLedger ledger;
    private final Chain chain;

    PoolAtWork(PoolHandle handle, PoolLedger ledger, Chain chain) {
        this.handle = handle;
        this.ledger = ledger;
        this.chain = chain;
    }

    PoolConfig config() {
        return ledger.config();
    }

    /** The pool's state and objects; of no use for operations. */
    PoolLedger ledger() {
        return ledger;
    }

    /** Waits until the operations under way have ended. */
    void settle() {
        handle.settle();
    }

    void checkOpen() {
        operate(() -> true);
    }

    PageScan scan() {
        return chain.scan(ledger);
    }

    /** A step of a scan. */
    boolean next(PageScan scan, List<PageKey> found) {
        return operate(() -> scan.next(found));
    }

    /** Whether a page that cannot be had is an error; of one that is also written below it is not. */
    boolean isPersistent() {
        return ledger.kind() == PageKind.PERSISTENT;
    }

    GetResult peek(PageKey key, byte[] destination) {
        return operate(() -> chain.peek(ledger, key.object(), key.index(), destination));
    }

    PutResult put(PageKey key, byte[] page) {
        return operate(() -> handle.putEntered(key.object(), key.index(), page));
    }

    boolean flush(PageKey key) {
        return operate(() -> chain.flush(ledger, key.object(), key.index()));
    }

    long flushObject(ObjectId object) {
        return operate(() -> chain.flushObject(ledger, object));
    }

    /** Forgets every page, object by object. */
    void flushAll() {
        List<ObjectId> objects =
                ledger.trackedObjects().stream().map(TrackedObject::id).toList();
        objects.forEach(this::flushObject);
    }

    private <T> T operate(Supplier<T> operation) {
        int ticket = handle.enter();
        try {
            if (ledger.isClosed()) {
                throw new PoolClosedException("pool " + config().name() + " is closed");
            }
            return operation.get();
        } finally {
            handle.leave(ticket);
        }
    }
}
