package io.github.tmem.node.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.tmem.api.config.ConfigException;
import io.github.tmem.node.command.NodeState;
import io.github.tmem.node.config.NodeConfig;
import io.github.tmem.node.config.PeerLimits;
import io.github.tmem.node.fake.FakeBlobs;
import io.github.tmem.node.fake.FakeStore;
import io.github.tmem.node.fake.Flaw;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Connections: many, slow, silent, too many, and those that are there when the node stops. */
class PeerPortTest {
    private static final String VALUE = "v".repeat(1 << 20);

    @Test
    void aPipelineIsAnsweredInOrder() throws IOException {
        try (RunningNode node = new RunningNode();
                Wire wire = node.connect()) {
            StringBuilder pipeline = new StringBuilder();
            for (int i = 0; i < 2000; i++) {
                pipeline.append(Talk.request("SET", "k" + i, "value " + i)).append(Talk.request("GET", "k" + i));
                pipeline.append(i % 500 == 7 ? Talk.request("SCAN", "0") : ""); // runs elsewhere
            }
            CompletableFuture<Void> sent = CompletableFuture.runAsync(() -> send(wire, pipeline.toString()));
            for (int i = 0; i < 2000; i++) {
                assertThat(wire.answer()).isEqualTo("+OK\r\n");
                assertThat(wire.answer()).isEqualTo(Talk.bulk("value " + i));
                if (i % 500 == 7) {
                    assertThat(wire.answer()).startsWith("*2\r\n");
                }
            }
            sent.join();
        }
    }

