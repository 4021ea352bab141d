package io.github.tmem.tiering.transfer;

import io.github.tmem.api.PoolClosedException;
import io.github.tmem.api.live.PoolExport;
import io.github.tmem.api.live.PoolTransfer;
import io.github.tmem.api.live.Transferred;
import io.github.tmem.tiering.chain.Chain;
import io.github.tmem.tiering.directory.PoolLedger;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A pool as a whole, as one of its owners has it. Thread-safe. */
public final class TieredTransfer implements PoolTransfer {
    private final PoolAtWork pool;
    private final Restoration restoration;
    private volatile @Nullable LiveExport latest;

    /** By a handle of a pool. */
    public TieredTransfer(PoolHandle handle, PoolLedger ledger, Chain chain, Restoration restoration) {
        this.pool = new PoolAtWork(handle, ledger, chain);
        this.restoration = restoration;
    }

    /** Ends the export that was begun by this handle, which has been closed. */
    public void close() {
        LiveExport export = latest;
        if (export != null) {
            export.close();
        }
    }

    @Override
    public void freeze() {
        pool.checkOpen();
        pool.ledger().freeze();
        pool.settle();
    }

    @Override
    public void thaw() {
        pool.checkOpen();
        pool.ledger().thaw();
    }

    @Override
    public boolean isFrozen() {
        pool.checkOpen();
        return pool.ledger().isFrozen();
    }

    @Override
    public PoolExport export() {
        pool.checkOpen();
        LiveExport export = new LiveExport(pool);
        export.open();
        latest = export;
        try {
            pool.checkOpen(); // or nobody might end it
        } catch (PoolClosedException closed) {
            export.close();
            throw closed;
        }
        return export;
    }

    @Override
    public Transferred save(Path file) throws IOException {
        try (PoolExport export = export()) {
            return new WholeFile(file).write(export::write);
        }
    }

    @Override
    public Transferred restore(InputStream source) throws IOException {
        pool.checkOpen();
        return restoration.restore(pool, source);
    }

    @Override
    public Transferred restore(Path file) throws IOException {
        pool.checkOpen();
        try (InputStream source = Files.newInputStream(file)) {
            Restoration.check(pool, source);
        }
        try (InputStream source = Files.newInputStream(file)) {
            return restore(source);
        }
    }
}
