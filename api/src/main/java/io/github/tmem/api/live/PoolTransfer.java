package io.github.tmem.api.live;

import io.github.tmem.api.PageLostException;
import io.github.tmem.api.PageUnavailableException;
import io.github.tmem.api.PoolClosedException;
import io.github.tmem.api.Refusal;
import io.github.tmem.api.TmemException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/**
 * A pool as a whole: frozen, saved, restored, moved to another store while it is in use.
 *
 * <p>What is saved is pages and keys, not settings, counts, or what the store knows of their use. Pages are written as they
 * are, without compression: wrap the streams in some that compress, if you like. Of an ephemeral pool those pages are
 * saved that are there and can be reached.
 *
 * <p>Thread-safe. Not to be called from within an operation's callback. Every method throws {@link PoolClosedException} once
 * the pool, the handle of it that this belongs to, or its store is closed; with its handle an export of it ends, too.
 */
public interface PoolTransfer {

    /**
     * From now on the pool takes no page: puts are refused as {@link Refusal#FROZEN}, and as after any refusal the key then
     * has no page (L3). Gets, exclusive ones too, and flushes go on. Returns when no put that began before is still at work:
     * it waits until the operations of the store that are under way have ended.
     */
    void freeze();

    /** Ends {@link #freeze}. */
    void thaw();

    /** Whether the pool takes no page. */
    boolean isFrozen();

    /**
     * Begins an export.
     *
     * @throws IllegalStateException if another export of this pool is open
     */
    PoolExport export();

    /**
     * Writes every page to a file. Each page is saved as it is at some moment of the call; for one moment for all pages,
     * {@linkplain #freeze freeze} the pool, and flush nothing meanwhile. The file appears under its name when it is complete
     * and on its medium; one that is there is replaced then, and stays as it is if anything fails.
     *
     * @throws IOException if the file cannot be written
     * @throws PageUnavailableException persistent pools: a page cannot be reached now
     * @throws PageLostException persistent pools: a page is lost; flush it to save the others
     * @throws IllegalStateException if an export of this pool is open
     */
    Transferred save(Path file) throws IOException;

    /**
     * Does what passes of an {@linkplain #export export} say, one after the other, up to the end of the stream. A pass that
     * has every page replaces all that the pool holds; one that has changes must be the next after the one that was
     * restored last. Pages are put, and what has changed is flushed, as any caller would: others may use the pool meanwhile.
     *
     * <p>Nothing is believed of the stream: a page is put after its checksum was found right. But what a pass of all pages
     * replaces is gone as soon as that pass has begun, also if the rest of it proves damaged: of a stream that may be
     * restore into an empty pool, or restore a {@linkplain #restore(Path) file}.
     *
     * @param source read to its end, through a buffer of its own; not closed
     * @return what was done; pages that an ephemeral pool refused are not among those stored
     * @throws IOException what {@code source} throws; what stood before has been restored
     * @throws UnusableExportException if it is no export, or damaged, or of another page size or kind; what stood before has
     *     been restored
     * @throws TmemException persistent pools: if a page is refused, naming page and reason; what stood before has been
     *     restored
     * @throws IllegalStateException if the pool is frozen; nothing is changed
     */
    Transferred restore(InputStream source) throws IOException;

    /**
     * {@link #restore(InputStream)} of a file, which is read to its end once before, so that a damaged one changes nothing.
     *
     * @throws IOException if the file cannot be read
     */
    Transferred restore(Path file) throws IOException;
}
