package io.github.tmem.api.live;

import io.github.tmem.api.TmemException;
import java.io.Serial;

/**
 * What was to be restored is not, or not all, an export that the pool can take: damaged, cut off, of another page size,
 * kind or version, or not the one that comes next. What stood before the place that the message names has been restored.
 */
public class UnusableExportException extends TmemException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final long offset;

    /**
     * An error at a place in what was read.
     *
     * @param offset bytes from the beginning
     * @param problem what was expected there, and what was found
     */
    public UnusableExportException(long offset, String problem) {
        super("at byte " + offset + " of what is to be restored: " + problem);
        this.offset = offset;
    }

    /** Where it is, in bytes from where the restore began to read. */
    public long offset() {
        return offset;
    }
}
