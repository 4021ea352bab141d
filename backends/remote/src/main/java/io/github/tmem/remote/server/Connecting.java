package io.github.tmem.remote.server;

import io.lettuce.core.RedisException;
import java.util.function.Supplier;

/** Connects by Lettuce. */
final class Connecting {
    private static final int TRIES = 3;

    private Connecting() {}

    /**
     * Connects, and tries again if Lettuce came too late to hear how that went: a server on the same machine may have refused
     * the connection before Lettuce looks for the handler of its handshake.
     *
     * @throws Unusable if there is no connection
     */
    static <C> C connect(Supplier<C> client, ServerAddress address) throws Unusable {
        for (int left = TRIES; ; left--) {
            try {
                return client.get();
            } catch (RedisException e) {
                if (left == 1 || !isUnheard(e)) {
                    throw Unusable.whileConnecting(e, address);
                }
            }
        }
    }

    private static boolean isUnheard(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof IllegalStateException
                    && String.valueOf(cause.getMessage()).contains("RedisHandshakeHandler")) {
                return true;
            }
        }
        return false;
    }
}
