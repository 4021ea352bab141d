/**
 * The caller's side of tmem.
 *
 * <p>Start at {@link io.github.tmem.api.PageStore}: it opens a chain of tiers from a configuration and hands out
 * pools. An {@link io.github.tmem.api.EphemeralPool} holds pages that may vanish at any time (clean pages: the caller
 * can fetch them again); a {@link io.github.tmem.api.PersistentPool} holds pages that stay until they are flushed,
 * taken or replaced. A page is named by an {@link io.github.tmem.api.ObjectId} and a 64-bit index.
 *
 * <p>All types here are safe for use by any number of threads without locks of the caller's own, unless one says
 * otherwise. The laws the store keeps (cited as L1 to L11) are in {@code docs/coherence.md}.
 */
@NullMarked
package io.github.tmem.api;

import org.jspecify.annotations.NullMarked;
