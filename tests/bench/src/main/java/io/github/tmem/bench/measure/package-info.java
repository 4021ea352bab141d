/** The measurements: each brings its stores and peers together, and adds its figures to the results. */
@NullMarked
package io.github.tmem.bench.measure;

import org.jspecify.annotations.NullMarked;
