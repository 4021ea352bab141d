/**
 * {@code tmem replay}: what hit ratio a store reaches on a recorded trace.
 *
 * <p>{@link io.github.tmem.bench.replay.Course} sends it, directly or through a {@link
 * io.github.tmem.bench.replay.GuestCache}, to a pool of a real store, or to another cache. The store's one tier is a {@link
 * io.github.tmem.bench.replay.SlotsBackend}, which holds exactly the pages asked for, so that figures compare with those
 * of simulated caches; {@link io.github.tmem.bench.replay.PolicyComparison} compares them.
 */
@NullMarked
package io.github.tmem.bench.replay;

import org.jspecify.annotations.NullMarked;
