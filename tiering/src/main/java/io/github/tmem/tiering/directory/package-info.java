/**
 * The chain's one authoritative index (L1 to L5 rest on it): which pages live, under which stamp, in which tier.
 *
 * <p>{@link io.github.tmem.tiering.directory.Directory} finds the {@link io.github.tmem.tiering.directory.Shard} of a key.
 * A shard is locked by its caller, for a few instructions at a time and never across encoding, decoding or a backend
 * call; two shards are never locked at once. A page that stays where it is can be looked at without the lock. {@link io.github.tmem.tiering.directory.EntryTable} holds the entries,
 * {@link io.github.tmem.tiering.directory.TrackedObject} is an object number, {@link
 * io.github.tmem.tiering.directory.PoolLedger} a pool's counts.
 *
 * <p>Lock order: shard, then tracked object, then the object table, which locks itself for a slot and calls nobody.
 */
@NullMarked
package io.github.tmem.tiering.directory;

import org.jspecify.annotations.NullMarked;
