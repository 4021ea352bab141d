package io.github.tmem.api;

/** What a put into a persistent pool means for the place the page would go to without a store. */
public enum WriteMode {
    /** A page that was stored need not be written anywhere else. The default. */
    BACK,
    /**
     * Every page is also written below, by the caller: each put says so ({@link PutResult#writeBelow()}). Because the page
     * is there too, the store may drop it at any time: a get may miss, and never reports a loss.
     */
    THROUGH;

    /** The word used in configuration files: {@code back} or {@code through}. */
    public String word() {
        return this == BACK ? "back" : "through";
    }
}
