package io.github.tmem.kit.provider;

import io.github.tmem.api.config.TierConfig;
import io.github.tmem.api.spi.Backend;

/** Makes the backend of one tier. */
@FunctionalInterface
public interface BackendFactory {
    /** The backend for {@code tier}. Called once for each time a store with the tier opens. */
    Backend open(TierConfig tier);
}
