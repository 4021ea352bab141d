package io.github.tmem.system.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.GetMode;
import io.github.tmem.api.PageKind;
import io.github.tmem.kit.NoLeaks;
import io.github.tmem.kit.process.PeerProcess;
import io.github.tmem.system.wire.WireScene.Settings;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Requests and answers that are late, lost, damaged or somebody else's, each at a place on the wire that the test names. */
@Tag(NoLeaks.NETWORK)
@Timeout(300)
@ExtendWith(UsedOnce.class)
class AnswersTest {
    private static final String IMPATIENT = "300ms";

    @RegisterExtension
    static final Peers PEERS = new Peers();

    @OnTheWire(modes = GetMode.INCLUSIVE)
    void S05_aRefusedPutEndsThePageInAPeerOutOfReach(Peer peer, PageKind kind, GetMode mode) {
        try (WireScene scene = WireScene.of(PEERS.get(peer), Settings.alone(kind, mode))) {
            assertThat(scene.put(0, 1).stored()).isTrue();
            scene.proxy().cut();
            assertThat(scene.put(0, 2).stored()).isFalse();
            assertThat(scene.get(0)).isZero();
            scene.gate().shut("UNLINK 0:1");
            scene.proxy().heal();
            scene.gate().awaitArrival("UNLINK 0:1");
            assertThat(scene.copies()).containsExactly("0:1");
            assertThat(scene.get(0)).isZero();
            scene.gate().open("UNLINK 0:1");
            scene.settle();
            assertThat(scene.copies()).isEmpty();
        }
    }

    /** The connection ends before the put has arrived, or before its answer has: nobody gets the older page, or counts two. */
    @OnTheWire(
            modes = GetMode.INCLUSIVE,
            points = {"SET 0:2", "SET 0:2 answer"})
    void S07_aPutWhoseAnswerIsLostIsNotCountedTwice(Peer peer, PageKind kind, GetMode mode, String point) {
        try (WireScene scene = WireScene.of(PEERS.get(peer), Settings.alone(kind, mode))) {
            assertThat(scene.put(0, 1).stored()).isTrue();
            scene.proxy().endAt(point);
            assertThat(scene.put(0, 2).stored()).isFalse();
            assertThat(scene.get(0)).isZero();
            scene.putAtLast(0, 3);
            assertThat(scene.get(0)).isEqualTo(3);
            scene.settle();
            assertThat(scene.copies()).containsExactly("0:3");
            assertThat(scene.pool().pageCount()).isEqualTo(1);
        }
    }

    /** The answer to a get comes when nobody waits for it any more. */
    @OnTheWire
    void S16_aGetWithoutAnswerIsAMissOrUnavailable(Peer peer, PageKind kind, GetMode mode, String point) {
        String held = point.replace("SET", "GET");
        try (WireScene scene =
                WireScene.of(PEERS.get(peer), Settings.alone(kind, mode).waiting(IMPATIENT))) {
            scene.putAtLast(0, 1);
            scene.gate().shutForOne(held);
            if (kind == PageKind.PERSISTENT) {
                assertThat(scene.isUnavailable(0)).isTrue();
                scene.gate().open(held);
                assertThat(scene.getAtLast(0)).isEqualTo(1);
            } else {
                assertThat(scene.get(0)).isZero();
                scene.gate().open(held);
                assertThat(scene.get(0)).isZero();
            }
            scene.putAndGetAtLast(0, 2);
        }
    }

    /** The peer answers again and has the page still; nobody gets it. */
    @OnTheWire(kinds = PageKind.EPHEMERAL)
    void S17_aPeerThatIsBackBringsNothingBack(Peer peer, PageKind kind, GetMode mode) {
        try (WireScene scene =
                WireScene.of(PEERS.get(peer), Settings.alone(kind, mode).waiting(IMPATIENT))) {
            scene.putAtLast(0, 1);
            scene.gate().shut("GET 0:1 answer");
            scene.gate().shut("UNLINK 0:1");
            assertThat(scene.get(0)).isZero();
            scene.gate().open("GET 0:1 answer");
            scene.gate().awaitArrival("UNLINK 0:1");
            assertThat(scene.copies()).containsExactly("0:1");
            for (int i = 0; i < 3; i++) {
                assertThat(scene.get(0)).isZero();
            }
            scene.gate().open("UNLINK 0:1");
            scene.putAtLast(0, 2);
            assertThat(scene.pool().contains(WirePages.FILE, 0)).isTrue();
        }
    }

