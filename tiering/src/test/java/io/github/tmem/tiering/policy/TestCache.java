package io.github.tmem.tiering.policy;

import java.util.List;

/** A chain of tiers that tells what it does to whom. */
interface TestCache {
    /** What happened to a page. */
    enum Step {
        ADMITTED,
        DEMOTED,
        EVICTED
    }

    /** One step: the page, and its standing before it, or, when admitted, after it. */
    record Event(Step step, long key, int standing) {}

    /** Whether the page is held; a hit of an exclusive cache removes it. */
    boolean get(long key);

    /** Holds the page from now on, making room as needed. */
    void put(long key, int length);

    /** Forgets a page. */
    void flush(long key);

    /** What has happened since this was last asked. */
    List<Event> events();
}
