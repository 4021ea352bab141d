package io.github.tmem.node.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Pages that were taken go back into their pool if their taker says so, and only then. */
class ReturnsTest {
    private static final String OBJECT = "\0".repeat(24);
    private static final String KEY = OBJECT + "\0".repeat(7) + "\1";
    private static final String PAGE = "page".repeat(127) + "last";
    private static final String NEWER = "newer".repeat(102) + "!!";
    private static final String NIL = "$-1\r\n";
    private static final String DONE = "*1\r\n:1\r\n";
    private static final String REFUSED = "*1\r\n:0\r\n";
    private static final String[] OPEN = {
        "TMEM.OPEN",
        "a",
        "KIND",
        "persistent",
        "GET",
        "exclusive",
        "PAGE",
        "512",
        "UUID",
        "123e4567-e89b-12d3-a456-426614174000"
    };

    private RunningNode node;
    private Wire wire;
    private Wire other;

    @BeforeEach
    void open() throws IOException {
        node = new RunningNode();
        wire = node.connect();
        other = node.connect();
        for (Wire each : new Wire[] {wire, other}) {
            each.ask("TMEM.SESSION", "BEGIN", "60000");
            each.ask(OPEN);
        }
        wire.ask("TMEM.PUT", "0", KEY, PAGE);
        assertThat(wire.ask("TMEM.TAKE", "0", KEY, "3")).startsWith("$516\r\n" + PAGE);
    }

    @AfterEach
    void close() throws IOException {
        wire.close();
        other.close();
        node.close();
    }

    @Test
    void ticketsAreNotNegative() throws IOException {
        for (String command : new String[] {"TMEM.TAKEN", "TMEM.RETURN"}) {
            assertThat(wire.ask(command, "-1")).isEqualTo("-ERR a ticket is not negative\r\n");
        }
        assertThat(wire.ask("TMEM.TAKE", "0", KEY, "3")).as("still kept").startsWith("$516\r\n" + PAGE);
    }

    @Test
    void aPageIsInItsPoolAgainForAll() throws IOException {
        assertThat(other.ask("TMEM.TAKE", "0", KEY, "0")).isEqualTo(NIL);
        assertThat(other.ask("TMEM.RETURN", "3")).as("of another session").isEqualTo(DONE);
        assertThat(wire.ask("TMEM.RETURN", "67", "2", "0")).isEqualTo("*3\r\n:1\r\n:1\r\n:1\r\n");
        assertThat(other.ask("TMEM.CONTAINS", "0", KEY)).isEqualTo(":0\r\n");
        assertThat(wire.ask("TMEM.RETURN", "3")).isEqualTo(DONE);
        assertThat(other.ask("TMEM.CONTAINS", "0", KEY)).isEqualTo(":1\r\n");
        assertThat(other.ask("TMEM.TAKE", "0", KEY, "0")).startsWith("$516\r\n" + PAGE);
        assertThat(wire.ask("TMEM.RETURN", "3")).as("again").isEqualTo(DONE);
        assertThat(wire.ask("TMEM.TAKE", "0", KEY, "3")).isEqualTo(NIL);
    }

    @Test
    void aTicketOfAPageThatIsBackTakesItAgain() throws IOException {
        wire.ask("TMEM.RETURN", "3");
        assertThat(wire.ask("TMEM.TAKE", "0", KEY, "3")).startsWith("$516\r\n" + PAGE);
        assertThat(other.ask("TMEM.CONTAINS", "0", KEY)).isEqualTo(":0\r\n");
    }

    @Test
    void aNewerPageStays() throws IOException {
        other.ask("TMEM.PUT", "0", KEY, NEWER);
        assertThat(wire.ask("TMEM.RETURN", "3")).isEqualTo(DONE);
        assertThat(wire.ask("TMEM.TAKE", "0", KEY, "4")).startsWith("$516\r\n" + NEWER);
    }

    @Test
    void aPageThatWasAcknowledgedOrFlushedDoesNotComeBack() throws IOException {
        other.ask("TMEM.FLUSH", "0", KEY);
        wire.ask("TMEM.RETURN", "3");
        assertThat(wire.ask("TMEM.CONTAINS", "0", KEY)).isEqualTo(":0\r\n");

        wire.ask("TMEM.PUT", "0", KEY, PAGE);
        wire.ask("TMEM.TAKE", "0", KEY, "67");
        other.ask("TMEM.FLUSHOBJECT", "0", OBJECT);
        wire.ask("TMEM.RETURN", "67");
        assertThat(wire.ask("TMEM.CONTAINS", "0", KEY)).isEqualTo(":0\r\n");

        wire.ask("TMEM.PUT", "0", KEY, PAGE);
        wire.ask("TMEM.TAKE", "0", KEY, "131");
        wire.ask("TMEM.TAKEN", "131");
        wire.ask("TMEM.RETURN", "131");
        assertThat(wire.ask("TMEM.CONTAINS", "0", KEY)).isEqualTo(":0\r\n");
    }

    private void assertUnclaimed(int pages) throws IOException {
        assertThat(other.ask("INFO", "tmem")).contains("\r\npages_unclaimed:" + pages + "\r\n");
    }

