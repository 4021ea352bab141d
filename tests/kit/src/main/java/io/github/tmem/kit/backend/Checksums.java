package io.github.tmem.kit.backend;

import java.lang.foreign.MemorySegment;
import java.util.zip.CRC32C;

/** The checksum of the start of a segment, wherever it lives. */
final class Checksums {

    private Checksums() {}

    static long of(MemorySegment segment, int length) {
        CRC32C checksum = new CRC32C();
        checksum.update(segment.asSlice(0, length).asByteBuffer());
        return checksum.getValue();
    }
}
