package io.github.tmem.remote.server;

import io.lettuce.core.RedisException;
import java.nio.channels.ClosedChannelException;
import java.util.function.Supplier;

/** Connects by Lettuce. */
final class Connecting {
    private static final int TRIES = 3;

    private Connecting() {}

    /**
     * Connects, and tries again if Lettuce may have come too late to hear what the server said: one on the same machine can
     * have refused a secret before Lettuce looks for the handler of its handshake, and then Lettuce knows only that the
     * connection is closed.
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
            String message = String.valueOf(cause.getMessage());
            if (cause instanceof ClosedChannelException
                    || message.contains("closed")
                    || message.contains("RedisHandshakeHandler")) {
                return true;
            }
        }
        return false;
    }
}
