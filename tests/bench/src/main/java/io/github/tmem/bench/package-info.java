/**
 * The program behind {@code tmem bench} and {@code tmem replay}. {@link io.github.tmem.bench.Main} is the entry. It is a
 * program of its own so that nobody waits for JMH who does not measure.
 */
@NullMarked
package io.github.tmem.bench;

import org.jspecify.annotations.NullMarked;
