package io.github.tmem.node.demo;

/** What the owner of a key knows about it, and so what a get may answer. */
enum Knowledge {
    /** Never stored. */
    NEVER("L2: a page that was never stored"),
    /** Stored: a persistent page must come back as it is, an ephemeral one may also miss. */
    CURRENT(""),
    /** Stored and persistent, and out of reach when last asked for: it must come back, may be lost, and is no miss. */
    UNAVAILABLE(""),
    /** Stored and persistent, and reported lost: every get says so again. The pool counts it as a page, and a flush finds it. */
    LOST("L5: a page that was reported lost"),
    /** Flushed, alone or with its object. */
    FLUSHED("L4: a flushed page"),
    /** The last put was refused. */
    REFUSED("L3: a page whose put was refused"),
    /** Taken by an exclusive get. */
    TAKEN("L2: a page that an exclusive get has taken"),
    /** Missed since it was stored. */
    MISSED("L2: a page that has missed since it was stored");

    /** The broken law and its object, when a get hits nevertheless. */
    final String whenHit;

    Knowledge(String whenHit) {
        this.whenHit = whenHit;
    }

    /** Whether a get may deliver the page. */
    boolean mayHit() {
        return this == CURRENT || this == UNAVAILABLE;
    }

    /** Whether the last get said that something has happened to the page. */
    boolean isAmiss() {
        return this == LOST || this == UNAVAILABLE;
    }

    /** Whether a persistent pool has the page among those it counts and a flush finds. */
    boolean isHeld() {
        return mayHit() || this == LOST;
    }
}
