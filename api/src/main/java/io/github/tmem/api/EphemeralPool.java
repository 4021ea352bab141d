package io.github.tmem.api;

/**
 * A pool of pages that may vanish at any time: the store drops them to make room. A get that misses is normal, and after
 * a miss the key misses until the next accepted put (L2).
 */
public non-sealed interface EphemeralPool extends PagePool {
    @Override
    default PageKind kind() {
        return PageKind.EPHEMERAL;
    }
}
