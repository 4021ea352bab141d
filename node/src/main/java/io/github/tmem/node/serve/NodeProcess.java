package io.github.tmem.node.serve;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.tmem.api.config.Size;
import io.github.tmem.node.console.UserMistakeException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A node of one off-heap tier in a JVM of its own, at any free port of the loopback. It ends with {@link #close}, at the latest
 * when this JVM shuts down, and its files with it. If this JVM is killed, the node ends too, because its input does, and its files
 * stay. Thread-safe.
 */
public final class NodeProcess implements AutoCloseable {
    private static final Logger LOG = System.getLogger(NodeProcess.class.getName());
    private static final Pattern READY = Pattern.compile("ready (\\S+) pid \\d+");
    private static final int START_SECONDS_MAX = 60;
    private static final int STOP_SECONDS_MAX = 5;
    private static final String CONFIGURATION = "node.yaml";
    private static final String ERRORS = "errors";

    private final Path folder;
    private final Process process;
    private String address = "";

    private NodeProcess(Path folder, Process process) {
        this.folder = folder;
        this.process = process;
    }

    /**
     * Starts a node and waits until it is ready.
     *
     * @param program the main class that has the command {@code serve}, on the class path of this JVM
     * @param capacity of its tier
     * @throws UserMistakeException if it does not become ready; the message repeats what it complains of
     */
    public static NodeProcess start(Class<?> program, Size capacity) throws InterruptedException {
        try {
            NodeProcess node = launch(program, capacity);
            boolean ready = false;
            try {
                Runtime.getRuntime().addShutdownHook(new Thread(node::kill, "tmem-node-end"));
                node.awaitReady();
                ready = true;
            } finally {
                if (!ready) {
                    node.kill();
                }
            }
            return node;
        } catch (IOException e) {
            throw new UserMistakeException("the peer cannot be started: " + e.getMessage(), e);
        }
    }

    private static NodeProcess launch(Class<?> program, Size capacity) throws IOException {
        Path folder = Files.createTempDirectory("tmem-demo");
        boolean launched = false;
        try {
            Files.writeString(
                    folder.resolve(CONFIGURATION),
                    "chains: {default: [{tier: offheap, capacity: " + capacity + "}]}\nnode: {port: 0}\n");
            NodeProcess node = new NodeProcess(folder, launch(program, folder));
            launched = true;
            return node;
        } finally {
            if (!launched) {
                delete(folder);
            }
        }
    }

    private static Process launch(Class<?> program, Path folder) throws IOException {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Djava.util.logging.SimpleFormatter.format=%5$s%n",
                // where its native libraries are unpacked, which a node that is killed cannot delete
                "-Djava.io.tmpdir=" + folder,
                "-cp",
                System.getProperty("java.class.path"),
                program.getName(),
                "serve",
                "--until-input-ends", // of the pipe that this JVM holds
                "--config",
                folder.resolve(CONFIGURATION).toString());
        return new ProcessBuilder(command)
                .redirectError(folder.resolve(ERRORS).toFile())
                .start();
    }

    /** Reads what the node says until it is ready. One that takes too long is killed, which ends what it says. */
    private void awaitReady() throws IOException, InterruptedException {
        CompletableFuture<Void> impatience = CompletableFuture.runAsync(
                process::destroyForcibly, CompletableFuture.delayedExecutor(START_SECONDS_MAX, TimeUnit.SECONDS));
        BufferedReader said = process.inputReader(UTF_8);
        for (String line = said.readLine(); line != null; line = said.readLine()) {
            Matcher ready = READY.matcher(line);
            if (ready.matches()) {
                impatience.cancel(false);
                address = ready.group(1);
                return;
            }
        }
        boolean patient = impatience.cancel(false);
        process.waitFor();
        throw new UserMistakeException("the peer did not start: " + (patient ? complaint() : "it took too long"));
    }

    private String complaint() throws IOException {
        return Files.readAllLines(folder.resolve(ERRORS), UTF_8).stream()
                .findFirst()
                .map(line -> line.replaceFirst("^tmem: ", ""))
                .orElse("exit code " + process.exitValue());
    }

    /** Its id with the operating system. */
    public long pid() {
        return process.pid();
    }

    /** Where it listens, as {@code host:port}. */
    public String address() {
        return address;
    }

    /** With what it ended; empty while it runs. */
    public OptionalInt exitCode() {
        return process.isAlive() ? OptionalInt.empty() : OptionalInt.of(process.exitValue());
    }

    /** Asks it to end, ends it if it does not within five seconds, and deletes its files; files that stay are logged. */
    @Override
    public void close() {
        process.toHandle().destroy();
        try {
            process.waitFor(STOP_SECONDS_MAX, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        kill();
    }

    /** Ends it at once, and deletes its files; the second time nothing is left to do. */
    private synchronized void kill() {
        process.destroyForcibly().onExit().join(); // so that it writes no more
        if (Files.exists(folder)) {
            delete(folder);
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException | UncheckedIOException e) {
            LOG.log(Level.WARNING, "files of the peer stay in " + folder, e);
        }
    }
}
