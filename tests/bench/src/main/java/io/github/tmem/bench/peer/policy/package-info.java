/**
 * Replacement policies of others, simulated: {@link io.github.tmem.bench.peer.policy.PageCache} is what they all are, {@link
 * io.github.tmem.bench.peer.policy.Peer} names them. They know which pages are there, not their bytes.
 */
@NullMarked
package io.github.tmem.bench.peer.policy;

import org.jspecify.annotations.NullMarked;
