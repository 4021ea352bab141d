package io.github.tmem.chronicle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What the tier does in a JVM of its own: nothing beside its job; and what it says when the JVM does not allow that. */
@Timeout(120)
class FreshJvmTest {
    private static final List<String> FLAGS =
            List.of(System.getProperty("tmem.chronicle.flags", "").split(" ", -1));
    private static final Pattern COLUMN = Pattern.compile("\\s+");
    private static final Pattern SOCKET = Pattern.compile("socket:\\[(\\d+)]");

    /** Classes without which Java opens no connection and asks for no name. */
    private static final List<String> CONNECTING = List.of(
            " java.net.Socket ",
            " java.net.SocketImpl ",
            " java.net.DatagramSocket ",
            " java.net.InetAddress$Resolver",
            " java.net.HttpURLConnection ",
            " sun.nio.ch.Net ",
            " jdk.internal.net.http.");

    @TempDir
    Path folder;

    private Path home() {
        return folder.resolve("home");
    }

    private Path temporary() {
        return folder.resolve("tmp");
    }

    private Path classes() {
        return folder.resolve("classes.log");
    }

    private Process start(List<String> flags) throws IOException {
        for (Path path : List.of(home(), temporary(), folder.resolve("work"))) {
            Files.createDirectories(path);
        }
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:-UsePerfData",
                "-Xlog:class+load:file=" + classes(),
                "-Duser.home=" + home(),
                "-Djava.io.tmpdir=" + temporary(),
                "-cp",
                System.getProperty("java.class.path")));
        command.addAll(flags);
        command.add(StorePages.class.getName());
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.resolve("work").toFile());
        builder.environment().put("HOME", home().toString());
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        return builder.redirectErrorStream(true).start();
    }

    private static String rest(BufferedReader output) throws IOException {
        StringBuilder text = new StringBuilder();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            text.append(line).append('\n');
        }
        return text.toString();
    }

    /** All that a JVM prints that is told at once that its input has ended. */
    private String output(List<String> flags) throws IOException, InterruptedException {
        Process process = start(flags);
        process.getOutputStream().close();
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            String text = rest(output);
            assertThat(process.waitFor()).as(text).isZero();
            return text;
        }
    }

    @Test
    void printsNothing() throws Exception {
        assertThat(output(FLAGS)).isEqualTo("1000 pages read\n");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void callsNobodyAndWritesNothing() throws Exception {
        Process process = start(FLAGS);
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            assertThat(output.readLine()).isEqualTo("1000 pages read");
            assertThat(internetSockets(process.pid())).as("sockets").isEmpty();
            process.getOutputStream().close();
            assertThat(rest(output)).isEmpty();
        }
        assertThat(process.waitFor()).isZero();
        try (Stream<Path> files = Files.walk(folder)) {
            assertThat(files.filter(Files::isRegularFile)).containsExactly(classes());
        }
        try (Stream<Path> files = Files.walk(home())) {
            assertThat(files).containsExactly(home());
        }
        List<String> loaded = Files.readAllLines(classes());
        assertThat(loaded).as("the log of classes").anyMatch(line -> line.contains(" net.openhft.chronicle.map."));
        assertThat(loaded).noneMatch(line -> CONNECTING.stream().anyMatch(line::contains));
    }

    /** The sockets of a process that a TCP or UDP table of the kernel lists, open or not yet connected. */
    private static Set<String> internetSockets(long pid) throws IOException {
        Path process = Path.of("/proc", Long.toString(pid));
        Set<String> inodes = new TreeSet<>();
        for (String table : List.of("tcp", "tcp6", "udp", "udp6")) {
            Path file = process.resolve("net").resolve(table);
            if (Files.exists(file)) {
                Files.readAllLines(file).stream()
                        .skip(1)
                        .map(line -> COLUMN.split(line.strip(), -1)[9])
                        .forEach(inodes::add);
            }
        }
        Set<String> held = new TreeSet<>();
        try (Stream<Path> descriptors = Files.list(process.resolve("fd"))) {
            for (Path descriptor : descriptors.toList()) {
                target(descriptor).filter(inodes::contains).forEach(held::add);
            }
        }
        return held;
    }

    private static Stream<String> target(Path descriptor) throws IOException {
        try {
            Matcher socket = SOCKET.matcher(Files.readSymbolicLink(descriptor).toString());
            return socket.matches() ? Stream.of(socket.group(1)) : Stream.empty();
        } catch (NoSuchFileException closedMeanwhile) {
            return Stream.empty();
        }
    }

    @Test
    void nobodyWhoReportsOrUnpacksIsOnTheClassPath() {
        assertThat(Arrays.stream(System.getProperty("java.class.path").split(java.io.File.pathSeparator))
                        .map(entry -> Path.of(entry).getFileName().toString()))
                .noneMatch(jar ->
                        jar.startsWith("chronicle-analytics") || jar.startsWith("jna") || jar.startsWith("affinity"));
    }

    @Test
    void saysWhichFlagIsMissing() throws Exception {
        for (String flag : FLAGS) {
            if (flag.startsWith("--add-opens") || flag.contains("jdk.compiler")) {
                List<String> others =
                        FLAGS.stream().filter(other -> !other.equals(flag)).toList();
                assertThat(output(others))
                        .isEqualTo("tier chronicle: the JVM was started without " + flag
                                + ", which Chronicle Map needs\n");
            }
        }
        assertThat(output(List.of()).lines()).hasSize(1).first().asString().contains("java.lang=", "reflect=", "javac");
    }

    @Test
    void saysThatTheCompilerIsMissing() throws Exception {
        List<String> runtime = List.of("--limit-modules=java.logging,jdk.management,jdk.unsupported,java.desktop");
        assertThat(output(runtime)).startsWith("tier chronicle: the Java runtime has no module jdk.compiler");
        assertThat(output(runtime).lines()).hasSize(1);
    }
}
