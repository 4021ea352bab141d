package io.github.tmem.system.scenario;

/** What a tier of a {@link ChainShape} is made of. */
enum TierSort {
    /** The installed tier on the heap. */
    HEAP,
    /** The installed tier in native memory. */
    OFFHEAP,
    /** The installed tier in a Chronicle Map, which takes ephemeral pages only. */
    CHRONICLE,
    /** A slow, asynchronous, keyed test medium with a link that a test can break. */
    REMOTE
}
