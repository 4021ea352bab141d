package io.github.tmem.node.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Redis's own programs against a node. */
class RedisToolsTest {

    private static String cli(RunningNode node, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("redis-cli", "-p", node.port()));
        command.addAll(List.of(arguments));
        return Programs.run(command).strip();
    }

    @Test
    void redisCliPutsAndGets() throws Exception {
        Programs.need("redis-cli");
        try (RunningNode node = new RunningNode()) {
            assertThat(cli(node, "PING")).isEqualTo("PONG");
            assertThat(cli(node, "SET", "greeting", "hello world", "EX", "100")).isEqualTo("OK");
            assertThat(cli(node, "GET", "greeting")).isEqualTo("hello world");
            assertThat(cli(node, "-3", "CONFIG", "GET", "maxmemory-policy")).isEqualTo("maxmemory-policy volatile-lru");
            assertThat(cli(node, "--scan")).isEqualTo("greeting");
            assertThat(cli(node, "GETDEL", "greeting")).isEqualTo("hello world");
            assertThat(cli(node, "EXISTS", "greeting")).isEqualTo("0");
            assertThat(cli(node, "INFO", "server")).contains("run_id:");
            assertThat(cli(node, "SET", "k", "v", "NX")).isEqualTo("ERR syntax error");
        }
    }

    @Test
    void redisBenchmarkRuns() throws Exception {
        Programs.need("redis-benchmark");
        try (RunningNode node = new RunningNode()) {
            String report = Programs.run(List.of(
                    "redis-benchmark",
                    "-p",
                    node.port(),
                    "-t",
                    "ping,set,get,mset",
                    "-d",
                    "1500",
                    "-n",
                    "3000",
                    "-P",
                    "16",
                    "-c",
                    "8",
                    "-r",
                    "500",
                    "-q"));
            assertThat(report)
                    .contains("PING_INLINE:", "SET:", "GET:", "MSET (10 keys):")
                    .doesNotContain("rror");
            try (Wire wire = node.connect()) {
                assertThat(wire.ask("DBSIZE")).isEqualTo(":500\r\n");
                assertThat(wire.ask("GET", "key:000000000007")).startsWith("$1500\r\n");
            }
        }
    }
}
