/**
 * Two tiers, one engine: {@code heap} keeps its slabs in a few large byte arrays, {@code offheap} in native memory.
 *
 * <p>From the bottom up:
 *
 * <ul>
 *   <li>{@link io.github.tmem.memory.Medium} gives memory, {@link io.github.tmem.memory.Regions} takes it a region at a
 *       time and cuts it into slabs as {@link io.github.tmem.memory.Geometry} says;
 *   <li>{@link io.github.tmem.memory.SlotWord} is the 8 bytes kept per slot, {@link io.github.tmem.memory.SlabTable} what
 *       is kept per slab, {@link io.github.tmem.memory.SizeClasses} how a slab is cut into slots;
 *   <li>{@link io.github.tmem.memory.SlabPool} hands out slots, {@link io.github.tmem.memory.CopyTable} makes copies of
 *       them: one slot, or a chain of slots for a long copy;
 *   <li>{@link io.github.tmem.memory.SlabBackend} moves the bytes and is what the chain sees, together with
 *       {@link io.github.tmem.memory.SlabClaim}.
 * </ul>
 *
 * <p>One lock, the monitor of the {@code CopyTable}, guards all books. No bytes of copies are moved under it, and reading
 * a copy takes no lock: whoever knows a locator learned it after the copy was complete, and a reader whose copy is
 * flushed meanwhile gets any bytes, which the caller's second look throws away.
 */
@NullMarked
package io.github.tmem.memory;

import org.jspecify.annotations.NullMarked;
