package io.github.tmem.node.demo;

/** What happens to the tiers during a demo. */
public enum Course {
    /** They stay as they are. */
    STEADY,
    /** They come, go, grow, shrink and change places while the threads work. */
    LIVE
}
