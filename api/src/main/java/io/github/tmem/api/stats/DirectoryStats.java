package io.github.tmem.api.stats;

/**
 * The size of one chain's directory.
 *
 * @param chain the chain's name
 * @param shards its independently locked parts
 * @param entries entries in use, one for each page
 * @param entriesMax the most entries it may hold
 * @param bytes native memory it holds now
 */
public record DirectoryStats(String chain, int shards, long entries, long entriesMax, long bytes) {}
