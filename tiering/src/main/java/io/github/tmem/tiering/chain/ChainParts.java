package io.github.tmem.tiering.chain;

import io.github.tmem.tiering.directory.Directory;
import io.github.tmem.tiering.directory.Stamps;

/** What every operation of one chain works with. */
record ChainParts(
        Directory directory,
        Tiers tiers,
        ScratchPool scratches,
        Stamps stamps,
        DirectoryCounters counters,
        Sampler sampler) {}
