package io.github.tmem.node.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PageKind;
import io.github.tmem.api.PageLostException;
import io.github.tmem.api.PageUnavailableException;
import io.github.tmem.node.command.Command;
import io.github.tmem.node.config.NodeConfig;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands about values, to the byte. */
class ConversationTest {
    private static final String NIL = "$-1\r\n";
    private static final String OK = "+OK\r\n";
    private static final String OOM = "-OOM command not allowed when used memory > 'maxmemory'.\r\n";

    private final Talk talk = new Talk(NodeConfig.DEFAULT, 10L << 20);

    @AfterEach
    void end() {
        talk.close();
    }

    @Test
    void valuesComeBackAsTheyWere() {
        assertThat(talk.ask("SET", "key", "value")).isEqualTo(OK);
        assertThat(talk.ask("get", "key")).isEqualTo(Talk.bulk("value"));
        assertThat(talk.ask("GET", "other")).isEqualTo(NIL);
        assertThat(talk.ask("STRLEN", "key")).isEqualTo(":5\r\n");
        assertThat(talk.ask("TYPE", "key")).isEqualTo("+string\r\n");
        assertThat(talk.ask("EXISTS", "key", "other", "key")).isEqualTo(":2\r\n");
        assertThat(talk.ask("MSET", "a", "1", "b", "")).isEqualTo(OK);
        assertThat(talk.ask("MGET", "a", "x", "b")).isEqualTo("*3\r\n" + Talk.bulk("1") + NIL + Talk.bulk(""));
        assertThat(talk.ask("DBSIZE")).isEqualTo(":3\r\n");
        assertThat(talk.ask("GETDEL", "key")).isEqualTo(Talk.bulk("value"));
        assertThat(talk.ask("GETDEL", "key")).isEqualTo(NIL);
        assertThat(talk.ask("DEL", "a", "a", "x")).isEqualTo(":1\r\n");
        assertThat(talk.ask("UNLINK", "b")).isEqualTo(":1\r\n");
        assertThat(talk.ask("SET", "k", "v")).isEqualTo(OK);
        assertThat(talk.ask("FLUSHDB")).isEqualTo(OK);
        assertThat(talk.ask("DBSIZE")).isEqualTo(":0\r\n");
    }

    /** Lengths around every change of digits, after each other, so that each is wrongly guessed from the one before. */
    @Test
    void everyLengthIsAnsweredBetweenOthers() {
        List<Integer> lengths =
                new ArrayList<>(List.of(0, 1, 9, 10, 11, 99, 100, 101, 999, 1000, 9999, 10_000, 65_536));
        lengths.add(99_999);
        lengths.add(100_000);
        lengths.add(1 << 20);
        lengths.add(Command.VALUE_MAX);
        StringBuilder gets = new StringBuilder();
        StringBuilder expected = new StringBuilder();
        for (int length : lengths) {
            talk.blobs.reset(100L << 20);
            String value = "v".repeat(length);
            assertThat(talk.ask("SET", "k", value)).isEqualTo(OK);
            assertThat(talk.ask("SET", "short", "s")).isEqualTo(OK);
            assertThat(talk.ask("SET", "long", "l".repeat(123_456))).isEqualTo(OK);
            for (String first : List.of("short", "long")) {
                gets.setLength(0);
                gets.append(Talk.request("GET", first)).append(Talk.request("GET", "k"));
                gets.append(Talk.request("ECHO", "end"));
                expected.setLength(0);
                expected.append(Talk.bulk(first.equals("short") ? "s" : "l".repeat(123_456)));
                expected.append(Talk.bulk(value)).append(Talk.bulk("end"));
                assertThat(talk.send(gets.toString()).equals(expected.toString()))
                        .as("a value of %d bytes behind %s", length, first)
                        .isTrue();
            }
        }
    }

    @Test
    void theLongestValueIsAPageAnd64Bytes() {
        assertThat(Command.VALUE_MAX).isEqualTo((1 << 20) + 64);
        assertThat(talk.ask("SET", "k", "x".repeat(Command.VALUE_MAX))).isEqualTo(OK);
        assertThat(talk.ask("SET", "k", "x".repeat(Command.VALUE_MAX + 1))).startsWith("-ERR value too long");
        assertThat(talk.ask("STRLEN", "k")).isEqualTo(":" + Command.VALUE_MAX + "\r\n");
        assertThat(talk.ask("SET", "k", "x".repeat(Command.VALUE_MAX + 1025)))
                .isEqualTo("-ERR Protocol error: invalid bulk length\r\n");
        assertThat(talk.isOver()).isTrue();
    }

