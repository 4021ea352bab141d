package io.github.tmem.tiering.transfer;

import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PageKey;
import io.github.tmem.api.PageKind;
import io.github.tmem.api.PutResult;
import io.github.tmem.api.TmemException;
import io.github.tmem.api.live.Transferred;
import io.github.tmem.tiering.transfer.Pass.Scope;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Does what passes say, in a pool, and remembers which came last. Thread-safe; restores of one pool wait for each other. */
final class Restoration {
    private final PoolAtWork pool;
    private @Nullable Pass last;

    Restoration(PoolAtWork pool) {
        this.pool = pool;
    }

    /** Counts what it does. */
    private final class Counted implements PassReader.Target {
        private long pages;
        private long forgotten;

        @Override
        public void page(PageKey key, byte[] page) {
            PutResult result = pool.put(key, page);
            if (!result.stored() && pool.config().kind() == PageKind.PERSISTENT) {
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

    synchronized Transferred restore(InputStream source) throws IOException {
        PassReader reader = new PassReader(source, pool.config());
        Counted target = new Counted();
        Pass pass = reader.next();
        if (pass == null) {
            throw reader.unusable("there is nothing");
        }
        while (pass != null) {
            begin(pass, reader);
            boolean more = true;
            while (more) {
                more = reader.apply(target);
            }
            last = pass;
            pass = reader.next();
        }
        return new Transferred(target.pages, target.forgotten);
    }

    private void begin(Pass pass, PassReader reader) {
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
