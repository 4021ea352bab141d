package io.github.tmem.api.config;

/** What a tier does with a page that its codec does not make shorter by an eighth. */
public enum Incompressible {
    /** Keeps it as it is. The default. */
    ACCEPT,
    /** Leaves it to the next tier, be it put or moved here. */
    REFUSE;

    /** The word used in configuration files: {@code accept} or {@code refuse}. */
    public String word() {
        return this == ACCEPT ? "accept" : "refuse";
    }
}
