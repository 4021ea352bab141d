/**
 * The real chain under Lincheck: random scenarios of a few operations on a few pages, run by several threads at once,
 * whose results must be those of some order of the operations.
 */
@NullMarked
package io.github.tmem.system.lincheck;

import org.jspecify.annotations.NullMarked;
