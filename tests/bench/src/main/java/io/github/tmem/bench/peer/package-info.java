/** Those we are compared with: bare LZ4, the kernel's zram, Chronicle Map. */
@NullMarked
package io.github.tmem.bench.peer;

import org.jspecify.annotations.NullMarked;
