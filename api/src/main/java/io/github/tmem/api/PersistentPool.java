package io.github.tmem.api;

/**
 * A pool of pages that stay: a put is stored or refused, and a stored page ends only by flush, exclusive get, a later put
 * of the same key (accepted or refused), {@link #close()}, or a loss that every get reports (L5).
 *
 * <p>The pages of a {@linkplain WriteMode#THROUGH write-through} pool live below as well, so it promises less: a get may
 * miss, and never reports a loss.
 */
public non-sealed interface PersistentPool extends PagePool {
    @Override
    default PageKind kind() {
        return PageKind.PERSISTENT;
    }
}
