/**
 * Which ephemeral page leaves a tier next. Start with {@link io.github.tmem.tiering.policy.EvictionPolicy}: {@link
 * io.github.tmem.tiering.policy.S3Fifo} serves pools whose gets keep the page, {@link
 * io.github.tmem.tiering.policy.TwoFifo} those whose gets remove it. Each directory shard has one of each for the whole
 * chain; what they know of absent pages is in a {@link io.github.tmem.tiering.policy.GhostTable}.
 *
 * <p>Nothing here locks; everything belongs to the holder of the shard's lock.
 */
@NullMarked
package io.github.tmem.tiering.policy;

import org.jspecify.annotations.NullMarked;
