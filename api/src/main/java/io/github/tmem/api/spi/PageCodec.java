package io.github.tmem.api.spi;

/**
 * Encodes and decodes single pages. An instance belongs to one thread at a time and may keep state between calls that
 * does not influence results.
 */
public interface PageCodec extends AutoCloseable {

    /** The result of {@link #encode} when the page does not fit into the limit. */
    int TOO_LONG = -1;

    /** The result of {@link #decode} when the bytes are not what {@link #encode} wrote. */
    int MALFORMED = -1;

    /**
     * Encodes {@code length} bytes of {@code source} into {@code destination}, from its start. Equal bytes always become equal
     * bytes, whatever this instance or another did before.
     *
     * @param limit the longest result that is of use, at most {@code destination.length}; what lies behind the result is
     *     undefined afterwards, also beyond the limit
     * @return the encoded length, 1 to {@code limit}; or {@link #TOO_LONG}
     */
    int encode(byte[] source, int sourceOffset, int length, byte[] destination, int limit);

    /**
     * Decodes the first {@code encodedLength} bytes of {@code source}.
     *
     * @return the decoded length, at most {@code length}; or {@link #MALFORMED}, with the destination undefined
     */
    int decode(byte[] source, int encodedLength, byte[] destination, int destinationOffset, int length);

    /** Gives native memory back. */
    @Override
    void close();
}