    @Test
    void keysAreFilledUpAndEndInTheirLength() {
        talk.ask("SET", "", "empty");
        talk.ask("SET", "\0", "zero");
        String longest = "0123456789abcdefghijklmnopqrstu";
        talk.ask("SET", longest, "long", "PX", "5000");
        assertThat(talk.blobs.kind(ObjectId.of(0), 0)).isEqualTo(PageKind.PERSISTENT);
        assertThat(talk.blobs.kind(ObjectId.of(0), 1)).isEqualTo(PageKind.PERSISTENT);
        ObjectId object = ObjectId.of(0x3031323334353637L, 0x3839616263646566L, 0x6768696a6b6c6d6eL);
        assertThat(talk.blobs.kind(object, 0x6f7071727374751fL)).isEqualTo(PageKind.EPHEMERAL);
        assertThat(talk.ask("GET", "")).isEqualTo(Talk.bulk("empty"));
        assertThat(talk.ask("GET", "\0")).isEqualTo(Talk.bulk("zero"));
        assertThat(talk.ask("GET", longest)).isEqualTo(Talk.bulk("long"));
        assertThat(talk.ask("GET", longest + "v")).isEqualTo("-ERR key too long\r\n");
        assertThat(talk.ask("SET", "x".repeat(4096), "v")).isEqualTo("-ERR key too long\r\n");
        assertThat(talk.ask("SCAN", "0", "COUNT", "10"))
                .startsWith("*2\r\n" + Talk.bulk("0") + "*3\r\n")
                .contains(Talk.bulk(""), Talk.bulk("\0"), Talk.bulk(longest));
    }

    @Test
    void whatHasATimeIsEphemeralAndEndsWithIt() {
        assertThat(talk.ask("SET", "s", "1", "ex", "2")).isEqualTo(OK);
        assertThat(talk.ask("SET", "m", "1", "PX", "1500")).isEqualTo(OK);
        assertThat(talk.ask("SET", "p", "1")).isEqualTo(OK);
        assertThat(talk.ask("TTL", "s")).isEqualTo(":2\r\n");
        assertThat(talk.ask("PTTL", "m")).isEqualTo(":1500\r\n");
        assertThat(talk.ask("TTL", "p")).isEqualTo(":-1\r\n");
        assertThat(talk.ask("TTL", "x")).isEqualTo(":-2\r\n");
        talk.clock.addAndGet(1499);
        assertThat(talk.ask("PTTL", "m")).isEqualTo(":1\r\n");
        assertThat(talk.ask("GET", "m")).isEqualTo(Talk.bulk("1"));
        talk.clock.addAndGet(1);
        assertThat(talk.ask("MGET", "m", "s")).isEqualTo("*2\r\n" + NIL + Talk.bulk("1"));
        talk.clock.addAndGet(500);
        assertThat(talk.ask("EXISTS", "s", "m", "p")).isEqualTo(":1\r\n");
        assertThat(talk.ask("STRLEN", "s")).isEqualTo(":0\r\n");
        assertThat(talk.ask("GETDEL", "s")).isEqualTo(NIL);
        assertThat(talk.ask("SET", "m", "2")).isEqualTo(OK);
        assertThat(talk.ask("GET", "m")).isEqualTo(Talk.bulk("2"));
    }

