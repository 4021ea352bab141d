package io.github.tmem.remote;

import io.github.tmem.api.config.ConfigException;
import io.github.tmem.api.config.TierConfig;
import io.github.tmem.api.spi.Backend;
import io.github.tmem.api.spi.BackendProvider;
import java.util.Set;

/** The tier type {@code remote}: pages in a Redis or Valkey server, or whatever else speaks its protocol. */
public final class RemoteProvider implements BackendProvider {

    /** For {@link java.util.ServiceLoader}. */
    public RemoteProvider() {}

    @Override
    public String type() {
        return "remote";
    }

    @Override
    public Location location() {
        return Location.NETWORK;
    }

    @Override
    public Set<String> settingKeys() {
        return RemoteSettings.KEYS;
    }

    /**
     * The bytes of encoded pages that the tier holds at most. The server needs more, for its books.
     *
     * @throws ConfigException also for a percentage, because there is nothing here that it could be one of, and if the
     *     settings name no address of a server
     */
    @Override
    public long capacity(TierConfig config) {
        if (config.capacity().isPercent()) {
            throw new ConfigException("tier remote: capacity " + config.capacity()
                    + " cannot be used; allowed: a size that is no percentage (\"8GiB\")");
        }
        RemoteSettings.address(config);
        return config.capacity().resolve(0);
    }

    /**
     * Connects to the server and examines it.
     *
     * @throws ConfigException also if the server cannot be used; or if it cannot be reached, unless the setting
     *     {@code reach} is {@code later}
     */
    @Override
    public Backend open(TierConfig config) {
        RemoteSettings settings = RemoteSettings.of(config);
        return settings.ofSeveral()
                ? PeersBackend.open(settings, capacity(config), Pace.USUAL)
                : RemoteBackend.open(settings, capacity(config), Pace.USUAL);
    }
}