    /** What a client sent before its connection broke arrives after the newer page has come on another connection. */
    @OnTheWire
    void S24_aLateFreeOfTheOlderCopySparesTheNewer(Peer peer, PageKind kind, GetMode mode) {
        try (WireScene scene =
                WireScene.of(PEERS.get(peer), Settings.alone(kind, mode).waiting(IMPATIENT))) {
            scene.putAtLast(0, 1);
            scene.gate().shutForOne("UNLINK 0:1");
            assertThat(scene.flush(0)).isTrue();
            scene.gate().awaitArrival("UNLINK 0:1");
            scene.proxy().desert();
            scene.putAtLast(0, 2);
            scene.settle(); // the free was sent once more, and is paid
            assertThat(scene.copies()).containsExactly("0:2");
            scene.gate().open("UNLINK 0:1");
            WirePages.await(() -> scene.proxy().deserted() == 0);
            assertThat(scene.copies()).containsExactly("0:2");
            assertThat(scene.getAtLast(0)).isIn(kind == PageKind.PERSISTENT ? 2L : 0L, 2L);
        }
    }

    /** The peer has answered a get; before the answer is here the page is flushed, put anew, and in the peer. */
    @OnTheWire
    void S25_aLateAnswerIsNotDelivered(Peer peer, PageKind kind, GetMode mode) {
        try (WireScene scene = WireScene.of(PEERS.get(peer), Settings.alone(kind, mode))) {
            assertThat(scene.put(0, 1).stored()).isTrue();
            scene.gate().shut("GET 0:1 answer");
            CompletableFuture<Long> reading = scene.start(() -> scene.get(0));
            scene.gate().awaitArrival("GET 0:1 answer");
            assertThat(scene.flush(0)).isTrue();
            CompletableFuture<Boolean> putting =
                    scene.start(() -> scene.put(0, 2).stored());
            WirePages.await(() -> scene.copies().contains("0:2"));
            scene.gate().open("GET 0:1 answer");
            assertThat(scene.join(putting)).isTrue();
            long read = scene.join(reading);
            assertThat(read).isIn(0L, 2L);
            boolean taken = read == 2 && mode == GetMode.EXCLUSIVE;
            assertThat(scene.get(0)).isEqualTo(taken ? 0 : 2);
        }
    }

    @OnTheWire(
            modes = GetMode.INCLUSIVE,
            points = {"page", "object"})
    void S27_aFlushReachesAPageThatIsInThePeerOnly(Peer peer, PageKind kind, GetMode mode, String what) {
        try (WireScene scene = WireScene.of(PEERS.get(peer), Settings.below(kind, mode))) {
            scene.putDown(0, 1);
            assertThat(scene.copies()).containsExactly("0:1");
            assertThat(scene.flush(what)).isTrue();
            assertThat(scene.get(0)).isZero();
            scene.settle();
            assertThat(scene.copies()).isEmpty();
        }
    }

