package io.github.tmem.remote.store;

import io.github.tmem.api.PageStore;
import io.github.tmem.api.config.ConfigException;
import io.github.tmem.api.config.RemoteConfig;
import io.github.tmem.api.spi.RemoteStoreProvider;
import io.github.tmem.remote.server.Unusable;

/** Connects to nodes. */
public final class NodeStoreProvider implements RemoteStoreProvider {

    /** For {@link java.util.ServiceLoader}. */
    public NodeStoreProvider() {}

    @Override
    public PageStore connect(RemoteConfig config) {
        NodeAddress address = NodeAddress.of(config);
        Link link = new Link(address, config);
        boolean open = false;
        try {
            link.open();
            open = true;
            return new NodeStore(link);
        } catch (Unusable unusable) {
            throw new ConfigException(address.text(unusable), unusable);
        } finally {
            if (!open) {
                link.close();
            }
        }
    }
}
