/**
 * JMH benchmarks of single calls, ours beside the peers': for tables and profiles. Ratios come from {@code tmem bench},
 * because forks cannot take turns.
 */
@NullMarked
package io.github.tmem.bench.jmh;

import org.jspecify.annotations.NullMarked;