    @OnTheWire(
            modes = GetMode.INCLUSIVE,
            points = {"page", "object"})
    void S28_aFlushHoldsForAPeerOutOfReach(Peer peer, PageKind kind, GetMode mode, String what) {
        try (WireScene scene = WireScene.of(PEERS.get(peer), Settings.alone(kind, mode))) {
            assertThat(scene.put(0, 1).stored()).isTrue();
            scene.proxy().cut();
            assertThat(scene.flush(what)).isTrue();
            assertThat(scene.get(0)).isZero();
            scene.gate().shut("UNLINK 0:1");
            scene.proxy().heal();
            scene.gate().awaitArrival("UNLINK 0:1");
            assertThat(scene.copies()).containsExactly("0:1");
            assertThat(scene.get(0)).isZero();
            CompletableFuture<?> putting = scene.start(() -> {
                scene.putAtLast(0, 2); // pages pass the tier by until it has answered
                return true;
            });
            scene.gate().open("UNLINK 0:1");
            scene.join(putting);
            scene.settle();
            assertThat(scene.copies()).containsExactly("0:2");
            assertThat(scene.get(0)).isEqualTo(2);
        }
    }

    /** The answer to a get that takes the page is lost, and then that to the free: the page can be had once, no less. */
    @OnTheWire(kinds = PageKind.PERSISTENT, modes = GetMode.EXCLUSIVE)
    void S47_aLostAnswerToATakingGetLosesNothing(Peer peer, PageKind kind, GetMode mode) {
        try (WireScene scene = WireScene.of(PEERS.get(peer), Settings.alone(kind, mode))) {
            assertThat(scene.put(0, 1).stored()).isTrue();
            scene.proxy().endAt("GET 0:1 answer", 2); // the caller's own connection, and the shared one
            assertThat(scene.isUnavailable(0)).isTrue();
            assertThat(scene.pool().stats().taken()).isZero();
            scene.proxy().endAt("UNLINK 0:1 answer");
            assertThat(scene.getAtLast(0)).isEqualTo(1);
            assertThat(scene.get(0)).isZero();
            assertThat(scene.pool().stats().taken()).isEqualTo(1);
            scene.settle();
            assertThat(scene.copies()).isEmpty();
        }
    }

    @OnTheWire(modes = GetMode.INCLUSIVE)
    void S48_aDamagedByteIsNeverDelivered(Peer peer, PageKind kind, GetMode mode) {
        PeerProcess process = PEERS.get(peer);
        try (WireScene scene = WireScene.of(process, Settings.alone(kind, mode))) {
            assertThat(scene.put(0, 1).stored()).isTrue();
            scene.proxy().changeAt("GET 0:1 answer", AnswersTest::damaged);
            assertThat(scene.get(0)).isEqualTo(1); // it was damaged on its way only
            String key = scene.keyOf("0:1");
            byte[] kept = process.command("GET", key).getBytes(ISO_8859_1);
            process.command("SET", key, new String(damaged(kept), ISO_8859_1));
            assertGone(scene, kind);
        }
    }

    private static byte[] damaged(byte[] bytes) {
        byte[] damaged = bytes.clone();
        damaged[bytes.length / 2] ^= 1;
        return damaged;
    }

    @OnTheWire(modes = GetMode.INCLUSIVE)
    void S49_anotherPagesAnswerIsNeverDelivered(Peer peer, PageKind kind, GetMode mode) {
        PeerProcess process = PEERS.get(peer);
        try (WireScene scene = WireScene.of(process, Settings.alone(kind, mode))) {
            assertThat(scene.put(0, 1).stored()).isTrue();
            assertThat(scene.put(1, 1).stored()).isTrue();
            String other = process.command("GET", scene.keyOf("1:1"));
            String answer = "$" + other.length() + "\r\n" + other + "\r\n";
            scene.proxy().changeAt("GET 0:1 answer", right -> answer.getBytes(ISO_8859_1));
            assertThat(scene.get(0)).isEqualTo(1);
            process.command("SET", scene.keyOf("0:1"), other);
            assertGone(scene, kind);
            assertThat(scene.get(1)).isEqualTo(1);
        }
    }

    private static void assertGone(WireScene scene, PageKind kind) {
        if (kind == PageKind.PERSISTENT) {
            assertThat(scene.isLost(0)).isTrue();
            assertThat(scene.isLost(0)).isTrue();
        } else {
            assertThat(scene.get(0)).isZero();
        }
        assertThat(scene.remote().corrupt()).isEqualTo(1);
    }
}
