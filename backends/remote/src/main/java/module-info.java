import io.github.tmem.api.spi.BackendProvider;
import io.github.tmem.api.spi.RemoteStoreProvider;
import io.github.tmem.remote.RemoteProvider;
import io.github.tmem.remote.store.NodeStoreProvider;
import org.jspecify.annotations.NullMarked;

/** The tier {@code remote}, copies in a server that speaks the Redis protocol, and the client of a node's store. */
@NullMarked
module io.github.tmem.remote {
    requires io.github.tmem.api;
    requires io.netty.common;
    requires lettuce.core;
    requires org.agrona;
    requires static org.jspecify;

    provides BackendProvider with
            RemoteProvider;
    provides RemoteStoreProvider with
            NodeStoreProvider;
}
