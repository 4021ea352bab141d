package io.github.tmem.api.config;

/**
 * What a tier does when it is full, by kind of the newcomer.
 *
 * @param ephemeral what happens to make room for an ephemeral page
 * @param persistent what happens to make room for a persistent page once no ephemeral page is left to give way (L9):
 *     {@link FullAction#FORWARD} or {@link FullAction#DEMOTE}
 */
public record WhenFull(FullAction ephemeral, FullAction persistent) {

    /** Ephemeral pages demote, persistent pages are forwarded. */
    public static final WhenFull DEFAULT = new WhenFull(FullAction.DEMOTE, FullAction.FORWARD);

    public WhenFull {
        if (persistent == FullAction.EVICT) {
            throw new ConfigException("when-full persistent: \"evict\" would lose pages; allowed: forward, demote");
        }
    }
}
