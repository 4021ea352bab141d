package io.github.tmem.node.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.node.config.PeerLimits;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What all sessions share is not to be had by one, nor all sessions by one connection or user. */
class SharesOfSessionsTest {
    private static final int SESSIONS_OF_CONNECTION = 64;
    private static final int SESSIONS_OF_USER = 1000;
    private static final int PAGE_BYTES = 1 << 20;
    private static final int PAGES_OF_SESSION = 8;

    private static String id(String bulk) {
        return bulk.substring(bulk.indexOf('\n') + 1, bulk.length() - 2);
    }

    private static String key(int index) {
        return "\0".repeat(31) + (char) index;
    }

    private static void fill(Wire wire, int pages) throws IOException {
        wire.ask("TMEM.SESSION", "BEGIN", "60000");
        wire.ask("TMEM.OPEN", "own", "KIND", "persistent", "GET", "exclusive", "PAGE", Integer.toString(PAGE_BYTES));
        for (int i = 0; i < pages; i++) {
            assertThat(wire.ask("TMEM.PUT", "0", key(i), "p".repeat(PAGE_BYTES)))
                    .startsWith("+STORED ");
        }
    }

    @Test
    void oneSessionHasNotTheRoomOfAllForPagesThatWereTaken() throws IOException {
        try (RunningNode node = new RunningNode();
                Wire greedy = node.connect();
                Wire other = node.connect()) {
            fill(greedy, PAGES_OF_SESSION + 1);
            for (int i = 0; i < PAGES_OF_SESSION; i++) {
                assertThat(greedy.ask("TMEM.TAKE", "0", key(i), Integer.toString(i)))
                        .startsWith("$");
            }
            String[] oneMore = {"TMEM.TAKE", "0", key(PAGES_OF_SESSION), Integer.toString(PAGES_OF_SESSION)};
            assertThat(greedy.ask(oneMore)).startsWith("-UNAVAILABLE ");
            fill(other, 1);
            assertThat(other.ask("TMEM.TAKE", "0", key(0), "0")).startsWith("$");

            greedy.ask("TMEM.TAKEN", "0");
            assertThat(greedy.ask(oneMore)).startsWith("$");
        }
    }

    @Test
    void oneConnectionBeginsFewSessions() throws IOException {
        try (RunningNode node = new RunningNode();
                Wire greedy = node.connect();
                Wire other = node.connect()) {
            String id = id(greedy.ask("TMEM.SESSION", "BEGIN", "1000"));
            for (int i = 1; i < SESSIONS_OF_CONNECTION; i++) {
                assertThat(greedy.ask("TMEM.SESSION", "BEGIN", "1000")).startsWith("$32");
            }
            assertThat(greedy.ask("TMEM.SESSION", "BEGIN", "1000"))
                    .isEqualTo(
                            "-ERR too many sessions; allowed: 64 that one connection began and that have not ended\r\n");
            assertThat(other.ask("TMEM.SESSION", "BEGIN", "1000")).startsWith("$32");
            other.ask("TMEM.SESSION", "END", id);
            assertThat(greedy.ask("TMEM.SESSION", "BEGIN", "1000")).startsWith("$32");
            assertThat(greedy.ask("TMEM.SESSION", "BEGIN", "1000")).startsWith("-ERR too many sessions");

            node.clock.addAndGet(1001);
            node.state().sessions().sweep();
            assertThat(other.rest()).doesNotContain("+");
            try (Wire next = node.connect()) {
                assertThat(next.ask("TMEM.SESSION", "BEGIN", "1000")).startsWith("$32");
            }
        }
    }

    @Test
    void oneUserBeginsNotAllSessions() throws IOException {
        List<Wire> wires = new ArrayList<>();
        try (RunningNode node = new RunningNode(List.of(RunningNode.ANN, RunningNode.BOB), null, PeerLimits.DEFAULT);
                Wire bob = node.connect(RunningNode.BOB)) {
            for (int i = 0; i < SESSIONS_OF_USER; i++) {
                if (i % SESSIONS_OF_CONNECTION == 0) {
                    wires.add(node.connect(RunningNode.ANN));
                }
                assertThat(wires.getLast().ask("TMEM.SESSION", "BEGIN", "60000"))
                        .startsWith("$32");
            }
            assertThat(wires.getLast().ask("TMEM.SESSION", "BEGIN", "60000"))
                    .isEqualTo("-ERR too many sessions; allowed: 1000 of a user\r\n");
            assertThat(bob.ask("TMEM.SESSION", "BEGIN", "60000")).startsWith("$32");
        } finally {
            for (Wire wire : wires) {
                wire.close();
            }
        }
    }
}
