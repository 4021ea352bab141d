package io.github.tmem.tiering.transfer;

import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PageKey;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.api.live.Transferred;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** Writes one pass. Belongs to one thread. */
final class PassWriter {
    private static final int BYTES_MAX_BESIDE_PAGE = Pass.HEADER_BYTES + Integer.BYTES;

    private final OutputStream target;
    private final CRC32C crc = new CRC32C();
    private final ByteBuffer record;
    private long pages;
    private long forgotten;

    /** Begins a pass. */
    PassWriter(OutputStream target, PoolConfig pool, Pass pass) throws IOException {
        this.target = target;
        record = ByteBuffer.allocate(BYTES_MAX_BESIDE_PAGE + pool.pageSize());
        record.putLong(Pass.MAGIC).putInt(Pass.VERSION).putInt(pool.pageSize());
        record.put((byte) pool.kind().ordinal()).put((byte) pass.scope().ordinal());
        record.putLong(pass.export()).putLong(pass.number());
        write();
    }

    /** A page that is there. */
    void page(PageKey key, byte[] page) throws IOException {
        begin(RecordType.PAGE, key.object()).putLong(key.index()).put(page);
        write();
        pages++;
    }

    /** A key that has no page. */
    void forgotten(PageKey key) throws IOException {
        begin(RecordType.FORGOTTEN, key.object()).putLong(key.index());
        write();
        forgotten++;
    }

    /** An object that was flushed. Its pages must follow. */
    void forgotten(ObjectId object) throws IOException {
        begin(RecordType.FORGOTTEN_OBJECT, object);
        write();
        forgotten++;
    }

    /** Ends the pass. */
    Transferred end() throws IOException {
        record.put((byte) RecordType.END.ordinal()).putLong(pages).putLong(forgotten);
        write();
        target.flush();
        return new Transferred(pages, forgotten);
    }

    private ByteBuffer begin(RecordType type, ObjectId object) {
        record.put((byte) type.ordinal());
        return record.putLong(object.high()).putLong(object.middle()).putLong(object.low());
    }

    private void write() throws IOException {
        crc.update(record.array(), 0, record.position());
        record.putInt((int) crc.getValue());
        for (int at = 0; at < record.position(); at += PassReader.STEP_BYTES) {
            target.write(record.array(), at, Math.min(PassReader.STEP_BYTES, record.position() - at));
        }
        record.clear();
    }
}
