package io.github.tmem.system.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.GetMode;
import io.github.tmem.api.PageKind;
import io.github.tmem.api.config.TierConfig;
import io.github.tmem.api.live.PoolExport;
import io.github.tmem.api.live.Progress;
import io.github.tmem.kit.NoLeaks;
import io.github.tmem.kit.process.PeerProcess;
import io.github.tmem.kit.process.RedisServer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Peers that are killed, frozen, started anew, and left and met again. */
@Tag("long")
@Tag(NoLeaks.NETWORK)
@Timeout(600)
@ExtendWith(UsedOnce.class)
class ProcessesTest {
    private static final boolean LONG = Boolean.getBoolean("tmem.stress");

    @RegisterExtension
    static final Peers PEERS = new Peers();

    /** Persistent pages are there again when the peer goes on, ephemeral ones missed for good; a refused put ends the page. */
    @OnTheWire(modes = GetMode.INCLUSIVE)
    void S16_aFrozenPeerIsNoMissForPersistentPages(Peer peer, PageKind kind, GetMode mode) {
        PeerProcess process = PEERS.get(peer);
        try (FarStore far = FarStore.of(kind, mode, FarStore.tier(process, FarStore.IMPATIENT))) {
            far.putAtLast(0, 1);
            far.putAtLast(1, 1);
            far.putAtLast(2, 1);
            process.process().freeze();
            try {
                if (kind == PageKind.PERSISTENT) {
                    assertThat(far.isUnavailable(0)).isTrue();
                } else {
                    assertThat(far.get(0)).isZero();
                }
                assertThat(far.put(1, 2).stored()).isFalse();
                assertThat(far.get(1)).isZero();
                assertThat(far.flush(2)).isTrue();
            } finally {
                process.process().thaw(); // other tests have the same peer
            }
            assertThat(far.getAtLast(0)).isEqualTo(kind == PageKind.PERSISTENT ? 1 : 0);
            assertThat(far.get(1)).isZero();
            assertThat(far.get(2)).isZero();
            far.putAndGetAtLast(1, 3);
            far.settle();
        }
    }

    /** Its copies are named as nobody else's will ever be: what was flushed and replaced meanwhile stays so. */
    @Test
    void S40_aPeerThatComesBackWithItsOldContentsServesNoneThatEnded() {
        try (RedisServer server = RedisServer.start("--appendonly", "yes", "--appendfsync", "always");
                FarStore far = FarStore.of(PageKind.PERSISTENT, GetMode.INCLUSIVE, FarStore.tier(server, "1s"))) {
            LongStream.range(0, 10).forEach(index -> far.putAtLast(index, 1));
            server.kill();
            LongStream.range(0, 5).forEach(far::flush);
            assertThat(far.put(5, 2).stored()).isFalse();
            server.restart();
            WirePages.await(() -> !far.isUnavailable(9));
            assertThat(LongStream.range(0, 10).map(far::getAtLast))
                    .containsExactly(0L, 0L, 0L, 0L, 0L, 0L, 1L, 1L, 1L, 1L);
            far.putAtLast(5, 3);
            assertThat(far.getAtLast(5)).isEqualTo(3);
            far.settle();
            WirePages.await(() -> server.command("DBSIZE").equals("6")); // five pages and the lease
        }
    }

    /** The peer is left with pages in it, and met again when they have been flushed, and put anew. */
    @OnTheWire(kinds = PageKind.PERSISTENT, modes = GetMode.INCLUSIVE)
    void S41_aPeerThatIsLeftAndMetAgainBringsNothingOlderBack(Peer peer, PageKind kind, GetMode mode) {
        TierConfig remote = FarStore.tier(PEERS.get(peer), FarStore.PATIENT);
        try (FarStore far = FarStore.of(kind, mode, FarStore.memory("1MiB"), remote)) {
            LongStream.range(0, 4).forEach(index -> far.putPast(List.of("heap"), index, 1));
            far.chain().detach("remote", Progress.UNATTENDED);
            assertThat(far.put(0, 2).stored()).isTrue();
            assertThat(far.flush(1)).isTrue();
            far.chain().attach(remote, 1);
            far.putPast(List.of("heap"), 3, 3);
            assertThat(LongStream.range(0, 4).map(far::get)).containsExactly(2L, 0L, 1L, 3L);
            far.settle();
        }
    }

