/**
 * {@code tmem bench}: every budget measured side by side with its peer in one process, as a table and as JSON.
 */
@NullMarked
package io.github.tmem.bench.run;

import org.jspecify.annotations.NullMarked;
