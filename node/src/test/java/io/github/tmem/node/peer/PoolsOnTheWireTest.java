package io.github.tmem.node.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.ObjectId;
import io.github.tmem.node.config.PeerLimits;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Pools of pages, and sessions, which clean up behind who is gone. */
class PoolsOnTheWireTest {
    private static final String OBJECT = "\0".repeat(23) + "\1";
    private static final String KEY = OBJECT + "\0".repeat(7) + "\2";
    private static final String PAGE = "p".repeat(512);
    private static final String SETTINGS = Talk.bulk("back") + Talk.bulk("default");
    private static final String NIL = "$-1\r\n";
    private static final String UUID = "123e4567-e89b-12d3-a456-426614174000";

    private static String id(String bulk) {
        return bulk.substring(bulk.indexOf('\n') + 1, bulk.length() - 2);
    }

    @Test
    void pagesGoIntoDeclaredPoolsAndOut() throws IOException {
        try (RunningNode node = new RunningNode();
                Wire wire = node.connect()) {
            assertThat(wire.ask("TMEM.OPEN", "images"))
                    .isEqualTo(
                            "*6\r\n:0\r\n" + Talk.bulk("ephemeral") + Talk.bulk("exclusive") + ":512\r\n" + SETTINGS);
            assertThat(wire.ask("TMEM.OPEN", "swap"))
                    .isEqualTo(
                            "*6\r\n:1\r\n" + Talk.bulk("persistent") + Talk.bulk("inclusive") + ":4096\r\n" + SETTINGS);
            assertThat(wire.ask("TMEM.PUT", "0", KEY, PAGE)).isEqualTo("+STORED directory\r\n");
            assertThat(node.store.ephemeral("images").contains(ObjectId.of(1), 2))
                    .isTrue();
            assertThat(wire.ask("TMEM.GET", "0", KEY)).isEqualTo(Talk.bulk(PAGE));
            assertThat(wire.ask("TMEM.GET", "0", KEY)).isEqualTo(NIL);
            String page = "abcdefgh".repeat(511) + "12345678";
            assertThat(wire.ask("TMEM.PUT", "1", KEY, page)).isEqualTo("+STORED offheap\r\n");
            assertThat(wire.ask("TMEM.GET", "1", KEY)).isEqualTo(Talk.bulk(page));
            assertThat(wire.ask("TMEM.GET", "1", KEY)).isEqualTo(Talk.bulk(page));
            assertThat(wire.ask("TMEM.STATS", "1")).contains("pages:1\r\n", "hits:2\r\n");
            assertThat(wire.ask("TMEM.FLUSH", "1", KEY)).isEqualTo(":1\r\n");
            assertThat(wire.ask("TMEM.FLUSH", "1", KEY)).isEqualTo(":0\r\n");
            wire.ask("TMEM.PUT", "1", KEY, page);
            assertThat(wire.ask("TMEM.FLUSHOBJECT", "1", OBJECT)).isEqualTo(":1\r\n");
            assertThat(wire.ask("TMEM.GET", "1", KEY)).isEqualTo(NIL);
        }
    }

    @Test
    void aRefusedPageIsAnAnswerWithItsReason() throws IOException {
        try (RunningNode node = new RunningNode();
                Wire wire = node.connect()) {
            wire.ask("TMEM.OPEN", "images");
            node.store.ephemeral("images").transfer().freeze();
            assertThat(wire.ask("TMEM.PUT", "0", KEY, PAGE)).isEqualTo("+REFUSED FROZEN\r\n");
        }
    }

    @Test
    void wrongArgumentsAreErrors() throws IOException {
        try (RunningNode node = new RunningNode();
                Wire wire = node.connect()) {
            wire.ask("TMEM.OPEN", "images");
            assertThat(wire.ask("TMEM.PUT", "0", KEY, "short")).isEqualTo("-ERR a page of this pool has 512 bytes\r\n");
            assertThat(wire.ask("TMEM.PUT", "0", OBJECT, PAGE)).startsWith("-ERR a key has 24 bytes");
            assertThat(wire.ask("TMEM.GET", "1", KEY)).startsWith("-ERR no pool has this number");
            assertThat(wire.ask("TMEM.GET", "-1", KEY)).startsWith("-ERR no pool has this number");
            assertThat(wire.ask("TMEM.OPEN", "images", "KIND", "ephemeral"))
                    .startsWith("-WRONGKIND the pool is declared");
            assertThat(wire.ask("TMEM.OPEN", "new")).startsWith("-UNDECLARED the pool is not declared");
            assertThat(wire.ask("TMEM.OPEN", "new", "KIND", "ephemeral", "PAGE", "700"))
                    .contains("allowed: a power of two");
            assertThat(wire.ask("TMEM.OPEN", "new", "KIND", "ephemeral", "CHAIN", "x"))
                    .startsWith("-ERR ");
            assertThat(wire.ask("TMEM.OPEN", "new", "KIND", "other")).isEqualTo("-ERR syntax error\r\n");
            assertThat(wire.ask("TMEM.OPEN", "new", "KIND", "ephemeral", "SECRET", "x"))
                    .isEqualTo("-ERR syntax error\r\n");
        }
    }

