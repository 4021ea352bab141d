/**
 * One chain of tiers and what happens in it. {@link io.github.tmem.tiering.chain.Chain} is the door; behind it one type
 * for each kind of work: {@code Putter}, {@code Getter}, {@code Flusher}, {@code Mover} (a copy from tier to tier),
 * {@code RoomMaker} (victims and claims), {@code Maintenance} (the background thread). Every call to a backend goes
 * through {@code Tier}.
 *
 * <p>The step order of each operation is written at the
 * method that carries it out. No lock is held during encode, decode or any backend call.
 */
@NullMarked
package io.github.tmem.tiering.chain;

import org.jspecify.annotations.NullMarked;
