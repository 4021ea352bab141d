/**
 * Timing side by side: contestants take turns in short slices of one round, so that whatever else the machine does meets
 * all of them alike. A ratio is the median over rounds.
 */
@NullMarked
package io.github.tmem.bench.timing;

import org.jspecify.annotations.NullMarked;
