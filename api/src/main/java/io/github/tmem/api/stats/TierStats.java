package io.github.tmem.api.stats;

/**
 * What one tier holds and has done since the store opened. Counts are of pages, sizes in bytes.
 *
 * <p>A put is offered to one tier after another, and each tier it comes to counts its last answer once, in {@code stored},
 * {@code full}, {@code declined}, {@code unavailable}, {@code frozen} or {@code incompressible}, however often the put tried. Moves are counted apart: {@code
 * demotedIn}, {@code promotedIn} and {@code relocated}, or {@code movesRefused}.
 *
 * @param chain the chain's name
 * @param tier the tier's name: its type, with {@code #n} appended when the chain has several of that type
 * @param codec the codec of the tier and how it was built, for example {@code lz4 (LZ4Factory:JNI)}
 * @param state whether the tier takes pages
 * @param capacityBytes the configured capacity
 * @param usedBytes memory taken from the capacity, waste included
 * @param encodedBytes the encoded bytes of the copies held
 * @param rawBytes the page bytes those copies stand for
 * @param ephemeralPages ephemeral pages whose copy is here
 * @param persistentPages persistent pages whose copy is here
 * @param stored puts this tier took
 * @param full puts it turned down for want of room, also those that passed it by because it was full before
 * @param declined puts it does not take by their kind or length
 * @param unavailable puts it did not answer
 * @param frozen puts that came while the tier was frozen
 * @param incompressible puts of pages that do not compress, where the tier takes only such as do
 * @param movesRefused moves of a page to this tier that it did not take, for whichever reason
 * @param unanswered calls of its backend that were not answered: puts, moves, reads and frees
 * @param hits gets answered from here
 * @param evicted ephemeral pages dropped to make room
 * @param demotedOut pages moved down from here
 * @param demotedIn pages moved down to here
 * @param promotedOut pages moved up from here
 * @param promotedIn pages moved up to here
 * @param relocated copies moved inside the tier to empty sparse slabs
 * @param recoded pages that came from another tier and were given another codec on the way, also if they were not taken then
 * @param corrupt copies whose length or checksum was wrong, or that did not decode
 * @param gone copies the backend did not have any more
 * @param dropped ephemeral pages given up because their copy here was corrupt, gone or out of reach
 * @param lost persistent pages whose only copy was here and was found corrupt or gone
 * @param freesOwed copies that are dead but whose memory the backend has not yet acknowledged giving back
 * @param metadataBytes the backend's own books: those within the capacity, which are part of {@code usedBytes}, and those
 *     beside it, which are not
 */
public record TierStats(
        String chain,
        String tier,
        String codec,
        TierState state,
        long capacityBytes,
        long usedBytes,
        long encodedBytes,
        long rawBytes,
        long ephemeralPages,
        long persistentPages,
        long stored,
        long full,
        long declined,
        long unavailable,
        long frozen,
        long incompressible,
        long movesRefused,
        long unanswered,
        long hits,
        long evicted,
        long demotedOut,
        long demotedIn,
        long promotedOut,
        long promotedIn,
        long relocated,
        long recoded,
        long corrupt,
        long gone,
        long dropped,
        long lost,
        long freesOwed,
        long metadataBytes) {

    /** The page bytes held per byte of memory used; 0 when nothing is used. */
    public double density() {
        return usedBytes == 0 ? 0 : (double) rawBytes / usedBytes;
    }

    /** Used memory as a share of the capacity, 0 to 1. */
    public double fill() {
        return (double) usedBytes / capacityBytes;
    }
}
