package io.github.tmem.api.config;

import java.util.Locale;

/** What a tier does with a put when it is full. */
public enum FullAction {
    /** The newcomer goes to the next tier. The default for persistent pages. */
    FORWARD,
    /** A victim goes to the next tier, the newcomer stays. The default for ephemeral pages. */
    DEMOTE,
    /** A victim is dropped, the newcomer stays. Ephemeral pages only. */
    EVICT;

    /** The word used in configuration files. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
