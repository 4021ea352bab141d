package io.github.tmem.bench.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tmem.node.console.UserMistakeException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TraceReaderTest {
    @TempDir
    private Path folder;

    private Path file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(packed)) {
            out.write(bytes);
        }
        return packed.toByteArray();
    }

    private record Access(long page, boolean write) {}

    private static List<Access> accesses(Trace trace) {
        List<Access> accesses = new ArrayList<>();
        for (int i = 0; i < trace.length(); i++) {
            accesses.add(new Access(trace.recorded(trace.page(i)), trace.isWrite(i)));
        }
        return accesses;
    }

    /** The same by the plainest means. */
    private static List<Access> reference(String text) {
        List<Access> accesses = new ArrayList<>();
        for (String line : text.lines().toList()) {
            if (!line.startsWith("#")) {
                List<String> words = Arrays.asList(line.split(" ", -1));
                long first = Long.parseLong(words.get(1));
                for (long i = 0; i < Long.parseLong(words.get(2)); i++) {
                    accesses.add(new Access(first + i, words.get(0).equals("W")));
                }
            }
        }
        return accesses;
    }

    private static String random(int lines) {
        Random random = new Random(42);
        StringBuilder text = new StringBuilder("# a comment " + "that is long ".repeat(20) + "\n");
        for (int i = 0; i < lines; i++) {
            text.append(random.nextInt(4) == 0 ? 'W' : 'R')
                    .append(' ')
                    .append(random.nextLong(3000))
                    .append(' ')
                    .append(1 + random.nextInt(9))
                    .append('\n');
        }
        return text.toString();
    }

    @Test
    void readsWhatTheLinesSay() throws IOException {
        Trace trace = TraceReader.read(file("a.pt", "# pt1\nR 67 1\nW 66 3\nR 9223372036854775805 1\n"));
        assertThat(accesses(trace))
                .containsExactly(
                        new Access(67, false),
                        new Access(66, true),
                        new Access(67, true),
                        new Access(68, true),
                        new Access(Long.MAX_VALUE - 2, false));
        assertThat(trace.distinctPages()).isEqualTo(4);
        assertThat(trace.name()).isEqualTo("a");
    }

    @Test
    void tellsCompressedFromPlainByContent() throws IOException {
        String text = random(30_000); // longer than the buffers
        Path plain = file("plain.pt.gz", text);
        Path packed = Files.write(folder.resolve("packed"), gzip(text.getBytes(StandardCharsets.US_ASCII)));
        for (Path file : List.of(plain, packed)) {
            Trace trace = TraceReader.read(file);
            assertThat(accesses(trace)).isEqualTo(reference(text));
            assertThat(trace.distinctPages())
                    .isEqualTo(new HashSet<>(
                                    accesses(trace).stream().map(Access::page).toList())
                            .size());
        }
    }

    @ParameterizedTest
    @CsvSource({"arc-oltp.pt.gz,arc-oltp", "a.pt,a", "a.txt,a.txt", "x/y.pt.gz,y", "a.pt.gz.gz,a.pt.gz.gz"})
    void namesTheTraceAfterItsFile(Path file, String name) {
        assertThat(Trace.nameOf(file)).isEqualTo(name);
    }

    @Test
    void takesTheLineEndsOfWindowsAndALastLineWithoutOne() throws IOException {
        assertThat(accesses(TraceReader.read(file("a", "# x\r\nR 1 1\r\nW 2 1"))))
                .containsExactly(new Access(1, false), new Access(2, true));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "R 1",
                "R 1 0",
                "R -1 1",
                "R 1 -1",
                "r 1 1",
                "X 1 1",
                "R 1 1 1",
                "R 1 1 ",
                "R  1 1",
                " R 1 1",
                "R1 1",
                "R one 1",
                "R 1.5 1",
                "R 9223372036854775808 1",
                "R 9223372036854775807 1",
                "R 99999999999999999999999 1",
                "W",
                "",
                "R 1 1 followed by so many other words that they are not all worth to be quoted in a message",
            })
    void namesTheLineThatIsWrong(String line) throws IOException {
        Path file = file("wrong.pt", "# pt1\nR 1 1\n" + line + "\nR 2 1\n");
        assertThatThrownBy(() -> TraceReader.read(file))
                .isInstanceOf(UserMistakeException.class)
                .hasMessageStartingWith(file + ":3: \"" + line.substring(0, Math.min(60, line.length())))
                .hasMessageEndingWith("allowed: R or W, the first page, the number of pages, for example \"R 4711 8\"");
    }

    @Test
    void refusesMoreThanMemoryCanCount() throws IOException {
        Path file = file("long.pt", "R 1 1\nR 0 999999999999\n");
        assertThatThrownBy(() -> TraceReader.read(file))
                .isInstanceOf(UserMistakeException.class)
                .hasMessage(file + ":2: more than 2147483639 accesses in one trace");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "# only a comment\n"})
    void refusesATraceWithoutAccesses(String text) throws IOException {
        Path file = file("empty.pt", text);
        assertThatThrownBy(() -> TraceReader.read(file))
                .isInstanceOf(UserMistakeException.class)
                .hasMessage(file + ": has no accesses");
    }

    @Test
    void reportsACompressedFileThatEndsTooEarly() throws IOException {
        byte[] whole = gzip(random(1000).getBytes(StandardCharsets.US_ASCII));
        Path file = Files.write(folder.resolve("cut.pt.gz"), Arrays.copyOf(whole, whole.length / 2));
        assertThatThrownBy(() -> TraceReader.read(file))
                .isInstanceOf(UserMistakeException.class)
                .hasMessageStartingWith(file + ": cannot be read: ");
    }

    @Test
    void reportsFilesThatAreNone() {
        assertThatThrownBy(() -> TraceReader.read(folder)).hasMessage(folder + ": is a directory, not a trace");
        assertThatThrownBy(() -> TraceReader.read(folder.resolve("no")))
                .hasMessage(folder.resolve("no") + ": there is no such file");
    }
}
