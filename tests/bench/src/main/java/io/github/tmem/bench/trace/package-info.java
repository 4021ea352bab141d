/** Recorded traces of page accesses, in memory as numbers of their distinct pages. */
@NullMarked
package io.github.tmem.bench.trace;

import org.jspecify.annotations.NullMarked;
