/**
 * Which page of a pool leaves a tier next. Start with {@link io.github.tmem.tiering.policy.EvictionPolicy}: {@link
 * io.github.tmem.tiering.policy.S3Fifo} serves ephemeral pools whose gets keep the page, {@link
 * io.github.tmem.tiering.policy.TwoFifo} those whose gets remove it, {@link io.github.tmem.tiering.policy.SecondChance}
 * persistent pools. Each pool has one in each directory shard that holds pages of it, for the whole chain; what they know of
 * absent pages is in a {@link io.github.tmem.tiering.policy.GhostTable}.
 *
 * <p>Nothing here locks; everything belongs to the holder of the shard's lock.
 */
@NullMarked
package io.github.tmem.tiering.policy;

import org.jspecify.annotations.NullMarked;
