package io.github.tmem.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.kit.Race;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assertions;

/** {@code tmem demo --remote} as a process of its own, and the peer that it starts. For one thread. */
final class DemoProcess implements AutoCloseable {
    private static final Pattern PEER = Pattern.compile("peer 127\\.0\\.0\\.1:(\\d+), pid (\\d+): .*");
    private static final int SECONDS_MAX = 120;
    private static final long POLL_NANOS = 2_000_000;

    private final Path folder;
    private final Process process;
    private final ProcessHandle peer;
    private final int port;

    /** Starts a demo in a folder, and waits until it names its peer. */
    DemoProcess(Path folder, Path pages) throws IOException {
        this.folder = folder;
        Files.createDirectory(temporary());
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx512m",
                        "-Djava.util.logging.SimpleFormatter.format=tmem: %5$s%n",
                        "-Djava.io.tmpdir=" + temporary(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "io.github.tmem.node.Main",
                        "demo",
                        "--remote",
                        "--pages",
                        pages.toString(),
                        "--json",
                        json().toString())
                .redirectError(errors().toFile())
                .start();
        String first = process.inputReader(UTF_8).readLine();
        Matcher named = PEER.matcher(String.valueOf(first));
        assertThat(named.matches()).as("%s %s", first, err()).isTrue();
        port = Integer.parseInt(named.group(1));
        peer = ProcessHandle.of(Long.parseLong(named.group(2))).orElseThrow();
    }

    private Path errors() {
        return folder.resolve("errors");
    }

    /** Where the demo and its peer may leave files behind. */
    Path temporary() {
        return folder.resolve("temporary");
    }

    /** The figures. */
    Path json() {
        return folder.resolve("figures.json");
    }

    /** What it complained of so far. */
    String err() {
        try {
            return Files.readString(errors(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Its peer. */
    ProcessHandle peer() {
        return peer;
    }

    /** Waits until the peer holds some persistent pages. */
    void awaitPagesAtPeer() {
        until(() -> StoredCopies.hasPersistent(port));
    }

    /** Waits for something that has to happen before the demo ends. */
    void until(BooleanSupplier condition) {
        Race.until(() -> {
            LockSupport.parkNanos(POLL_NANOS); // the demo is to have this processor
            assertThat(process.isAlive())
                    .as("the demo runs; it says: %s", err())
                    .isTrue();
            return condition.getAsBoolean();
        });
    }

    /** Waits for something that may happen before the demo ends. */
    void untilOrEnd(BooleanSupplier condition) {
        Race.until(() -> {
            LockSupport.parkNanos(POLL_NANOS);
            return condition.getAsBoolean() || !process.isAlive();
        });
    }

    /** Sends a signal to the peer. */
    void signalPeer(String name) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(peer.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }

    /** Ends the demo without its having a say. */
    void kill() {
        process.destroyForcibly();
    }

    /** Asks the demo to end, as Ctrl-C does. */
    void interrupt() {
        assertThat(process.toHandle().destroy()).isTrue();
    }

    /** Waits until it has ended; the output lacks the line that names the peer. */
    Shell end() throws IOException, InterruptedException {
        List<String> lines = new ArrayList<>();
        BufferedReader out = process.inputReader(UTF_8);
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            lines.add(line);
        }
        if (!process.waitFor(SECONDS_MAX, TimeUnit.SECONDS)) {
            Assertions.fail("it does not end: " + lines);
        }
        return new Shell(process.exitValue(), String.join("\n", lines), err());
    }

    @Override
    public void close() {
        process.destroyForcibly();
        peer.destroyForcibly();
    }
}
