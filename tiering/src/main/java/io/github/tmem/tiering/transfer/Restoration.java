package io.github.tmem.tiering.transfer;

import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PageKey;
import io.github.tmem.api.PutResult;
import io.github.tmem.api.TmemException;
import io.github.tmem.api.live.Transferred;
import io.github.tmem.tiering.transfer.Pass.Scope;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * Does what passes say, in a pool, and remembers which came last, through whichever handle. Thread-safe; restores of one
 * pool wait for each other.
 */
public final class Restoration {
    private @Nullable Pass last;

    /** Of a pool into which nothing has been restored. */
    public Restoration() {}

    /** Counts what it does. */
    private static final class Counted implements PassReader.Target {
        private final PoolAtWork pool;
        private long pages;
        private long forgotten;

        Counted(PoolAtWork pool) {
            this.pool = pool;
        }

        @Override
        public void page(PageKey key, byte[] page) {
            PutResult result = pool.put(key, page);
            if (!result.stored() && pool.isPersistent()) {
                throw new TmemException("pool " + pool.config().name() + ", " + key + " is not restored; " + result);
            }
            pages += result.stored() ? 1 : 0;
        }

        @Override
        public void forgotten(PageKey key) {
            pool.flush(key);
            forgotten++;
        }

        @Override
        public void forgotten(ObjectId object) {
            pool.flushObject(object);
            forgotten++;
        }
    }

    /** Does nothing. */
    private static final class Ignored implements PassReader.Target {
        @Override
        public void page(PageKey key, byte[] page) {}

        @Override
        public void forgotten(PageKey key) {}

        @Override
        public void forgotten(ObjectId object) {}
    }

    /** Reads all passes to their ends, and does nothing of what they say. */
    static void check(PoolAtWork pool, InputStream source) throws IOException {
        PassReader reader = new PassReader(source, pool.config());
        Ignored target = new Ignored();
        while (reader.next() != null) {
            boolean more = true;
            while (more) {
                more = reader.apply(target);
            }
        }
    }

    synchronized Transferred restore(PoolAtWork pool, InputStream source) throws IOException {
        if (pool.ledger().isFrozen()) {
            throw new IllegalStateException(
                    "pool " + pool.config().name() + " is frozen; thaw it before something is restored into it");
        }
        PassReader reader = new PassReader(source, pool.config());
        Counted target = new Counted(pool);
        Pass pass = reader.next();
        if (pass == null) {
            throw reader.unusable("there is nothing");
        }
        while (pass != null) {
            begin(pool, pass, reader);
            boolean more = true;
            while (more) {
                more = reader.apply(target);
            }
            last = pass;
            pass = reader.next();
        }
        return new Transferred(target.pages, target.forgotten);
    }

    private void begin(PoolAtWork pool, Pass pass, PassReader reader) {
        if (pass.scope() == Scope.EVERYTHING) {
            last = null;
            pool.flushAll();
        } else if (last == null) {
            throw reader.unusable("the changes of pass " + pass.number() + "; the pass before has not been restored");
        } else if (last.export() != pass.export() || last.number() + 1 != pass.number()) {
            throw reader.unusable("the changes of pass " + pass.number()
                    + (last.export() == pass.export() ? "" : " of another export") + "; after pass " + last.number()
                    + " comes pass " + (last.number() + 1));
        }
    }
}