    @Test
    void aValueCanBeGivenAnotherTime() {
        assertThat(talk.ask("PEXPIRE", "k", "100")).isEqualTo(":0\r\n");
        talk.ask("SET", "k", "value");
        assertThat(talk.send(
                        Talk.request("ECHO", "a") + Talk.request("PEXPIRE", "k", "1500") + Talk.request("GET", "k")))
                .isEqualTo(Talk.bulk("a") + ":1\r\n" + Talk.bulk("value"));
        assertThat(talk.ask("PTTL", "k")).isEqualTo(":1500\r\n");
        assertThat(talk.blobs.kind(ObjectId.of(0x6b00000000000000L, 0, 0), 1)).isEqualTo(PageKind.EPHEMERAL);
        assertThat(talk.ask("EXPIRE", "k", "3")).isEqualTo(":1\r\n");
        talk.clock.addAndGet(2999);
        assertThat(talk.ask("GET", "k")).isEqualTo(Talk.bulk("value"));
        talk.clock.addAndGet(1);
        assertThat(talk.ask("GET", "k")).isEqualTo(NIL);
        assertThat(talk.ask("PEXPIRE", "k", "100")).isEqualTo(":0\r\n");
        talk.ask("SET", "k", "value");
        assertThat(talk.ask("PEXPIRE", "k", "100", "NX")).startsWith("-ERR wrong number");
        assertThat(talk.ask("PEXPIRE", "k", "9223372036854775807")).startsWith("-ERR invalid expire time");
        assertThat(talk.ask("PEXPIRE", "k", "0")).isEqualTo(":1\r\n");
        assertThat(talk.ask("GET", "k")).isEqualTo(NIL);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "NX",
                "XX",
                "KEEPTTL",
                "EX",
                "NX EX",
                "EX 5 NX",
                "EXAT 5",
                "EX x",
                "PX 0",
                "EX -1",
                "EX 9223372036854775807"
            })
    void otherOptionsOfSetAreErrorsAndStoreNothing(String options) {
        List<String> arguments = new ArrayList<>(List.of("SET", "k", "v"));
        arguments.addAll(List.of(options.split(" ")));
        assertThat(talk.ask(arguments.toArray(new String[0]))).startsWith("-ERR ");
        assertThat(talk.ask("GET", "k")).isEqualTo(NIL);
    }

    @Test
    void aFullNodeSaysExactlyWhatRedisSaysAndKeepsNoOlderValue() {
        talk.blobs.reset(100);
        assertThat(talk.ask("SET", "a", "x".repeat(50))).isEqualTo(OK);
        assertThat(talk.ask("SET", "b", "x".repeat(50))).isEqualTo(OOM);
        assertThat(talk.ask("MSET", "c", "1", "d", "x".repeat(50))).isEqualTo(OOM);
        assertThat(talk.ask("SET", "a", "x".repeat(99))).isEqualTo(OOM);
        assertThat(talk.ask("MGET", "a", "b", "c", "d")).isEqualTo("*4\r\n" + NIL + NIL + Talk.bulk("1") + NIL);
    }

    @Test
    void lostAndUnavailableValuesAreErrorsAndNeverNothing() {
        talk.ask("SET", "k", "v");
        for (String command : List.of("GET", "GETDEL", "MGET", "EXISTS", "TTL", "STRLEN")) {
            talk.blobs.failWith(new PageLostException("pool peer:default: value gone"));
            assertThat(talk.send(Talk.request("ECHO", "a") + Talk.request(command, "k") + Talk.request("ECHO", "b")))
                    .isEqualTo(Talk.bulk("a") + "-LOST pool peer:default: value gone\r\n" + Talk.bulk("b"));
            talk.blobs.failWith(new PageUnavailableException("no answer\r\n+OK"));
            assertThat(talk.ask(command, "k")).isEqualTo("-UNAVAILABLE no answer  +OK\r\n");
        }
        talk.blobs.failWith(new IllegalStateException("flaw"));
        assertThat(talk.ask("MGET", "x", "k")).isEqualTo("-ERR internal error\r\n");
        talk.blobs.failWith(null);
        assertThat(talk.ask("GET", "k")).isEqualTo(Talk.bulk("v"));
    }

    @Test
    void anAnswerHasALimit() {
        try (Talk small = new Talk(
                new NodeConfig(
                        NodeConfig.DEFAULT.bind(),
                        List.of(),
                        null,
                        NodeConfig.DEFAULT.limits().withRequest(2 << 20)),
                10L << 20)) {
            small.ask("SET", "k", "x".repeat(1 << 20));
            assertThat(small.ask("MGET", "k")).hasSizeGreaterThan(1 << 20);
            assertThat(small.send(Talk.request("MGET", "k", "k", "k") + Talk.request("PING")))
                    .isEqualTo("-ERR the values are too long for one answer; ask for fewer keys\r\n+PONG\r\n");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "a*,abc,1",
        "a*,bc,0",
        "*,'',1",
        "?,'',0",
        "a?c,abc,1",
        "[ab]x,bx,1",
        "[^ab]x,bx,0",
        "[a-c]x,cx,1",
        "\\*,*,1",
        "\\*,a,0",
        "*a*b*c,xxaxxbxxc,1",
        "*a*b*c,xxaxxbxx,0",
        "[,[,0",
        "[a,a,1",
        "h[b-a]llo,hallo,0",
        "'',x,0",
        "a\\,a\\,1"
    })
    void scansMatchPatterns(String pattern, String key, int found) {
        talk.ask("SET", key, "v");
        assertThat(talk.ask("SCAN", "0", "MATCH", pattern, "COUNT", "5"))
                .startsWith("*2\r\n" + Talk.bulk("0") + "*" + found);
    }

    @Test
    void aScanGoesOnWhereItWas() {
        for (int i = 0; i < 25; i++) {
            talk.ask("SET", "key" + i, "v");
        }
        assertThat(talk.ask("SCAN", "0")).startsWith("*2\r\n" + Talk.bulk("10") + "*10\r\n");
        assertThat(talk.ask("SCAN", "20", "COUNT", "10")).startsWith("*2\r\n" + Talk.bulk("0") + "*5\r\n");
        for (String wrong : List.of("x", "-1", "18446744073709551616", "")) {
            assertThat(talk.ask("SCAN", wrong)).isEqualTo("-ERR invalid cursor\r\n");
        }
        assertThat(talk.ask("SCAN", "0", "COUNT", "0")).isEqualTo("-ERR syntax error\r\n");
        assertThat(talk.ask("SCAN", "0", "COUNT")).isEqualTo("-ERR syntax error\r\n");
    }

    @Test
    void requestsInOneLineWorkToo() {
        assertThat(talk.send("SET a 1\r\nset b 2\nGET a\n\r\nget b\r\n"))
                .isEqualTo(OK + OK + Talk.bulk("1") + Talk.bulk("2"));
        assertThat(talk.send("S a 1\n")).startsWith("-ERR unknown command 'S'");
    }

    @Test
    void whatIsNoRequestEndsTheConversationBehindTheAnswersBefore() {
        assertThat(talk.send("PING\r\n*1\r\n$x\r\nPING\r\n"))
                .isEqualTo("+PONG\r\n-ERR Protocol error: invalid bulk length\r\n");
        assertThat(talk.isOver()).isTrue();
        assertThat(talk.send("PING\r\n")).isEmpty();
    }

    @Test
    void aNodeTellsWhatItIs() {
        assertThat(talk.ask("PING")).isEqualTo("+PONG\r\n");
        assertThat(talk.ask("PING", "x")).isEqualTo(Talk.bulk("x"));
        assertThat(talk.ask("SELECT", "0")).isEqualTo(OK);
        assertThat(talk.ask("SELECT", "1")).isEqualTo("-ERR DB index is out of range\r\n");
        assertThat(talk.ask("INFO"))
                .contains(
                        "redis_version:7.", "run_id:" + talk.node.runId(), "maxmemory:1000\r\n", "used_memory:500\r\n")
                .contains("maxmemory_policy:volatile-lru\r\n", "role:master\r\n", "cluster_enabled:0\r\n");
        assertThat(talk.ask("INFO", "Cluster")).isEqualTo(Talk.bulk("# Cluster\r\ncluster_enabled:0\r\n"));
        assertThat(talk.ask("CONFIG", "GET", "maxmemory-policy"))
                .isEqualTo("*2\r\n" + Talk.bulk("maxmemory-policy") + Talk.bulk("volatile-lru"));
        assertThat(talk.ask("CONFIG", "GET", "save", "nothing"))
                .isEqualTo("*2\r\n" + Talk.bulk("save") + Talk.bulk(""));
        assertThat(talk.ask("CONFIG", "SET", "save", "")).startsWith("-ERR ");
        assertThat(talk.ask("COMMAND", "INFO", "get", "nothing"))
                .isEqualTo("*2\r\n*6\r\n" + Talk.bulk("get") + ":2\r\n*1\r\n+readonly\r\n:1\r\n:1\r\n:1\r\n" + NIL);
        assertThat(talk.ask("COMMAND", "DOCS")).isEqualTo("*0\r\n");
        assertThat(talk.ask("GET")).isEqualTo("-ERR wrong number of arguments for 'get' command\r\n");
        assertThat(talk.ask("MSET", "a", "1", "b")).isEqualTo("-ERR wrong number of arguments for 'mset' command\r\n");
    }

    @Test
    void clientsHaveNames() {
        assertThat(talk.ask("CLIENT", "ID")).isEqualTo(":1\r\n");
        assertThat(talk.ask("CLIENT", "SETNAME", "me")).isEqualTo(OK);
        assertThat(talk.ask("CLIENT", "GETNAME")).isEqualTo(Talk.bulk("me"));
        assertThat(talk.ask("CLIENT", "SETNAME", "a b")).startsWith("-ERR ");
        assertThat(talk.ask("CLIENT", "SETINFO", "LIB-NAME", "lib")).isEqualTo(OK);
        assertThat(talk.ask("CLIENT", "LIST")).contains("id=1 addr=here name=me ", "lib-name=lib");
        assertThat(talk.ask("RESET")).isEqualTo("+RESET\r\n");
        assertThat(talk.ask("CLIENT", "GETNAME")).isEqualTo(Talk.bulk(""));
    }

    @Test
    void theNewerProtocolIsSpokenToWhoeverAsksForIt() {
        assertThat(talk.ask("HELLO")).startsWith("*14\r\n").contains(Talk.bulk("proto") + ":2\r\n");
        assertThat(talk.ask("HELLO", "4")).startsWith("-NOPROTO ");
        assertThat(talk.ask("HELLO", "3", "SETNAME", "me"))
                .startsWith("%7\r\n")
                .contains(Talk.bulk("proto") + ":3\r\n");
        assertThat(talk.ask("GET", "nothing")).isEqualTo("_\r\n");
        assertThat(talk.ask("CONFIG", "GET", "save")).startsWith("%1\r\n");
        assertThat(talk.ask("HELLO", "2")).startsWith("*14\r\n");
        assertThat(talk.ask("GET", "nothing")).isEqualTo(NIL);
        assertThat(talk.ask("QUIT")).isEqualTo(OK);
        assertThat(talk.isOver()).isTrue();
    }
}
