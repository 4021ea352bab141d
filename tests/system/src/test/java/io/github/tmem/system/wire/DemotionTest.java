package io.github.tmem.system.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.GetMode;
import io.github.tmem.api.PageKind;
import io.github.tmem.kit.NoLeaks;
import io.github.tmem.system.wire.WireScene.Settings;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Pages on their way into a peer and out of it, with the bytes held up on the wire. */
@Tag(NoLeaks.NETWORK)
@Timeout(300)
@ExtendWith(UsedOnce.class)
class DemotionTest {
    @RegisterExtension
    static final Peers PEERS = new Peers();

    /** A get of a page whose copy is on its way to the peer, or has arrived and is not acknowledged. */
    @OnTheWire
    void S19_aPageOnItsWayToAPeerIsDelivered(Peer peer, PageKind kind, GetMode mode, String point) {
        try (WireScene scene = WireScene.of(PEERS.get(peer), Settings.below(kind, mode))) {
            CompletableFuture<Boolean> moving = scene.putDownUntil(point, 0, 1);
            assertThat(scene.join(scene.start(() -> scene.get(0)))).isEqualTo(1);
            scene.gate().open(point);
            scene.join(moving);
            if (mode == GetMode.INCLUSIVE) {
                scene.moveDown(0, 1);
                assertThat(scene.get(0)).isEqualTo(1);
            } else {
                assertThat(scene.get(0)).isZero();
                scene.settle();
                assertThat(scene.copies()).isEmpty();
            }
        }
    }

    /** Two gets have both found the page in the peer, and both move it up: of the two copies above one stays. */
    @OnTheWire(modes = GetMode.INCLUSIVE)
    void S20_ofTwoGetsThatMoveThePageUpOneDoes(Peer peer, PageKind kind, GetMode mode) {
        try (WireScene scene =
                WireScene.of(PEERS.get(peer), Settings.below(kind, mode).promoting())) {
            scene.putBelow(0, 1);
            scene.gate().shut("GET 0:1 answer");
            CompletableFuture<Long> one = scene.start(() -> scene.get(0));
            scene.gate().awaitArrival("GET 0:1 answer");
            scene.gate().shut("GET 0:1");
            CompletableFuture<Long> other = scene.start(() -> scene.get(0));
            scene.gate().awaitArrival("GET 0:1");
            scene.gate().open("GET 0:1 answer");
            scene.gate().open("GET 0:1");
            assertThat(List.of(scene.join(one), scene.join(other))).containsExactly(1L, 1L);
            scene.settle();
            assertThat(scene.copies()).isEmpty();
            assertThat(scene.memory().promotedIn()).isEqualTo(1);
            assertThat(scene.get(0)).isEqualTo(1);
        }
    }

    /** Afterwards nobody has the page, and while the peer still has the copy that came too late nobody gets it. */
    @OnTheWire
    void S21_aFlushReachesAPageOnItsWayToAPeer(Peer peer, PageKind kind, GetMode mode, String point) {
        try (WireScene scene = WireScene.of(PEERS.get(peer), Settings.below(kind, mode))) {
            CompletableFuture<Boolean> moving = scene.putDownUntil(point, 0, 1);
            assertThat(scene.flush(0)).isTrue();
            assertThat(scene.get(0)).isZero();
            scene.gate().shut("UNLINK 0:1");
            scene.gate().open(point);
            scene.gate().awaitArrival("UNLINK 0:1");
            assertThat(scene.copies()).containsExactly("0:1");
            assertThat(scene.get(0)).isZero();
            scene.gate().open("UNLINK 0:1");
            scene.join(moving);
            scene.settle();
            assertThat(scene.copies()).isEmpty();
            assertThat(scene.get(0)).isZero();
        }
    }

    @OnTheWire
    void S22_thePagePutAfterAFlushOutlivesTheOlderThatArrivesLate(
            Peer peer, PageKind kind, GetMode mode, String point) {
        try (WireScene scene = WireScene.of(PEERS.get(peer), Settings.below(kind, mode))) {
            CompletableFuture<Boolean> moving = scene.putDownUntil(point, 0, 1);
            assertThat(scene.flush(0)).isTrue();
            assertThat(scene.put(0, 2).stored()).isTrue();
            scene.gate().open(point);
            scene.join(moving);
            assertNewerStays(scene);
        }
    }

    @OnTheWire
    void S23_aPutDuringAMoveOfTheOlderPageWins(Peer peer, PageKind kind, GetMode mode, String point) {
        try (WireScene scene = WireScene.of(PEERS.get(peer), Settings.below(kind, mode))) {
            CompletableFuture<Boolean> moving = scene.putDownUntil(point, 0, 1);
            assertThat(scene.put(0, 2).stored()).isTrue();
            scene.gate().open(point);
            scene.join(moving);
            assertNewerStays(scene);
        }
    }

    private static void assertNewerStays(WireScene scene) {
        scene.moveDown(0, 2);
        scene.settle();
        assertThat(scene.copies()).containsExactly("0:2");
        assertThat(scene.pool().pageCount()).isEqualTo(1);
        assertThat(scene.get(0)).isEqualTo(2);
    }

    /** Page 1 is in the peer, 0 on its way there, 2 in memory, and 50 stored in the peer without anybody knowing yet. */
    @OnTheWire(points = {})
    void S26_aFlushOfAnObjectEndsWhatIsOnTheWireToo(Peer peer, PageKind kind, GetMode mode) {
        try (WireScene scene = WireScene.of(PEERS.get(peer), Settings.below(kind, mode))) {
            scene.putBelow(1, 1);
            scene.gate().shut("SET 50:1 answer");
            CompletableFuture<Boolean> putting = scene.start(() -> {
                scene.putBelow(50, 1);
                return true;
            });
            scene.gate().awaitArrival("SET 50:1 answer");
            scene.store().chain("default").thaw("heap");
            CompletableFuture<Boolean> moving = scene.putDownUntil("SET 0:1", 0, 1);
            assertThat(scene.put(2, 1).stored()).isTrue();
            assertThat(scene.pool().flushObject(WirePages.FILE)).isEqualTo(3);
            assertThat(scene.put(60, 1).stored()).isTrue();
            assertThat(List.of(scene.get(0), scene.get(1), scene.get(2), scene.get(50)))
                    .containsOnly(0L);
            scene.gate().open("SET 50:1 answer");
            scene.gate().open("SET 0:1");
            scene.join(putting);
            scene.join(moving);
            scene.settle();
            assertThat(List.of(scene.get(0), scene.get(1), scene.get(2), scene.get(50)))
                    .containsOnly(0L);
            assertThat(scene.copies()).isSubsetOf("60:1");
            assertThat(scene.pool().pageCount()).isEqualTo(1);
            assertThat(scene.get(60)).isEqualTo(1);
        }
    }
}
