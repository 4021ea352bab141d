/** The counters and latencies of a store as Micrometer meters. */
@NullMarked
package io.github.tmem.metrics;

import org.jspecify.annotations.NullMarked;
