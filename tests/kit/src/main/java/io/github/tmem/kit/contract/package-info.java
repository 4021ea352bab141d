/**
 * What it means to be a backend, a codec or a pool, as suites to extend: {@link
 * io.github.tmem.kit.contract.BackendContract} for every backend and every wrapper of one, {@link
 * io.github.tmem.kit.contract.LocatedBackendContract} for those that place their copies themselves, {@link
 * io.github.tmem.kit.contract.CodecContract} for every codec. Also {@link
 * io.github.tmem.kit.contract.PatientLockContract}, for locks on the way of a put.
 */
@NullMarked
package io.github.tmem.kit.contract;

import org.jspecify.annotations.NullMarked;
