/** Those we are compared with: bare LZ4, the kernel's zram, Chronicle Map, and the policies of other caches. */
@NullMarked
package io.github.tmem.bench.peer;

import org.jspecify.annotations.NullMarked;