    private static void send(Wire wire, String bytes) {
        try {
            wire.send(bytes);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Reading stops while answers are not taken, so that the client can send no more; then all answers come, and are right. */
    @Test
    void whoDoesNotReadIsNotReadFrom() throws Exception {
        PeerLimits limits = PeerLimits.DEFAULT.withOutput(64 << 10);
        try (RunningNode node = new RunningNode(List.of(), null, limits);
                Wire setter = node.connect();
                SocketChannel slow = SocketChannel.open(node.address());
                Selector selector = Selector.open()) {
            setter.ask("SET", "k", VALUE);
            slow.configureBlocking(false);
            slow.register(selector, SelectionKey.OP_WRITE);
            byte[] request = Talk.request("GET", "k").getBytes(StandardCharsets.US_ASCII);
            long written = 0;
            ByteBuffer requests = repeated(request, 10_000);
            while (selector.select(500) > 0 && written < 100L << 20) {
                selector.selectedKeys().clear();
                written += slow.write(requests);
                if (!requests.hasRemaining()) {
                    requests.clear();
                }
            }
            assertThat(written).as("what the kernel holds").isLessThan(100L << 20);
            assertThat(setter.ask("PING")).as("others are served").isEqualTo("+PONG\r\n");

            slow.register(selector, SelectionKey.OP_READ);
            long answers = Math.min(40, written / request.length);
            byte[] expected = Talk.bulk(VALUE).getBytes(StandardCharsets.US_ASCII);
            ByteBuffer answer = ByteBuffer.allocate(expected.length);
            for (int i = 0; i < answers; i++) {
                answer.clear();
                while (answer.hasRemaining()) {
                    assertThat(selector.select(10_000)).isPositive();
                    selector.selectedKeys().clear();
                    assertThat(slow.read(answer)).isNotNegative();
                }
                assertThat(answer.array()).isEqualTo(expected);
            }
        }
    }

    private static ByteBuffer repeated(byte[] bytes, int times) {
        ByteBuffer buffer = ByteBuffer.allocate(bytes.length * times);
        for (int i = 0; i < times; i++) {
            buffer.put(bytes);
        }
        return buffer.flip();
    }

    @Test
    void whoNeverReadsIsCutOff() throws IOException {
        PeerLimits limits = PeerLimits.DEFAULT.withOutput(64 << 10).withStalled(Duration.ofMillis(200));
        try (RunningNode node = new RunningNode(List.of(), null, limits);
                Wire wire = node.connect()) {
            wire.ask("SET", "k", VALUE);
            wire.send(Talk.request("GET", "k").repeat(50));
            try (Wire other = node.connect()) {
                long begin = System.nanoTime();
                String clients = other.ask("CLIENT", "LIST");
                while (clients.contains("id=1 ")) {
                    assertThat(System.nanoTime() - begin)
                            .as("the kernel takes 30 s")
                            .isLessThan(20_000_000_000L);
                    clients = other.ask("CLIENT", "LIST");
                }
            }
            assertThat(wire.rest().length()).isLessThan(50 << 20);
        }
    }

    @Test
    void silentConnectionsEndWhenTheyAreToo() throws IOException {
        PeerLimits limits = PeerLimits.DEFAULT.withIdle(Duration.ofMillis(200));
        try (RunningNode node = new RunningNode(List.of(), null, limits);
                Wire half = node.connect()) {
            half.send("*2\r\n$3\r\nGET\r\n$10\r\nhalf a k");
            assertThat(half.rest()).isEmpty();
        }
    }

    @Test
    void whoDoesNotLogInInTimeIsCutOff() throws IOException {
        PeerLimits limits = PeerLimits.DEFAULT.withLogin(Duration.ofMillis(200));
        try (RunningNode node = new RunningNode(List.of(RunningNode.ANN), null, limits);
                Wire known = node.connect(RunningNode.ANN);
                Wire stranger = node.connect()) {
            assertThat(stranger.rest()).isEmpty();
            assertThat(known.ask("PING")).isEqualTo("+PONG\r\n");
        }
    }

    @Test
    void tooManyConnectionsAreTurnedAwayAndLaterOnesNot() throws IOException {
        try (RunningNode node = new RunningNode(List.of(), null, PeerLimits.DEFAULT.withConnections(2));
                Wire first = node.connect()) {
            assertThat(first.ask("PING")).isEqualTo("+PONG\r\n");
            try (Wire second = node.connect()) {
                assertThat(second.ask("PING")).isEqualTo("+PONG\r\n");
                try (Wire third = node.connect()) {
                    assertThat(third.rest()).isEqualTo("-ERR max number of clients reached\r\n");
                }
            }
            String answer = "";
            while (!answer.equals("+PONG\r\n")) { // the node has not yet heard that the second is gone
                try (Wire fourth = node.connect()) {
                    answer = fourth.ask("PING");
                }
            }
            assertThat(first.ask("INFO", "stats")).contains("rejected_connections:");
        }
    }

    @Test
    void aClientThatLeavesInTheMiddleOfARequestLeavesNothing() throws IOException {
        try (RunningNode node = new RunningNode();
                Wire other = node.connect()) {
            for (int i = 0; i < 20; i++) {
                try (Wire wire = node.connect()) {
                    wire.send("*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$1000000\r\n" + "x".repeat(10_000 * i));
                }
            }
            assertThat(other.ask("GET", "k")).isEqualTo("$-1\r\n");
        }
    }

    @Test
    void whatWasSentBeforeTheEndIsAnswered() throws IOException {
        try (RunningNode node = new RunningNode();
                Wire wire = node.connect()) {
            wire.send("PING\r\nSET k v\r\nGET k\r\nQUIT\r\nPING\r\n");
            assertThat(wire.rest()).isEqualTo("+PONG\r\n+OK\r\n$1\r\nv\r\n+OK\r\n");
        }
    }

    /** A client whose request waits, and three on every event loop that do not. */
    private static void othersAreServedWhile(Pace pace, String... blocking) throws Exception {
        FakeBlobs blobs = new FakeBlobs(1 << 20);
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch open = new CountDownLatch(1);
        NodeConfig config = new NodeConfig(RunningNode.anyPort(), List.of(), null, PeerLimits.DEFAULT);
        PeerServer server = PeerServer.start(
                new NodeState(config, new FakeStore(Flaw.NONE), FakeStore.lending(), name -> blobs, () -> 0), pace);
        List<Wire> others = new ArrayList<>();
        try (Wire waiting = Wire.to(server.address())) {
            for (int i = 0; i < 3 * Runtime.getRuntime().availableProcessors(); i++) {
                others.add(Wire.to(server.address()));
            }
            waiting.ask("SET", "k", "v");
            blobs.beforeEach(() -> {
                entered.countDown();
                await(open);
            });
            waiting.send(Talk.request(blocking) + Talk.request("ECHO", "behind"));
            assertThat(entered.await(10, TimeUnit.SECONDS)).isTrue();
            for (Wire other : others) {
                assertThat(other.ask("PING")).isEqualTo("+PONG\r\n");
                assertThat(other.ask("SET", "other", "v")).isEqualTo("+OK\r\n");
            }
            open.countDown();
            assertThat(waiting.answer()).isNotEmpty();
            assertThat(waiting.answer()).isEqualTo(Talk.bulk("behind"));
        } finally {
            open.countDown();
            for (Wire other : others) {
                other.close();
            }
            assertThat(server.stop(Duration.ofSeconds(10))).isTrue();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aFlushOfEverythingHoldsUpNobodyElse() throws Exception {
        othersAreServedWhile(Pace.LOCAL, "FLUSHDB");
    }

    @Test
    void aGetFromASlowTierHoldsUpNobodyElse() throws Exception {
        othersAreServedWhile(Pace.SLOW, "GET", "k");
    }

    @Test
    void aStopFinishesWhatIsUnderWayAndTakesNothingMore() throws Exception {
        FakeBlobs blobs = new FakeBlobs(1 << 20);
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch open = new CountDownLatch(1);
        NodeConfig config = new NodeConfig(RunningNode.anyPort(), List.of(), null, PeerLimits.DEFAULT);
        PeerServer server = PeerServer.start(
                new NodeState(config, new FakeStore(Flaw.NONE), FakeStore.lending(), name -> blobs, () -> 0),
                Pace.LOCAL);
        try (Wire busy = Wire.to(server.address());
                Wire quiet = Wire.to(server.address())) {
            quiet.ask("PING");
            blobs.beforeEach(() -> {
                entered.countDown();
                await(open);
            });
            busy.send(Talk.request("FLUSHDB") + Talk.request("ECHO", "behind"));
            assertThat(entered.await(10, TimeUnit.SECONDS)).isTrue();
            CompletableFuture<Boolean> stopped =
                    CompletableFuture.supplyAsync(() -> server.stop(Duration.ofSeconds(20)));
            assertThat(quiet.rest()).as("the quiet one is ended").isEmpty();
            assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> Wire.to(server.address()));
            assertThat(stopped).isNotDone();
            open.countDown();
            assertThat(busy.rest()).isEqualTo("+OK\r\n" + Talk.bulk("behind"));
            assertThat(stopped.get(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void aPortThatIsTakenIsAMistakeInOneLine() {
        try (RunningNode node = new RunningNode()) {
            NodeConfig config = new NodeConfig(node.address(), List.of(), null, PeerLimits.DEFAULT);
            NodeState state = new NodeState(config, node.store, FakeStore.lending(), node.store::blobs, () -> 0);
            assertThatExceptionOfType(ConfigException.class)
                    .isThrownBy(() -> PeerServer.start(state, Pace.LOCAL))
                    .withMessageMatching(
                            "cannot listen at .* port " + node.port() + ": .*; allowed: a free port, or 0 for any");
        }
    }
}
