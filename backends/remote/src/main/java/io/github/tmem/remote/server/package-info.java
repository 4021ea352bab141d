/**
 * Connections to servers that speak the Redis protocol: one, or a cluster of them. {@link
 * io.github.tmem.remote.server.Server} connects, {@link io.github.tmem.remote.server.ServerFacts} is what a server says of
 * itself, and {@link io.github.tmem.remote.server.Unusable} why it cannot be used.
 */
@NullMarked
package io.github.tmem.remote.server;

import org.jspecify.annotations.NullMarked;
