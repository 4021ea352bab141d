/**
 * {@code tmem bench mixed}: threads that do a bit of everything to a full chain for as long as wanted, check every page that
 * comes back, and time each operation by itself.
 */
@NullMarked
package io.github.tmem.bench.mixed;

import org.jspecify.annotations.NullMarked;
