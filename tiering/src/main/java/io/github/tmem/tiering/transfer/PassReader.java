package io.github.tmem.tiering.transfer;

import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PageKey;
import io.github.tmem.api.PageKind;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.api.live.UnusableExportException;
import io.github.tmem.tiering.transfer.Pass.Scope;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Reads passes and believes nothing: no number it reads decides how much memory is taken, and nothing is told of before its
 * checksum was found right. Belongs to one thread.
 */
final class PassReader {
    /**
     * Longer arrays go past the buffers of streams, and for channels behind those the JDK keeps direct memory of that length
     * with each thread.
     */
    static final int STEP_BYTES = 1 << 13;

    private static final int BUFFER_BYTES = 1 << 16;

    private final InputStream source;
    private final PoolConfig pool;
    private final CRC32C crc = new CRC32C();
    private final ByteBuffer record;
    private long offset;
    private long recordAt;
    private long pages;
    private long forgotten;

    /** A reader of passes for a pool of these settings. */
    PassReader(InputStream source, PoolConfig pool) {
        this.source = new BufferedInputStream(source, BUFFER_BYTES);
        this.pool = pool;
        record = ByteBuffer.allocate(Pass.HEADER_BYTES + Integer.BYTES + pool.pageSize());
    }

    /** Does what a record says. */
    interface Target {
        /** A page that is there; the array is the target's. */
        void page(PageKey key, byte[] page);

        /** A key that has no page. */
        void forgotten(PageKey key);

        /** An object that was flushed. */
        void forgotten(ObjectId object);
    }

    /** Begins the next pass; null if there is none. */
    @Nullable
    Pass next() throws IOException {
        crc.reset();
        pages = 0;
        forgotten = 0;
        recordAt = offset;
        record.clear();
        int first = source.read();
        if (first < 0) {
            return null;
        }
        offset++;
        record.put((byte) first);
        read(Long.BYTES - 1, "the word tmempool");
        if (record.getLong(0) != Pass.MAGIC) {
            throw unusable("this is no export of a pool: it does not begin with tmempool");
        }
        read(Pass.HEADER_BYTES - Long.BYTES, "the head of a pass");
        record.flip().position(Long.BYTES);
        int version = record.getInt();
        if (version != Pass.VERSION) {
            throw unusable("an export of version " + version + "; this program reads version " + Pass.VERSION);
        }
        record.position(record.limit()).limit(record.capacity());
        check("the head of the pass is damaged");
        return header(record.position(Long.BYTES + Integer.BYTES));
    }

    private Pass header(ByteBuffer header) {
        int pageSize = header.getInt();
        int kind = header.get();
        int scope = header.get();
        if (pageSize != pool.pageSize()) {
            throw unusable("an export of pages of " + pageSize + " bytes; pool " + pool.name() + " has pages of "
                    + pool.pageSize());
        }
        if (kind != pool.kind().ordinal()) {
            throw unusable("an export of a pool of another kind; pool " + pool.name() + " is "
                    + pool.kind().word() + ", allowed: " + PageKind.EPHEMERAL.word() + " into "
                    + PageKind.EPHEMERAL.word() + ", " + PageKind.PERSISTENT.word() + " into "
                    + PageKind.PERSISTENT.word());
        }
        if (scope < 0 || scope >= Scope.values().length) {
            throw unusable("scope " + scope + " of a pass; allowed: 0, 1");
        }
        return new Pass(Scope.values()[scope], header.getLong(), header.getLong());
    }

    /** Reads the next record and does what it says; false if it was the last of the pass. */
    boolean apply(Target target) throws IOException {
        recordAt = offset;
        record.clear();
        read(1, "a record");
        RecordType type = RecordType.of(record.get(0));
        if (type == null) {
            throw unusable("a record of type " + record.get(0) + ", which there is not: the pass is damaged");
        }
        read(type.bytes() + (type == RecordType.PAGE ? pool.pageSize() : 0), "a whole record");
        check("the record is damaged, or others before it are missing");
        record.position(1);
        switch (type) {
            case END -> checkCounts();
            case PAGE -> {
                PageKey key = key();
                target.page(key, Arrays.copyOfRange(record.array(), record.position(), record.limit()));
                pages++;
            }
            case FORGOTTEN -> {
                target.forgotten(key());
                forgotten++;
            }
            case FORGOTTEN_OBJECT -> {
                target.forgotten(object());
                forgotten++;
            }
        }
        return type != RecordType.END;
    }

    private void checkCounts() {
        long pagesThere = record.getLong();
        long forgottenThere = record.getLong();
        if (pagesThere != pages || forgottenThere != forgotten) {
            throw unusable("the pass had " + pagesThere + " pages and " + forgottenThere + " other records, here are "
                    + pages + " and " + forgotten);
        }
    }

    private PageKey key() {
        return new PageKey(object(), record.getLong());
    }

    private ObjectId object() {
        return ObjectId.of(record.getLong(), record.getLong(), record.getLong());
    }

    private void read(int bytes, String what) throws IOException {
        int end = record.position() + bytes;
        while (record.position() < end) {
            int length = source.read(record.array(), record.position(), Math.min(STEP_BYTES, end - record.position()));
            if (length < 0) {
                throw unusable("the end of what was given, where " + what + " is to be");
            }
            offset += length;
            record.position(record.position() + length);
        }
    }

    /** Reads a CRC and compares it with that of all that was read before; the record then ends before it. */
    private void check(String problem) throws IOException {
        int length = record.position();
        crc.update(record.array(), 0, length);
        read(Integer.BYTES, "a checksum");
        if (record.getInt(length) != (int) crc.getValue()) {
            throw unusable(problem);
        }
        record.limit(length).position(length);
    }

    /** What is wrong with the record, or the pass, that was begun last. */
    UnusableExportException unusable(String problem) {
        return new UnusableExportException(recordAt, problem);
    }
}
