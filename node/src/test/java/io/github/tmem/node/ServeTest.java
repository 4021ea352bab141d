package io.github.tmem.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.node.console.ExitCode;
import io.github.tmem.node.peer.Wire;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code tmem serve} as a process: what it says, how it ends. */
class ServeTest {
    private static final Pattern READY = Pattern.compile("ready 127\\.0\\.0\\.1:(\\d+) pid (\\d+)");
    private static final int SECONDS_MAX = 30;

    @TempDir
    Path folder;

    private record Served(Process process, BufferedReader out, List<String> report, InetSocketAddress address)
            implements AutoCloseable {
        /** Sends SIGTERM; unlike {@link Process#destroy} it leaves the output open. */
        void terminate() {
            assertThat(process.toHandle().destroy()).isTrue();
        }

        int exit() throws InterruptedException {
            assertThat(process.waitFor(SECONDS_MAX, TimeUnit.SECONDS)).isTrue();
            return process.exitValue();
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }

    private Process start(String yaml) throws IOException {
        Path file = Files.writeString(folder.resolve("tmem.yaml"), yaml);
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx256m",
                        "-Djava.util.logging.SimpleFormatter.format=tmem: %5$s%n",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "io.github.tmem.node.Main",
                        "serve",
                        "--config",
                        file.toString())
                .start();
    }

    private Served serve(String node) throws IOException {
        Process process = start("""
                chains: {default: [{tier: heap, capacity: 1MiB}, {tier: offheap, capacity: 32MiB}]}
                pools: [{name: images, kind: ephemeral}]
                """ + node);
        BufferedReader out = process.inputReader(UTF_8);
        List<String> report = new ArrayList<>();
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            Matcher ready = READY.matcher(line);
            if (ready.matches()) {
                assertThat(ready.group(2)).isEqualTo(Long.toString(process.pid()));
                int port = Integer.parseInt(ready.group(1));
                return new Served(process, out, report, new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            }
            report.add(line);
        }
        throw new AssertionError(report + new String(process.getErrorStream().readAllBytes(), UTF_8));
    }

    @Test
    void aNodeSaysWhatItIsServesAndEndsInGoodOrder() throws Exception {
        try (Served node = serve("node: {port: 0}\n");
                Wire wire = Wire.to(node.address())) {
            assertThat(node.report())
                    .hasSize(7)
                    .anyMatch(line -> line.matches("tier +default heap: 1 MiB, codec lz4 .*"))
                    .anyMatch(line -> line.matches("tier +default offheap: 32 MiB, codec lz4 .*"))
                    .anyMatch(line ->
                            line.matches("pool +images: ephemeral, exclusive gets, pages of 4KiB, chain default"))
                    .anyMatch(line -> line.matches("recovered +nothing"))
                    .anyMatch(line -> line.matches("peer port +127.0.0.1:\\d+, plain text"))
                    .anyMatch(line -> line.matches("users +everybody on this machine, without a secret"));
            String first = wire.ask("INFO", "server");
            assertThat(wire.ask("SET", "k", "v")).isEqualTo("+OK\r\n");
            wire.send("GET k\r\nSCAN 0\r\nGET k\r\n");
            assertThat(wire.answer()).isEqualTo("$1\r\nv\r\n");
            node.terminate();
            assertThat(wire.rest()).endsWith("$1\r\nv\r\n");
            assertThat(node.exit()).isEqualTo(ExitCode.OK);
            assertThat(node.out().readLine()).isEqualTo("stopping");
            try (Served again = serve("node: {port: " + node.address().getPort() + "}\n");
                    Wire second = Wire.to(again.address())) {
                assertThat(runId(second.ask("INFO", "server"))).isNotEqualTo(runId(first));
                assertThat(second.ask("GET", "k")).isEqualTo("$-1\r\n");
            }
        }
    }

    private static String runId(String info) {
        return info.lines()
                .filter(line -> line.startsWith("run_id:"))
                .findFirst()
                .orElseThrow();
    }

    /** The first signal waits for a client that does not read; the second does not. */
    @Test
    void aSecondSignalEndsItAtOnce() throws Exception {
        try (Served node = serve("node: {port: 0, limits: {output: 64KiB}}\n");
                Wire wire = Wire.to(node.address())) {
            wire.ask("SET", "k", "v".repeat(1 << 20));
            wire.send("GET k\r\n".repeat(100));
            assertThat(wire.answer()).startsWith("$1048576\r\n");
            node.terminate();
            assertThat(node.out().readLine()).isEqualTo("stopping");
            awaitClosedPort(node.address());
            assertThat(node.process().isAlive()).isTrue(); // the client's answers are waited for
            node.terminate();
            assertThat(node.exit()).isEqualTo(130);
        }
    }

    private static void awaitClosedPort(InetSocketAddress address) throws IOException {
        while (true) {
            try {
                Wire.to(address).close();
            } catch (ConnectException e) {
                return;
            } catch (SocketException e) {
                // Linux had taken this connection, and the port closed before the node accepted it: the next one is
                // refused
            }
        }
    }

    @Test
    void mistakesAreOneLine() throws Exception {
        assertMistake("chains: {default: [{tier: heap}]}", ":1:20: a tier has no \"capacity\"; allowed: ");
        String chains = "chains: {default: [{tier: heap, capacity: 1MiB}]}\n";
        assertMistake(
                chains + "node: {port: x}",
                ":2:14: port \"x\" is not allowed; allowed: a whole number from 0 to 65535");
        assertMistake(
                chains + "node: {bind: 0.0.0.0}",
                ":2:14: bind 0.0.0.0 reaches beyond this machine without tls and users");
        try (Served node = serve("node: {port: 0}\n")) {
            assertMistake(
                    chains + "node: {port: " + node.address().getPort() + "}",
                    "cannot listen at localhost port " + node.address().getPort());
        }
    }

    private void assertMistake(String yaml, String part) throws Exception {
        Process process = start(yaml);
        String out = new String(process.getInputStream().readAllBytes(), UTF_8);
        String err = new String(process.getErrorStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor(SECONDS_MAX, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(ExitCode.USER_MISTAKE);
        assertThat(out).isEmpty();
        assertThat(err).startsWith("tmem: ").contains(part).hasLineCount(1);
    }
}
