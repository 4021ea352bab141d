/** The codec {@code zstd}. */
@NullMarked
package io.github.tmem.zstd;

import org.jspecify.annotations.NullMarked;
