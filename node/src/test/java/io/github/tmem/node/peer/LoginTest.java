package io.github.tmem.node.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.node.command.Command;
import io.github.tmem.node.command.Dispatcher;
import io.github.tmem.node.config.NodeConfig;
import io.github.tmem.node.config.PeerLimits;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who is let in, and to what. */
class LoginTest {
    private static final String NO_AUTH = "-NOAUTH Authentication required.\r\n";
    private static final String WRONG = "-WRONGPASS invalid username-password pair or user is disabled.\r\n";

    private static RunningNode node() {
        return new RunningNode(List.of(RunningNode.ANN, RunningNode.BOB), null, PeerLimits.DEFAULT);
    }

    @Test
    void nothingIsServedBeforeTheLogin() throws IOException {
        try (RunningNode node = node();
                Wire wire = node.connect()) {
            for (String command :
                    List.of("GET k", "SET k v", "PING", "INFO", "FLUSHDB", "TMEM.OPEN images", "NOTHING")) {
                assertThat(wire.ask(command.split(" "))).as(command).isEqualTo(NO_AUTH);
            }
            assertThat(wire.ask("HELLO", "3")).startsWith("-NOAUTH ");
            assertThat(wire.ask("AUTH", "secret of ann")).isEqualTo(WRONG);
            assertThat(wire.ask("AUTH", "ann", "secret of bob")).isEqualTo(WRONG);
            assertThat(wire.ask("AUTH", "ann", "")).isEqualTo(WRONG);
            assertThat(wire.ask("AUTH", "ann", "secret of ann")).isEqualTo("+OK\r\n");
            assertThat(wire.ask("PING")).isEqualTo("+PONG\r\n");
            assertThat(wire.ask("RESET")).isEqualTo("+RESET\r\n");
            assertThat(wire.ask("PING")).isEqualTo(NO_AUTH);
            assertThat(wire.ask("HELLO", "3", "AUTH", "bob", "secret of bob", "SETNAME", "b"))
                    .startsWith("%7\r\n");
            assertThat(wire.ask("CLIENT", "LIST")).contains("name=b ", "user=bob ");
        }
    }

    @Test
    void strangersHaveNarrowLimits() throws IOException {
        try (RunningNode node = node()) {
            for (String wide :
                    List.of("*11\r\n", "*2\r\n$4\r\nAUTH\r\n$4097\r\n", "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$5000\r\n")) {
                try (Wire wire = node.connect()) {
                    wire.send(wide);
                    assertThat(wire.rest()).startsWith("-ERR Protocol error: invalid ");
                }
            }
            try (Wire wire = node.connect(RunningNode.ANN)) {
                assertThat(wire.ask("SET", "k", "x".repeat(5000))).isEqualTo("+OK\r\n");
            }
        }
    }

    @Test
    void whoGuessesIsThrownOut() throws IOException {
        try (RunningNode node = node();
                Wire wire = node.connect()) {
            wire.send(Talk.request("AUTH", "ann", "guess").repeat(9));
            assertThat(wire.rest()).isEqualTo(WRONG.repeat(5));
        }
    }

    @Test
    void whatLeavesPoolsDoesNotRunOnTheEventLoop() {
        try (Talk talk = new Talk(NodeConfig.DEFAULT, 100)) {
            assertThat(new Dispatcher(talk.node).commands())
                    .filteredOn(Pace.LOCAL::isElsewhere)
                    .extracting(Command::name)
                    .contains("HELLO", "AUTH", "RESET", "TMEM.CLOSE", "TMEM.SESSION");
        }
    }

    @Test
    void eachUserHasValuesOfHisOwn() throws IOException {
        try (RunningNode node = node();
                Wire ann = node.connect(RunningNode.ANN);
                Wire bob = node.connect(RunningNode.BOB)) {
            ann.ask("SET", "k", "ann's");
            bob.ask("SET", "k", "bob's");
            assertThat(ann.ask("GET", "k")).isEqualTo(Talk.bulk("ann's"));
            assertThat(ann.ask("FLUSHDB")).isEqualTo("+OK\r\n");
            assertThat(bob.ask("GET", "k")).isEqualTo(Talk.bulk("bob's"));
            assertThat(bob.ask("CLIENT", "LIST")).doesNotContain("user=ann");
            assertThat(bob.ask("AUTH", "ann", "secret of ann")).isEqualTo("+OK\r\n");
            assertThat(bob.ask("GET", "k")).isEqualTo("$-1\r\n");
        }
    }

    @Test
    void poolsAreForThoseWhoMayUseThem() throws IOException {
        try (RunningNode node = node();
                Wire ann = node.connect(RunningNode.ANN);
                Wire bob = node.connect(RunningNode.BOB)) {
            assertThat(ann.ask("TMEM.OPEN", "swap")).startsWith("*6\r\n:0\r\n");
            assertThat(bob.ask("TMEM.OPEN", "images")).startsWith("*6\r\n:0\r\n");
            assertThat(bob.ask("TMEM.OPEN", "swap")).startsWith("-NOPERM ");
            assertThat(bob.ask("TMEM.OPEN", "mine", "KIND", "ephemeral")).startsWith("-NOPERM ");
            assertThat(ann.ask("TMEM.OPEN", "peer:bob", "KIND", "ephemeral")).startsWith("-NOPERM ");
            assertThat(ann.ask("AUTH", "bob", "secret of bob")).isEqualTo("+OK\r\n");
            assertThat(ann.ask("TMEM.STATS", "0"))
                    .as("what ann opened is not bob's")
                    .startsWith("-CLOSED ");
        }
    }

    @Test
    void withoutUsersThereIsNothingToLogInTo() {
        try (Talk talk = new Talk(NodeConfig.DEFAULT, 100)) {
            assertThat(talk.ask("PING")).isEqualTo("+PONG\r\n");
            assertThat(talk.ask("AUTH", "secret")).startsWith("-ERR AUTH called without any user");
            assertThat(talk.ask("HELLO", "2", "AUTH", "default", "any")).startsWith("*14");
        }
    }
}
