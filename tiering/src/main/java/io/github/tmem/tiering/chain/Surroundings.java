package io.github.tmem.tiering.chain;

import io.github.tmem.api.config.Size;

/**
 * What a chain needs of its store to change its tiers.
 *
 * @param opener opens tiers
 * @param lifecycle knows when operations have ended
 * @param directorySize how large the directory may be, as configured
 */
record Surroundings(ChainOpener opener, Lifecycle lifecycle, Size directorySize) {}
