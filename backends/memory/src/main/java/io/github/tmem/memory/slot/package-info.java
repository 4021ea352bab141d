/**
 * What is in a slot, and how it gets there: the owner in front of it, the bytes of the copy, and {@link
 * io.github.tmem.memory.slot.Padding} where the copy leaves some of it. {@link io.github.tmem.memory.slot.SlotWriter} has two
 * ways, {@link io.github.tmem.memory.slot.CachedWriter} and {@link io.github.tmem.memory.slot.StreamingWriter}, of which the
 * second needs {@link io.github.tmem.api.machine.MachineCode}.
 */
@NullMarked
package io.github.tmem.memory.slot;

import org.jspecify.annotations.NullMarked;
