package io.github.tmem.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

class MainTest {
    private static final Logger CLIENT = Logger.getLogger("io.lettuce");

    /** The remote tier says in one line what its client would say with a stack trace for each attempt. */
    @Test
    void theClientOfTheRemoteTierIsSilentUnlessTheUserWantsToHearIt() {
        List<Logger> chatty = List.of(
                Logger.getLogger("io.lettuce.core.protocol.ConnectionWatchdog"),
                Logger.getLogger("io.lettuce.core.cluster.topology.DefaultClusterTopologyRefresh"),
                Logger.getLogger("io.netty.util.concurrent.DefaultPromise.rejectedExecution"));
        Level before = CLIENT.getLevel();
        try {
            CLIENT.setLevel(null);
            Main.quiet();
            assertThat(chatty).noneMatch(logger -> logger.isLoggable(Level.SEVERE));
            assertThat(Logger.getLogger("io.github.tmem.remote").isLoggable(Level.WARNING))
                    .isTrue();
            CLIENT.setLevel(Level.INFO);
            Main.quiet();
            assertThat(CLIENT.getLevel()).isEqualTo(Level.INFO);
        } finally {
            CLIENT.setLevel(before);
        }
    }
}
