/**
 * Pages over a wire, and those who carry them: the remote tier, Lettuce, redis-benchmark, and the servers they talk to, which
 * are processes of their own.
 */
@NullMarked
package io.github.tmem.bench.remote;

import org.jspecify.annotations.NullMarked;
