package io.github.tmem.tiering.chain;

import io.github.tmem.tiering.directory.Directory;
import java.util.concurrent.atomic.AtomicLong;

/** What every operation of one chain works with. */
record ChainParts(
        Directory directory,
        Tiers tiers,
        ScratchPool scratches,
        AtomicLong stamps,
        DirectoryCounters counters,
        Sampler sampler) {}
