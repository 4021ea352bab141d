package io.github.tmem.node.demo;

/** What the owner of a key knows about it, and so what a get may answer. */
enum Knowledge {
    /** Never stored. */
    NEVER("L2: a page that was never stored"),
    /** Stored: a persistent page must come back as it is, an ephemeral one may also miss. */
    CURRENT(""),
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
}
