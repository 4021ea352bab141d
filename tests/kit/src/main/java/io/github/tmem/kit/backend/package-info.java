/**
 * Backends for tests: wrappers that check, block or fail the calls of any backend
 * ({@link io.github.tmem.kit.backend.CheckingBackend}, {@link io.github.tmem.kit.backend.BlockingBackend},
 * {@link io.github.tmem.kit.backend.FaultyBackend}), and two small media of their own
 * ({@link io.github.tmem.kit.backend.KeyedTestBackend}, {@link io.github.tmem.kit.backend.LocatedTestBackend}).
 */
@NullMarked
package io.github.tmem.kit.backend;

import org.jspecify.annotations.NullMarked;
