package io.github.tmem.tiering.transfer;

/**
 * What one pass of an export is.
 *
 * @param scope what is in it
 * @param export tells exports apart
 * @param number its place among the passes of its export, from 0
 */
record Pass(Scope scope, long export, long number) {
    /** The first bytes of a pass: "tmempool". */
    static final long MAGIC = 0x746d_656d_706f_6f6cL;

    /** The version of the format. */
    static final int VERSION = 1;

    /** The bytes of a header without its CRC. */
    static final int HEADER_BYTES = 3 * Long.BYTES + 2 * Integer.BYTES + 2;

    /** What a pass has in it. */
    enum Scope {
        /** Every page of the pool. */
        EVERYTHING,
        /** What has changed since the pass before. */
        CHANGES
    }
}
