/**
 * Stores whose pages are in other processes, over the real wire: nodes of ours and {@code redis-server}.
 *
 * <p>The cases are those of {@code docs/scenarios.md}, and the names of the tests begin with their numbers. Where the order of
 * events matters a {@link io.github.tmem.kit.process.WireProxy} stands on the wire, and a test holds up the very bytes of a
 * request or an answer there; see {@link io.github.tmem.system.wire.WireScene}. Otherwise processes are killed, frozen and
 * started anew ({@link io.github.tmem.system.wire.ProcessesTest}), or the network between them fails ({@link
 * io.github.tmem.system.wire.NetworkTest}).
 */
@NullMarked
package io.github.tmem.system.wire;

import org.jspecify.annotations.NullMarked;
