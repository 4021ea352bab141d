package io.github.tmem.tiering.transfer;

import io.github.tmem.api.live.PoolExport;
import io.github.tmem.api.live.PoolTransfer;
import io.github.tmem.api.live.Transferred;
import io.github.tmem.tiering.chain.Chain;
import io.github.tmem.tiering.chain.Lifecycle;
import io.github.tmem.tiering.directory.PoolLedger;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A pool as a whole. Thread-safe. */
public final class TieredTransfer implements PoolTransfer {
    private final PoolAtWork pool;
    private final Restoration restoration;

    /** Of a pool. */
    public TieredTransfer(PoolLedger ledger, Chain chain, Lifecycle lifecycle) {
        this.pool = new PoolAtWork(ledger, chain, lifecycle);
        this.restoration = new Restoration(pool);
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
        return restoration.restore(source);
    }

    @Override
    public Transferred restore(Path file) throws IOException {
        try (InputStream source = Files.newInputStream(file)) {
            return restore(source);
        }
    }
}
