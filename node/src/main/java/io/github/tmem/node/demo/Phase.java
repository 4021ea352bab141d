package io.github.tmem.node.demo;

import java.util.Locale;

/** The parts of the demo, in order. Every thread finishes one before any begins the next. */
enum Phase {
    /** Puts every page. */
    FILL,
    /** Puts other content under every eighth key. */
    REPLACE,
    /** Flushes single pages. */
    FLUSH,
    /** Flushes whole objects. */
    FLUSH_OBJECTS,
    /** Gets a quarter of the pages and puts back half of those that did not come and stay. */
    GET,
    /** Gets every page; some of them twice, and so all that were lost or unavailable. */
    REREAD;

    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
