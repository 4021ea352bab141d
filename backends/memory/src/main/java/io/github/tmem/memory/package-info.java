/**
 * Two tiers, one engine: {@code heap} keeps its slabs in a few large byte arrays, {@code offheap} in native memory.
 *
 * <p>From the bottom up:
 *
 * <ul>
 *   <li>{@link io.github.tmem.memory.Medium} gives memory, {@link io.github.tmem.memory.Regions} takes it a region at a
 *       time and cuts it into slabs as {@link io.github.tmem.memory.Geometry} says;
 *   <li>{@link io.github.tmem.memory.SizeClasses} says how a slab is cut into slots, {@link
 *       io.github.tmem.memory.SlabTable} is what is kept per slab, {@link io.github.tmem.memory.Groups} per group of slabs cut alike; per slot there are 5 bytes, the owner and a {@link
 *       io.github.tmem.memory.Tag}; the rest lies in bytes that the slots have over ({@link
 *       io.github.tmem.memory.slot.Padding}), in long copies ({@link io.github.tmem.memory.Chunks}) and in the name of the copy
 *       ({@link io.github.tmem.memory.Locator});
 *   <li>{@link io.github.tmem.memory.SlabSupply} hands out slabs within a capacity that can change, {@link
 *       io.github.tmem.memory.SlabPool} hands out slots, first those that {@link io.github.tmem.memory.Magazines} keep at hand, and
 *       {@link io.github.tmem.memory.CopyTable} makes copies of them: one slot, or a chain of slots for a long copy;
 *   <li>{@link io.github.tmem.memory.SlabBackend} moves the bytes and is what the chain sees, together with
 *       {@link io.github.tmem.memory.SlabClaim}.
 * </ul>
 *
 * <p>The books have the locks of {@link io.github.tmem.memory.Stripes}: one of sixteen, a {@link io.github.tmem.memory.Stripe}, guards
 * what concerns a slot of one group, all of them together everything. No bytes of copies are moved under them, and reading a copy takes no lock: whoever knows a locator learned it after the copy was complete, and a reader whose copy is
 * flushed meanwhile gets any bytes, which the caller's second look throws away. A read does not look at the 5 bytes of
 * its slot: that its name is the current one is for the caller to say.
 */
@NullMarked
package io.github.tmem.memory;

import org.jspecify.annotations.NullMarked;
