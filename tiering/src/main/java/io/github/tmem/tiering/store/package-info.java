/** The store that callers see: pools over chains. */
@NullMarked
package io.github.tmem.tiering.store;

import org.jspecify.annotations.NullMarked;
