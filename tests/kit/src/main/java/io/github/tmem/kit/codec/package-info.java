/**
 * Codecs for tests, under the names {@code test-runs} (a plain run-length codec) and {@code test-gated} (the same, with
 * places to stop and faults to inject, see {@link io.github.tmem.kit.codec.CodecScript}).
 */
@NullMarked
package io.github.tmem.kit.codec;

import org.jspecify.annotations.NullMarked;
