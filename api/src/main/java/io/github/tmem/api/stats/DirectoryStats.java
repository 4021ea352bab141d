package io.github.tmem.api.stats;

/**
 * One chain's directory: its size, and what happened to same-filled pages, which it holds itself. Together with the tiers
 * of all chains they make up the counts of all pools there have been: what is stored, hits and evicted here and in the
 * tiers is what is stored, hits and evicted of the pools, as long as none was closed.
 *
 * @param chain the chain's name
 * @param shards its independently locked parts
 * @param entries entries in use, one for each page
 * @param entriesMax the most entries it may hold
 * @param bytes memory it holds now: entries and hash tables outside of the Java heap, queues and ghosts in it
 * @param stored puts of same-filled pages
 * @param hits gets answered by same-filled pages
 * @param evicted ephemeral same-filled pages dropped because the directory was full
 * @param ghostBytes of {@code bytes}, those that remember pages that are gone, for the choice of victims
 */
public record DirectoryStats(
        String chain,
        int shards,
        long entries,
        long entriesMax,
        long bytes,
        long stored,
        long hits,
        long evicted,
        long ghostBytes) {}
