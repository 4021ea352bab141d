package io.github.tmem.api.spi;

import io.github.tmem.api.config.ConfigException;
import io.github.tmem.api.config.TierConfig;
import java.util.Set;

/** Makes backends of one type. Found by {@link java.util.ServiceLoader}. */
public interface BackendProvider {
    /** The tier type in configurations, for example {@code offheap}. */
    String type();

    /** Where the copies of its backends are. Constant, and known without opening one. */
    Location location();

    /** Where copies are. */
    enum Location {
        /** In the memory of this process: calls return at memory speed. */
        MEMORY,
        /** On a device of this machine. */
        DEVICE,
        /** In other machines, or in other programs of this one. */
        NETWORK
    }

    /** The keys of {@link TierConfig#settings} this backend understands; others are the user's error. */
    Set<String> settingKeys();

    /**
     * The capacity in bytes that {@code config} asks for on this machine: percentages resolved, and checked against what
     * there is.
     *
     * @throws ConfigException naming the value and what is allowed
     */
    long capacity(TierConfig config);

    /**
     * Opens a backend.
     *
     * @throws ConfigException if the settings or the capacity cannot be used, naming the key, the value and what is
     *     allowed
     */
    Backend open(TierConfig config);
}