    @Test
    void aPageThatWasDamagedOnTheWayChangesNothing() throws IOException {
        try (RunningNode node = new RunningNode();
                Wire wire = node.connect()) {
            wire.ask("TMEM.OPEN", "images");
            java.util.zip.CRC32C sum = new java.util.zip.CRC32C();
            sum.update((KEY + PAGE).getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
            String right = Long.toString(sum.getValue());
            assertThat(wire.ask("TMEM.PUT", "0", KEY, PAGE, "SUM", right)).startsWith("+STORED ");
            assertThat(wire.ask("TMEM.PUT", "0", KEY, "q" + PAGE.substring(1), "SUM", right))
                    .startsWith("-DAMAGED ");
            assertThat(wire.ask("TMEM.GET", "0", KEY, "SUM")).startsWith("$516\r\n" + PAGE);
        }
    }

    @Test
    void sharedPoolsAreFoundByThoseWhoKnowTheSecret() throws IOException {
        try (RunningNode node = new RunningNode();
                Wire two = node.connect()) {
            try (Wire one = node.connect()) {
                String[] settings = {"TMEM.OPEN", "a", "KIND", "persistent", "PAGE", "512", "UUID", UUID, "SECRET", "s"
                };
                assertThat(one.ask(settings)).startsWith("*6\r\n:0\r\n");
                one.ask("TMEM.PUT", "0", KEY, PAGE);
                assertThat(two.ask("TMEM.OPEN", "b", "KIND", "persistent", "PAGE", "512", "UUID", UUID, "SECRET", "t"))
                        .startsWith("-NOPERM ");
                settings[1] = "b";
                assertThat(two.ask(settings)).startsWith("*6\r\n:0\r\n");
            }
            assertThat(two.ask("TMEM.GET", "0", KEY)).isEqualTo(Talk.bulk(PAGE));
        }
    }

    @Test
    void whatASilentClientLeftIsReclaimedAfterItsLease() throws IOException {
        try (RunningNode node = new RunningNode();
                Wire dead = node.connect();
                Wire other = node.connect()) {
            String id = id(dead.ask("TMEM.SESSION", "BEGIN", "1000", "dead:"));
            assertThat(id).hasSize(32);
            dead.ask("TMEM.OPEN", "own", "KIND", "persistent", "PAGE", "512");
            dead.ask("TMEM.PUT", "0", KEY, PAGE);
            dead.ask("SET", "dead:1", "v");
            dead.ask("SET", "dead:2", "v", "EX", "100");
            dead.ask("SET", "dea", "not its own");
            assertThat(node.store.stats().pools()).anyMatch(pool -> pool.name().equals("own\u001F" + id));

            node.clock.addAndGet(900);
            assertThat(dead.ask("PING")).isEqualTo("+PONG\r\n"); // heard
            node.clock.addAndGet(900);
            node.state().sessions().sweep();
            assertThat(other.ask("DBSIZE")).isEqualTo(":3\r\n");

            node.clock.addAndGet(101);
            node.state().sessions().sweep();
            assertThat(dead.rest()).as("its connection is ended").doesNotContain("+");
            assertThat(other.ask("MGET", "dead:1", "dead:2")).isEqualTo("*2\r\n" + NIL + NIL);
            assertThat(other.ask("GET", "dea")).isEqualTo(Talk.bulk("not its own"));
            assertThat(node.store.stats().pools()).noneMatch(pool -> pool.name().equals("own\u001F" + id));
            assertThat(other.ask("TMEM.SESSION", "KEEP", id)).startsWith("-NOSESSION ");
        }
    }

    @Test
    void aSessionOutlivesItsConnections() throws IOException {
        try (RunningNode node = new RunningNode()) {
            String id;
            try (Wire first = node.connect()) {
                id = id(first.ask("TMEM.SESSION", "BEGIN", "1000", "p"));
                first.ask("TMEM.OPEN", "own", "KIND", "persistent", "PAGE", "512");
                first.ask("TMEM.PUT", "0", KEY, PAGE);
                first.ask("SET", "p1", "v");
            }
            try (Wire second = node.connect()) {
                node.clock.addAndGet(999);
                assertThat(second.ask("TMEM.SESSION", "KEEP", id)).isEqualTo("+OK\r\n");
                node.clock.addAndGet(999);
                node.state().sessions().sweep();
                second.ask("TMEM.OPEN", "own", "KIND", "persistent", "PAGE", "512");
                assertThat(second.ask("TMEM.GET", "0", KEY)).isEqualTo(Talk.bulk(PAGE));
                assertThat(second.ask("TMEM.SESSION", "END", id)).isEqualTo(":1\r\n");
                assertThat(second.ask("GET", "p1")).isEqualTo(NIL);
                assertThat(second.ask("TMEM.GET", "0", KEY)).startsWith("-CLOSED ");
                assertThat(second.ask("TMEM.SESSION", "END", id)).startsWith("-NOSESSION ");
            }
        }
    }

    @Test
    void nobodyReachesTheSessionOfAnother() throws IOException {
        try (RunningNode node = new RunningNode(List.of(RunningNode.ANN, RunningNode.BOB), null, PeerLimits.DEFAULT);
                Wire ann = node.connect(RunningNode.ANN);
                Wire bob = node.connect(RunningNode.BOB)) {
            String id = id(ann.ask("TMEM.SESSION", "BEGIN", "1000"));
            assertThat(bob.ask("TMEM.SESSION", "KEEP", id)).startsWith("-NOSESSION ");
            assertThat(bob.ask("TMEM.SESSION", "END", id)).startsWith("-NOSESSION ");
            assertThat(ann.ask("TMEM.SESSION", "KEEP", id)).isEqualTo("+OK\r\n");
            for (String lease : List.of("99", "86400001", "x")) {
                assertThat(ann.ask("TMEM.SESSION", "BEGIN", lease)).startsWith("-ERR ");
            }
        }
    }

    @Test
    void nobodyOpensOrSeesThePoolOfAnothersSession() throws IOException {
        try (RunningNode node = new RunningNode();
                Wire owner = node.connect();
                Wire other = node.connect()) {
            String id = id(owner.ask("TMEM.SESSION", "BEGIN", "1000"));
            String[] open = {"TMEM.OPEN", "own", "KIND", "persistent", "PAGE", "512"};
            owner.ask(open);
            owner.ask("TMEM.PUT", "0", KEY, PAGE);

            open[1] = "own\u001F" + id;
            assertThat(other.ask(open)).startsWith("-ERR the name of a pool has no control characters");
            open[1] = "own@" + id;
            assertThat(other.ask(open)).startsWith("*6\r\n:0\r\n");
            assertThat(other.ask("TMEM.GET", "0", KEY)).isEqualTo(NIL);
            String seen = other.ask("TMEM.STATS");
            assertThat(seen).contains("name:own@" + id).doesNotContain("name:own\r\n", "\u001F", "?" + id);
            other.ask("TMEM.SESSION", "BEGIN", "1000");
            assertThat(other.ask("TMEM.STATS")).doesNotContain("name:own\r\n", "?" + id);

            assertThat(owner.ask("TMEM.STATS")).contains("name:own\r\n").doesNotContain("?" + id);
            assertThat(owner.ask("TMEM.STATS", "0")).contains("name:own\r\n");
        }
    }

    @Test
    void anotherUserDoesNotSeeThePoolOfASession() throws IOException {
        try (RunningNode node = new RunningNode(List.of(RunningNode.ANN, RunningNode.BOB), null, PeerLimits.DEFAULT);
                Wire ann = node.connect(RunningNode.ANN);
                Wire bob = node.connect(RunningNode.BOB)) {
            String id = id(bob.ask("TMEM.SESSION", "BEGIN", "1000"));
            ann.ask("TMEM.SESSION", "BEGIN", "1000");
            String[] open = {"TMEM.OPEN", "images", "KIND", "ephemeral", "PAGE", "512", "GET", "exclusive"};
            assertThat(bob.ask(open)).startsWith("*6\r\n:0\r\n");
            open[1] = "own";
            assertThat(ann.ask(open)).startsWith("*6\r\n:0\r\n");
            assertThat(bob.ask("TMEM.STATS")).doesNotContain("name:own");
            assertThat(ann.ask("TMEM.STATS")).contains("name:own\r\n").doesNotContain(id);
        }
    }

    @Test
    void poolsThatStayAreBounded() throws IOException {
        try (RunningNode node = new RunningNode()) {
            for (int from : new int[] {0, 512}) {
                try (Wire wire = node.connect()) {
                    for (int i = from; i < from + 512; i++) {
                        assertThat(wire.ask("TMEM.OPEN", "p" + i, "KIND", "ephemeral"))
                                .startsWith("*6");
                    }
                }
            }
            try (Wire wire = node.connect()) {
                assertThat(wire.ask("TMEM.OPEN", "more", "KIND", "ephemeral"))
                        .startsWith("-ERR too many pools; allowed: 1024 that a user opened by settings");
                assertThat(wire.ask("TMEM.OPEN", "p7", "KIND", "ephemeral")).startsWith("*6");
                assertThat(wire.ask("TMEM.OPEN", "images")).startsWith("*6");
                assertThat(wire.ask("TMEM.OPEN", "s", "KIND", "ephemeral", "UUID", UUID))
                        .startsWith("*6");
                wire.ask("TMEM.SESSION", "BEGIN", "1000");
                assertThat(wire.ask("TMEM.OPEN", "more", "KIND", "ephemeral")).startsWith("*6");
            }
        }
    }
}