    @Test
    void pagesThatNobodyAcknowledgedAreCounted() throws IOException {
        assertUnclaimed(1);
        wire.ask("TMEM.TAKE", "0", KEY, "3");
        assertUnclaimed(1);
        wire.ask("TMEM.TAKEN", "3");
        assertUnclaimed(0);
        for (int ticket = 4; ticket < 6; ticket++) {
            other.ask("TMEM.PUT", "0", KEY, PAGE);
            wire.ask("TMEM.TAKE", "0", KEY, Integer.toString(ticket));
            assertUnclaimed(1); // what was put since is not kept
        }
        wire.ask("TMEM.RETURN", "5");
        assertUnclaimed(0);
        wire.ask("TMEM.TAKE", "0", KEY, "6");
        assertUnclaimed(1);
        wire.ask("TMEM.CLOSE", "0");
        assertUnclaimed(0);
    }

    private static String sum(String value) {
        CRC32C sum = new CRC32C();
        sum.update((KEY + value).getBytes(StandardCharsets.ISO_8859_1));
        return Long.toString(sum.getValue());
    }

    @Test
    void valuesGoBackUnlessTheyWerePutOrFlushed() throws IOException {
        assertThat(wire.ask("TMEM.OPEN", "v", "KIND", "values")).startsWith("*6\r\n:1\r\n$6\r\nvalues\r\n");
        String[] put = {"TMEM.VPUT", "1", KEY, "older", "persistent", "SUM", sum("older")};
        String[] later = {"TMEM.VPUT", "1", KEY, "newer", "persistent", "SUM", sum("newer")};
        assertThat(wire.ask(put)).startsWith("+STORED ");
        assertThat(wire.ask("TMEM.VTAKE", "1", KEY, "0", "5")).startsWith("$9\r\nolder");
        assertThat(wire.ask("TMEM.RETURN", "0")).isEqualTo(DONE);
        assertThat(wire.ask("TMEM.VTAKE", "1", KEY, "0", "4")).isEqualTo(":5\r\n");
        assertThat(wire.ask("TMEM.VTAKE", "1", KEY, "0", "5")).startsWith("$9\r\nolder");
        wire.ask(later);
        wire.ask("TMEM.RETURN", "0");
        assertThat(wire.ask("TMEM.VTAKE", "1", KEY, "64", "9")).startsWith("$9\r\nnewer");
        assertThat(wire.ask("TMEM.VFLUSHALL", "1")).isEqualTo(":0\r\n");
        wire.ask("TMEM.RETURN", "64");
        assertThat(wire.ask("TMEM.VLENGTH", "1", KEY)).isEqualTo(":-1\r\n");

        assertThat(wire.ask("TMEM.GET", "1", KEY)).isEqualTo("-ERR the pool is one of values\r\n");
        assertThat(wire.ask("TMEM.VGET", "0", KEY, "9")).isEqualTo("-ERR the pool is one of pages\r\n");
        put[6] = sum("other");
        assertThat(wire.ask(put)).startsWith("-DAMAGED ");
        assertThat(wire.ask("TMEM.COUNT", "1")).isEqualTo(":0\r\n");
    }

    @Test
    void aPageThatThePoolRefusesIsKept() throws IOException {
        node.store.chain("default").freeze("offheap");
        assertThat(wire.ask("TMEM.RETURN", "3")).isEqualTo(REFUSED);
        assertThat(wire.ask("TMEM.CLOSE", "0", "3")).startsWith("-UNAVAILABLE ");
        assertThat(wire.ask("TMEM.TAKE", "0", KEY, "3")).startsWith("$516\r\n" + PAGE);
        node.store.chain("default").thaw("offheap");
        assertThat(wire.ask("TMEM.CLOSE", "0", "3")).isEqualTo("+OK\r\n");
        assertThat(other.ask("TMEM.TAKE", "0", KEY, "0")).startsWith("$516\r\n" + PAGE);
    }

    @Test
    void whoClosesAPoolHasWhatItDoesNotName() throws IOException {
        assertThat(wire.ask("TMEM.CLOSE", "0")).isEqualTo("+OK\r\n");
        assertThat(other.ask("TMEM.CONTAINS", "0", KEY)).isEqualTo(":0\r\n");
        assertThat(wire.ask("TMEM.RETURN", "3")).isEqualTo(DONE);
        assertThat(other.ask("TMEM.CONTAINS", "0", KEY)).isEqualTo(":0\r\n");
    }

    @Test
    void aPoolHasTheNumberItWasAskedFor() throws IOException {
        assertThat(wire.ask("TMEM.OPEN", "images", "NUMBER", "5")).startsWith("*6\r\n:5\r\n");
        assertThat(wire.ask("TMEM.OPEN", "images")).startsWith("*6\r\n:6\r\n");
        assertThat(wire.ask("TMEM.OPEN", "own", "KIND", "persistent", "NUMBER", "6"))
                .isEqualTo(
                        "-ERR the number of a pool is above those given before; allowed: 7 to 4611686018427387904\r\n");
        assertThat(wire.ask("TMEM.OPEN", "own", "KIND", "persistent", "NUMBER", "7"))
                .startsWith("*6\r\n:7\r\n");
        assertThat(wire.ask("TMEM.OPEN", "new", "NUMBER", "9")).startsWith("-UNDECLARED ");
        try (Wire alone = node.connect()) {
            assertThat(alone.ask("TMEM.OPEN", "images", "NUMBER", "0")).contains("needs a session");
        }
    }
}
