package io.github.tmem.node;

import io.github.tmem.api.spi.BackendProvider;
import io.github.tmem.api.spi.StoreProvider;
import java.util.List;
import java.util.ServiceLoader;
import java.util.function.Supplier;

/**
 * What the commands work with.
 *
 * @param store finds the page store, or throws a {@link io.github.tmem.api.config.ConfigException}
 * @param backends finds the backends
 */
record Installation(Supplier<StoreProvider> store, Supplier<List<BackendProvider>> backends) {

    /** What {@link ServiceLoader} finds on the class path. */
    static Installation onClassPath() {
        return new Installation(
                StoreProvider::installed,
                () -> ServiceLoader.load(BackendProvider.class).stream()
                        .map(ServiceLoader.Provider::get)
                        .toList());
    }
}
