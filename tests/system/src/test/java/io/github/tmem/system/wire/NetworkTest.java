package io.github.tmem.system.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.GetMode;
import io.github.tmem.api.PageKind;
import io.github.tmem.kit.NoLeaks;
import io.github.tmem.kit.process.NetworkNamespace;
import io.github.tmem.kit.process.PeerProcess;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Peers on machines of their own as far as the network goes: a node with TLS and a login on one, {@code redis-server} on the
 * other. Cables are pulled out, and lose what is sent one way. Skipped without root.
 */
@Tag(NoLeaks.NETWORK)
@Timeout(300)
@ExtendWith(UsedOnce.class)
@SuppressWarnings("NullAway.Init") // set before all tests
@Tag("long")
class NetworkTest {
    private static NetworkNamespace nodeHost;
    private static NetworkNamespace redisHost;
    private static PeerProcess node;
    private static PeerProcess redis;

    /** What is wrong with a cable. */
    enum Trouble {
        /** Nothing arrives on either side. */
        CUT {
            @Override
            void befall(NetworkNamespace host) {
                host.cut();
            }
        },
        /** The peer hears nothing, and thinks that the connection is there. */
        REQUESTS_LOST {
            @Override
            void befall(NetworkNamespace host) {
                host.loseRequests();
            }
        },
        /** The peer does what it is asked, and nobody hears so. */
        ANSWERS_LOST {
            @Override
            void befall(NetworkNamespace host) {
                host.loseAnswers();
            }
        };

        abstract void befall(NetworkNamespace host);
    }

    @BeforeAll
    static void start() {
        nodeHost = NetworkNamespace.open();
        redisHost = NetworkNamespace.open();
        node = Peer.NODE.start(nodeHost.place());
        redis = Peer.REDIS.start(redisHost.place());
        UsedOnce.use(node); // with TLS
    }

    @AfterAll
    static void stop() {
        for (AutoCloseable opened : Arrays.asList(node, redis, nodeHost, redisHost)) {
            close(opened);
        }
    }

    private static void close(@Nullable AutoCloseable opened) {
        if (opened != null) {
            try {
                opened.close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @AfterEach
    void heal() {
        nodeHost.heal();
        redisHost.heal();
    }

    /** Pages out of reach are unavailable, those that ended meanwhile have ended, and all is well when the cable is. */
    @ParameterizedTest
    @EnumSource
    void S28_aCableInTroubleBringsNothingBackAndLosesNothing(Trouble trouble) {
        try (FarStore far =
                FarStore.of(PageKind.PERSISTENT, GetMode.INCLUSIVE, FarStore.tier(node, FarStore.IMPATIENT))) {
            WirePages blocks = far.open("blocks", PageKind.EPHEMERAL, GetMode.INCLUSIVE);
            for (int index = 0; index < 4; index++) {
                far.putAtLast(index, 1);
            }
            blocks.putAtLast(0, 1);
            trouble.befall(nodeHost);
            assertThat(far.isUnavailable(0)).isTrue();
            assertThat(blocks.get(0)).isZero();
            assertThat(far.put(1, 2).stored()).isFalse(); // S05, S07: with ANSWERS_LOST the node has it
            assertThat(far.get(1)).isZero();
            assertThat(far.flush(2)).isTrue();
            assertThat(far.get(2)).isZero();
            nodeHost.heal();
            assertThat(far.getAtLast(0)).isEqualTo(1);
            assertThat(far.getAtLast(1)).isZero();
            assertThat(far.getAtLast(2)).isZero();
            assertThat(far.getAtLast(3)).isEqualTo(1);
            assertThat(blocks.get(0)).isZero(); // S17
            far.putAtLast(1, 3);
            blocks.putAtLast(0, 2);
            assertThat(far.getAtLast(1)).isEqualTo(3);
            far.settle();
        }
    }

    /** The connection is one that the new process at the other end has never heard of. */
    @Test
    void S46_aPeerThatWasStartedAnewBehindACutHasLostItsPages() {
        try (FarStore far =
                FarStore.of(PageKind.PERSISTENT, GetMode.INCLUSIVE, FarStore.tier(redis, FarStore.IMPATIENT))) {
            far.putAtLast(0, 1);
            redisHost.cut();
            redis.kill();
            assertThat(far.isUnavailable(0)).isTrue();
            redisHost.heal();
            redis.restart();
            assertThat(far.isLostAtLast(0)).isTrue();
            far.putAtLast(0, 2);
            assertThat(far.getAtLast(0)).isEqualTo(2);
            far.settle();
        }
    }

    /** A store and two peers, each reachable without the other. */
    @Test
    void S16_ofTwoPeersTheOneThatCanBeReachedAnswers() {
        try (FarStore far = FarStore.of(
                PageKind.PERSISTENT,
                GetMode.INCLUSIVE,
                FarStore.tier(node, FarStore.IMPATIENT),
                FarStore.tier(redis, FarStore.IMPATIENT))) {
            far.putAtLast(0, 1);
            far.putPast(List.of("remote"), 1, 1);
            nodeHost.cut();
            assertThat(far.isUnavailable(0)).isTrue();
            assertThat(far.getAtLast(1)).isEqualTo(1);
            far.putAtLast(2, 1);
            redisHost.cut();
            assertThat(far.isUnavailable(2)).isTrue();
            assertThat(far.put(3, 1).stored()).isFalse();
            nodeHost.heal();
            assertThat(far.getAtLast(0)).isEqualTo(1);
            assertThat(far.isUnavailable(1)).isTrue();
            redisHost.heal();
            assertThat(far.getAtLast(1)).isEqualTo(1);
            assertThat(far.getAtLast(2)).isEqualTo(1);
            far.settle();
        }
    }
}
