/**
 * Everything a test of tmem, or of a backend for it, starts from: pages that say what they are
 * ({@link io.github.tmem.kit.Pages}), threads that meet where the test wants them ({@link io.github.tmem.kit.Gate},
 * {@link io.github.tmem.kit.Race}) and checks after every test ({@link io.github.tmem.kit.StoreExtension}).
 *
 * <p>Who writes a backend extends {@link io.github.tmem.kit.contract.BackendContract} or, when the backend places its
 * copies itself, {@link io.github.tmem.kit.contract.LocatedBackendContract}.
 */
@NullMarked
package io.github.tmem.kit;

import org.jspecify.annotations.NullMarked;
