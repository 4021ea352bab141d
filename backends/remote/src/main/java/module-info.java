import io.github.tmem.api.spi.BackendProvider;
import io.github.tmem.remote.RemoteProvider;
import org.jspecify.annotations.NullMarked;

/** The tier {@code remote}: copies in a server that speaks the Redis protocol. */
@NullMarked
module io.github.tmem.remote {
    requires io.github.tmem.api;
    requires io.netty.common;
    requires lettuce.core;
    requires org.agrona;
    requires static org.jspecify;

    provides BackendProvider with
            RemoteProvider;
}
