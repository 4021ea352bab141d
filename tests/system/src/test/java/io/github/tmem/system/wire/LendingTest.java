package io.github.tmem.system.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.GetMode;
import io.github.tmem.api.PageKind;
import io.github.tmem.kit.NoLeaks;
import io.github.tmem.kit.Race;
import io.github.tmem.kit.process.NodeProcess;
import io.github.tmem.kit.process.PeerProcess;
import io.github.tmem.kit.process.Place;
import io.github.tmem.kit.process.RedisServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Peers that lend to many, to each other, to clients that do not read, and until they are full. */
@Tag(NoLeaks.NETWORK)
@Timeout(300)
@ExtendWith(UsedOnce.class)
class LendingTest {
    private static final String ONE_MIB = "chains: {default: [{tier: offheap, capacity: 1MiB}]}";
    private static final int PAGES_MAX = 5000;

    /** Two programs have pools of the same names, opened in opposite orders, and pages of the same keys in one peer. */
    @OnTheWire(kinds = PageKind.PERSISTENT, modes = GetMode.INCLUSIVE)
    void S33_poolsWithTheSameKeysDoNotMeetInAPeer(Peer peer, PageKind kind, GetMode mode) {
        try (PeerProcess process = peer.start(Place.LOOPBACK);
                FarStore other = FarStore.of(kind, mode, FarStore.tier(process, FarStore.PATIENT))) {
            WirePages b2 = other.open("b", kind, mode);
            WirePages a2 = other.open("a", kind, mode);
            try (FarStore one = FarStore.of(kind, mode, FarStore.tier(process, FarStore.PATIENT))) {
                WirePages a1 = one.open("a", kind, mode);
                WirePages b1 = one.open("b", kind, mode);
                WirePages[] pools = {a1, b1, b2, a2};
                for (int i = 0; i < pools.length; i++) {
                    pools[i].putAtLast(0, i + 1);
                }
                for (int i = 0; i < pools.length; i++) {
                    assertThat(pools[i].get(0)).isEqualTo(i + 1);
                }
                a1.pool().close();
                one.settle();
                assertThat(b1.get(0)).isEqualTo(2);
            }
            assertThat(b2.get(0)).isEqualTo(3);
            assertThat(a2.get(0)).isEqualTo(4);
            WirePages.await(() -> process.command("DBSIZE").equals("3")); // two pages and a lease
        }
    }

    /** What a peer that is full refuses is refused; what it has taken it keeps, and what is flushed makes room. */
    @OnTheWire(kinds = PageKind.PERSISTENT, modes = GetMode.INCLUSIVE)
    void aFullPeerRefusesAndKeepsWhatItHas(Peer peer, PageKind kind, GetMode mode) {
        try (PeerProcess process = peer == Peer.NODE
                        ? NodeProcess.start(ONE_MIB)
                        : RedisServer.start("--maxmemory", "3mb", "--maxmemory-policy", "noeviction");
                FarStore far = FarStore.of(kind, mode, FarStore.tier(process, FarStore.PATIENT))) {
            long stored = flood(far, 1);
            assertThat(stored).isBetween(50L, PAGES_MAX - 1L);
            assertThat(far.get(stored)).isZero(); // the one that was refused
            assertAllThere(far, stored, 1);
            LongStream.range(0, stored / 2).forEach(far::flush);
            far.settle();
            far.putAtLast(PAGES_MAX, 2);
            assertThat(LongStream.range(stored / 2, stored).filter(index -> far.get(index) != 1))
                    .isEmpty();
            far.settle();
        }
    }

    /** Puts persistent pages until one is refused; returns how many were not. */
    private static long flood(WirePages pages, long version) {
        long stored = 0;
        while (stored < PAGES_MAX && pages.put(stored, version).stored()) {
            stored++;
        }
        return stored;
    }

    private static void assertAllThere(WirePages pages, long count, long version) {
        assertThat(LongStream.range(0, count).filter(index -> pages.get(index) != version))
                .as("pages that are not there")
                .isEmpty();
    }

    /**
     * Each fills its own memory, and then the other's node, until there is no room anywhere. Nothing can go in circles: a node
     * lends to nobody.
     */
    @Test
    void S52_storesThatLendToEachOthersNodesEnd() {
        try (NodeProcess nodeA = NodeProcess.start(ONE_MIB);
                NodeProcess nodeB = NodeProcess.start(ONE_MIB);
                FarStore a = lending(nodeB);
                FarStore b = lending(nodeA)) {
            long[] stored = new long[2];
            new Race()
                    .with(() -> stored[0] = flood(a, 1))
                    .with(() -> stored[1] = flood(b, 2))
                    .run();
            assertThat(stored[0]).isBetween(100L, PAGES_MAX - 1L);
            assertThat(stored[1]).isBetween(100L, PAGES_MAX - 1L);
            assertAllThere(a, stored[0], 1);
            assertAllThere(b, stored[1], 2);
            a.settle();
            b.settle();
        }
    }

    private static FarStore lending(PeerProcess node) {
        return FarStore.of(
                PageKind.PERSISTENT,
                GetMode.INCLUSIVE,
                FarStore.memory("256KiB"),
                FarStore.tier(node, FarStore.PATIENT));
    }

    /** It costs the node no more than its limit says, is cut off in the end, and nobody else waits for it. */
    @Test
    void aClientThatDoesNotReadIsCutOffAndNobodyWaitsForIt() throws IOException {
        try (NodeProcess node = NodeProcess.start(
                        "chains: {default: [{tier: offheap, capacity: 16MiB}]}",
                        "limits: {output: 64KiB, stalled: 1s}");
                Socket slow = new Socket(InetAddress.getLoopbackAddress(), node.port());
                FarStore far =
                        FarStore.of(PageKind.PERSISTENT, GetMode.INCLUSIVE, FarStore.tier(node, FarStore.PATIENT))) {
            assertThat(node.command("SET", "big", "v".repeat(1 << 20))).isEqualTo("OK");
            OutputStream out = slow.getOutputStream();
            out.write("CLIENT SETNAME slow\r\n".getBytes(StandardCharsets.US_ASCII));
            WirePages.await(() -> node.command("CLIENT", "LIST").contains("name=slow"));
            out.write("GET big\r\n".repeat(500).getBytes(StandardCharsets.US_ASCII)); // twice its heap
            for (int index = 0; index < 100; index++) {
                assertThat(far.put(index, 1).stored()).isTrue();
                assertThat(far.get(index)).isEqualTo(1);
            }
            WirePages.await(() -> !node.command("CLIENT", "LIST").contains("name=slow"));
            assertThat(far.get(0)).isEqualTo(1);
        }
    }
}
