package io.github.tmem.node.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PagePool;
import io.github.tmem.api.PageStore;
import io.github.tmem.api.PageUnavailableException;
import io.github.tmem.api.PoolClosedException;
import io.github.tmem.api.config.ConfigException;
import io.github.tmem.kit.process.ServerProcess;
import io.github.tmem.node.peer.RunningNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A node that stands still, dies, comes back empty, or has forgotten its client. */
@Tag("long")
@Timeout(240)
class NodeGoneTest {
    private static final ObjectId FILE = ObjectId.of(7);
    private static final int SIZE = 4096;

    @TempDir
    Path folder;

    /** Uses a pool until it says that it is closed; it must say nothing else but that there is no answer. */
    private static void assertEnds(PagePool pool, String reason) {
        assertThatExceptionOfType(PoolClosedException.class)
                .isThrownBy(() -> Remote.answered(() -> pool.get(FILE, 1, new byte[SIZE])))
                .withMessageContaining(reason);
        assertThat(pool.isClosed()).isTrue();
    }

    @Test
    void poolsOfANodeThatWasStartedAnewAreClosedAndNeverMiss() {
        RunningNode node = new RunningNode();
        int port = Integer.parseInt(node.port());
        try (PageStore store = Remote.connect(port)) {
            PagePool own = store.persistent("own");
            PagePool declared = store.persistent("swap");
            own.put(FILE, 1, new byte[SIZE]);
            declared.put(FILE, 1, new byte[SIZE]);
            node.close();
            node = new RunningNode(port);
            assertEnds(declared, "started anew");
            assertEnds(own, "started anew");
            PagePool again = Remote.answered(() -> store.persistent("swap"));
            assertThat(again.pageCount()).isZero();
            assertThat(again.put(FILE, 1, new byte[SIZE]).stored()).isTrue();
        } finally {
            node.close();
        }
    }

    @Test
    void poolsOfASessionThatIsOverAreClosed() {
        try (RunningNode node = new RunningNode();
                PageStore store = Remote.connect(node.port())) {
            PagePool own = store.persistent("own");
            own.put(FILE, 1, new byte[SIZE]);
            node.clock.addAndGet(Duration.ofMinutes(2).toMillis());
            node.state().sessions().sweep();
            assertEnds(own, "lease");
            assertThat(Remote.answered(() -> store.persistent("own")).pageCount())
                    .isZero();
        }
    }

    private ServerProcess serve(int port) throws IOException {
        Path file = Files.writeString(folder.resolve("tmem.yaml"), """
                chains: {default: [{tier: offheap, capacity: 32MiB}]}
                node: {port: %d}
                """.formatted(port));
        return ServerProcess.start(
                folder,
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "io.github.tmem.node.Main",
                        "serve",
                        "--config",
                        file.toString()));
    }

    private static PageStore connect(ServerProcess process, int port) {
        long deadline = System.nanoTime() + Duration.ofSeconds(100).toNanos();
        while (!process.output().contains("ready ")) {
            assertThat(process.isAlive() && System.nanoTime() < deadline)
                    .as(process.output())
                    .isTrue();
            Thread.onSpinWait();
        }
        while (true) {
            try {
                return Remote.connect(port, Duration.ofSeconds(3));
            } catch (ConfigException e) {
                assertThat(System.nanoTime()).as(e.getMessage()).isLessThan(deadline); // a busy machine
            }
        }
    }

    @Test
    void aNodeThatStandsStillOrDiesIsNoMiss() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        try (ServerProcess first = serve(port);
                PageStore store = connect(first, port)) {
            PagePool pool = store.ephemeral("own");
            byte[] page = Remote.page(SIZE, 1);
            pool.put(FILE, 1, page);
            first.freeze();
            assertThatExceptionOfType(PageUnavailableException.class)
                    .isThrownBy(() -> pool.put(FILE, 1, Remote.page(SIZE, 2)));
            assertThatExceptionOfType(PageUnavailableException.class).isThrownBy(() -> pool.get(FILE, 2, page));
            first.thaw();
            Remote.answered(() -> pool.put(FILE, 1, Remote.page(SIZE, 3)));
            if (Remote.answered(
                    () -> pool.get(FILE, 1, page))) { // an answer may be lost, and an ephemeral page with it
                assertThat(page).isEqualTo(Remote.page(SIZE, 3));
            }
            first.kill();
            assertThatExceptionOfType(PageUnavailableException.class).isThrownBy(() -> pool.get(FILE, 1, page));
            try (ServerProcess second = serve(port)) {
                assertEnds(pool, "started anew");
                assertThat(second.isAlive()).isTrue();
            }
        }
    }
}
