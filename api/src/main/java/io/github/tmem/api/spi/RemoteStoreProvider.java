package io.github.tmem.api.spi;

import io.github.tmem.api.PageStore;
import io.github.tmem.api.config.ConfigException;
import io.github.tmem.api.config.RemoteConfig;
import java.util.ServiceLoader;

/** Connects to the stores of nodes. There is one on the class path: {@code tmem-backend-remote}. */
public interface RemoteStoreProvider {

    /**
     * Connects to the store of a node.
     *
     * @throws ConfigException in one line, if the node cannot be reached or used
     */
    PageStore connect(RemoteConfig config);

    /**
     * The provider on the class path.
     *
     * @throws ConfigException if there is none
     */
    static RemoteStoreProvider installed() {
        return ServiceLoader.load(RemoteStoreProvider.class)
                .findFirst()
                .orElseThrow(() -> new ConfigException(
                        "no client of nodes on the class path; add io.github.tmem:tmem-backend-remote"));
    }
}
