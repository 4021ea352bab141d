/**
 * Snapshots of what a store holds and has done, by tier and by pool. Plain data, safe to keep.
 */
@NullMarked
package io.github.tmem.api.stats;

import org.jspecify.annotations.NullMarked;
