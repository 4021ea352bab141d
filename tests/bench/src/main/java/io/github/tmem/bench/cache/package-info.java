/** Caches of others for Java programs, holding pages that LZ4 encodes before a put and decodes after a get. */
@NullMarked
package io.github.tmem.bench.cache;

import org.jspecify.annotations.NullMarked;