    /** A pool with its pages in one peer is written out, frozen, and read in again by another program over another peer. */
    @OnTheWire(kinds = PageKind.PERSISTENT, modes = GetMode.INCLUSIVE)
    void S43_aClientThatIsFrozenAndMovedToAnotherPeerHasWhatItDidNotEnd(Peer peer, PageKind kind, GetMode mode)
            throws IOException {
        Peer other = peer == Peer.NODE ? Peer.REDIS : Peer.NODE;
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        try (FarStore far = FarStore.of(kind, mode, FarStore.tier(PEERS.get(peer), FarStore.PATIENT));
                FarStore target = FarStore.of(kind, mode, FarStore.tier(PEERS.get(other), FarStore.PATIENT))) {
            LongStream.range(0, 4).forEach(index -> far.putAtLast(index, 1));
            try (PoolExport export = far.pool().transfer().export()) {
                export.write(stream);
                assertThat(far.put(3, 2).stored()).isTrue();
                far.pool().transfer().freeze();
                assertThat(far.put(1, 2).stored()).isFalse();
                assertThat(far.flush(2)).isTrue();
                export.write(stream);
            }
            target.pool().transfer().restore(new ByteArrayInputStream(stream.toByteArray()));
            assertThat(LongStream.range(0, 4).map(far::get)).containsExactly(1L, 0L, 0L, 2L);
            assertThat(LongStream.range(0, 4).map(target::get)).containsExactly(1L, 0L, 0L, 2L);
        }
    }

    /** While the peer is dead its persistent pages are unavailable, and lost when it comes back without them. */
    @OnTheWire(modes = GetMode.INCLUSIVE)
    void S46_theOnlyCopyInADeadPeerIsReported(Peer peer, PageKind kind, GetMode mode) {
        PeerProcess process = PEERS.get(peer);
        boolean persistent = kind == PageKind.PERSISTENT;
        try (FarStore far = FarStore.of(kind, mode, FarStore.tier(process, "1s"))) {
            LongStream.range(0, 3).forEach(index -> far.putAtLast(index, 1));
            process.kill();
            assertThat(persistent ? far.isUnavailable(0) : far.get(0) == 0).isTrue();
            assertThat(far.put(3, 1).stored()).isFalse();
            assertThat(far.flush(1)).isTrue();
            process.restart();
            far.putAndGetAtLast(3, 2);
            for (int again = 0; again < 2; again++) {
                assertThat(persistent ? far.isLostAtLast(0) : far.get(0) == 0).isTrue();
            }
            assertThat(far.getAtLast(1)).isZero();
            assertThat(persistent ? far.isLostAtLast(2) : far.get(2) == 0).isTrue();
            assertThat(far.pool().stats().lostPages()).isEqualTo(persistent ? 2 : 0);
            far.putAndGetAtLast(0, 3);
            far.settle();
        }
    }

    /** Of two peers one is killed: what the other has is delivered, and it takes what comes. */
    @Test
    void S46_ofTwoPeersTheOneThatLivesAnswers() {
        PeerProcess node = PEERS.get(Peer.NODE);
        try (FarStore far = FarStore.of(
                PageKind.PERSISTENT,
                GetMode.INCLUSIVE,
                FarStore.tier(node, "1s"),
                FarStore.tier(PEERS.get(Peer.REDIS), "1s"))) {
            far.putAtLast(0, 1);
            far.putPast(List.of("remote"), 1, 1);
            node.kill();
            assertThat(far.isUnavailable(0)).isTrue();
            assertThat(far.getAtLast(1)).isEqualTo(1);
            far.putAtLast(2, 1);
            assertThat(far.getAtLast(2)).isEqualTo(1);
            node.restart();
            assertThat(far.isLostAtLast(0)).isTrue();
            assertThat(far.getAtLast(1)).isEqualTo(1);
            assertThat(far.getAtLast(2)).isEqualTo(1);
            far.settle();
        }
    }

    /** Memory above a peer that is frozen now and then, killed and started anew: {@code tmem.seed} repeats a run. */
    @OnTheWire
    void S56_aRandomRunOverAPeerThatFailsMatchesTheModel(Peer peer, PageKind kind, GetMode mode) {
        PeerProcess process = PEERS.get(peer);
        long seed = Long.getLong("tmem.seed", System.nanoTime());
        try (FarStore far =
                FarStore.of(kind, mode, FarStore.memory("256KiB"), FarStore.tier(process, FarStore.IMPATIENT))) {
            new PeerRun(process, far, kind, mode, seed).run(LONG ? 100_000 : 2_000, LONG ? 10 : 1);
        } catch (AssertionError failure) {
            throw new AssertionError("seed " + seed, failure);
        }
    }
}
