package io.github.tmem.api.spi;

import io.github.tmem.api.PageStore;
import io.github.tmem.api.config.ConfigException;
import io.github.tmem.api.config.ConfigValue;
import io.github.tmem.api.config.StoreConfig;
import java.nio.file.Path;
import java.util.Optional;
import java.util.ServiceLoader;

/** Makes stores. There is one on the class path: {@code tmem-tiering}. */
public interface StoreProvider {

    /** Opens the store that {@code config} describes. */
    PageStore open(StoreConfig config);

    /**
     * Reads a configuration file.
     *
     * @throws ConfigException if the file cannot be read or is wrong
     */
    StoreConfig read(Path file);

    /**
     * The value of a key at the top of a configuration file, for a program around the store that has a section of its own;
     * what else the file says is not looked at.
     *
     * @throws ConfigException if the file cannot be read or is no map
     */
    Optional<ConfigValue> section(Path file, String key);

    /**
     * The provider on the class path.
     *
     * @throws ConfigException if there is none
     */
    static StoreProvider installed() {
        return ServiceLoader.load(StoreProvider.class)
                .findFirst()
                .orElseThrow(
                        () -> new ConfigException("no page store on the class path; add io.github.tmem:tmem-tiering"));
    }
}
