package io.github.tmem.system;

import io.github.tmem.api.GetMode;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PagePool;
import io.github.tmem.api.PageStore;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.api.live.PoolExport;
import io.github.tmem.api.live.Transferred;
import io.github.tmem.kit.Delivery;
import io.github.tmem.kit.PageKey;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.IntStream;

/** Passes of an export that are kept in memory, and what pools have once they were restored. */
final class Exports {
    /** The object whose pages are looked at. */
    static final ObjectId FILE = ObjectId.of(1);

    private Exports() {}

    /** A pass of the export. */
    static byte[] write(PoolExport export) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            export.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** Restores passes that follow each other in one stream. */
    static Transferred restore(PagePool pool, byte[]... passes) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] pass : passes) {
            all.writeBytes(pass);
        }
        try {
            return pool.transfer().restore(new ByteArrayInputStream(all.toByteArray()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A store with room for all that is moved. */
    static PageStore another() {
        return PageStore.builder().offHeap("32MiB").open();
    }

    /** The versions of pages 0 to 7 of {@link #FILE} once they have been restored in order somewhere else. */
    static List<Long> versionsElsewhere(PoolConfig config, byte[]... passes) {
        try (PageStore store = another()) {
            PagePool pool = store.pool(config.withGetMode(GetMode.INCLUSIVE));
            for (byte[] pass : passes) {
                restore(pool, pass);
            }
            return versions(pool);
        }
    }

    /** The versions of pages 0 to 7 of {@link #FILE}, 0 for those that are not there. */
    static List<Long> versions(PagePool pool) {
        return IntStream.range(0, 8)
                .mapToObj(index -> Delivery.get(pool, new PageKey(FILE, index)))
                .toList();
    }
}
