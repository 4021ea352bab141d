package io.github.tmem.node.demo;

/** What it means when a persistent page is reported lost or unavailable. */
enum Tolerance {
    /** A broken law: no tier of the chain may lose pages. */
    NONE,
    /** One more to count: a tier of the chain is configured to accept losses. */
    LOSSES
}
