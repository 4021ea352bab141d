/**
 * What an implementer provides: {@link io.github.tmem.api.spi.Backend} (a medium that holds copies of pages),
 * {@link io.github.tmem.api.spi.PageCodec} (a compressor) and {@link io.github.tmem.api.spi.StoreProvider} (the chain
 * itself). All are found by {@link java.util.ServiceLoader} under the name the configuration uses.
 */
@NullMarked
package io.github.tmem.api.spi;

import org.jspecify.annotations.NullMarked;
