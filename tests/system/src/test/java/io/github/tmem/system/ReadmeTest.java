package io.github.tmem.system;

import static io.github.tmem.kit.Aside.join;
import static io.github.tmem.kit.Aside.start;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.PageStore;
import io.github.tmem.api.config.StoreConfig;
import io.github.tmem.api.spi.StoreProvider;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples of README.md work as they stand there. */
class ReadmeTest {
    private static final Path ROOT = Path.of(System.getProperty("tmem.root", "../.."));
    private static final int PAGE = 4096;

    /** More than the example's store holds, because random bytes do not compress. */
    private static final int PAGES = 2500;

    private String readme = "";

    @TempDir
    @SuppressWarnings("NullAway.Init") // set before each test
    private Path folder;

    @BeforeEach
    void read() throws IOException {
        readme = Files.readString(ROOT.resolve("README.md"));
    }

    /** The text of the only block of a language that contains {@code mark}. */
    private String block(String language, String mark) {
        Matcher matcher = Pattern.compile("^```" + language + "\\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL)
                .matcher(readme);
        List<String> blocks = matcher.results()
                .map(found -> found.group(1))
                .filter(text -> text.contains(mark))
                .toList();
        assertThat(blocks).as("blocks of %s with %s", language, mark).hasSize(1);
        return blocks.getFirst();
    }

    @Test
    void theJavaExampleCompilesAndRuns() throws Exception {
        compile(Files.writeString(folder.resolve("Example.java"), block("java", "class Example ")));
        byte[] bytes = new byte[PAGES * PAGE];
        new Random(5).nextBytes(bytes);
        Path file = Files.write(folder.resolve("pages"), bytes);
        String printed = run("Example", file.toString());
        Matcher figures = Pattern.compile("(\\d+) pages, (\\d+) of them refused by memory, (\\d+) wrong\\R")
                .matcher(printed);
        assertThat(figures.matches()).as(printed).isTrue();
        assertThat(figures.group(1)).isEqualTo(String.valueOf(PAGES));
        assertThat(Integer.parseInt(figures.group(2))).isBetween(PAGES / 4, PAGES - 1);
        assertThat(figures.group(3)).isEqualTo("0");
    }

    @Test
    void theExampleOfSharedPoolsCompilesAndRuns() throws Exception {
        compile(Files.writeString(folder.resolve("Shared.java"), block("java", "class Shared ")));
        assertThat(run("Shared")).isEqualTo("true" + System.lineSeparator());
    }

    @Test
    void theMetricsExampleCompilesAndRuns() throws Exception {
        compile(Files.writeString(folder.resolve("Metered.java"), block("java", "class Metered ")));
        assertThat(run("Metered"))
                .contains("tmem_puts_total{kind=\"ephemeral\",outcome=\"stored\",pool=\"blocks\",reason=\"none\"} 1.0")
                .contains("tmem_latency_seconds_bucket{");
    }

    /** On a thread of its own: the platform keeps buffers for each thread that reads jars, until the thread ends. */
    private void compile(Path source) {
        join(start(() -> {
            try {
                compileHere(source);
                return true;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }));
    }

    private void compileHere(Path source) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter messages = new StringWriter();
        List<String> options = List.of("-d", folder.toString(), "-proc:none", "-Xlint:all,-path,-classfile", "-Werror");
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            boolean compiled = compiler.getTask(messages, files, null, options, null, files.getJavaFileObjects(source))
                    .call();
            assertThat(compiled).as(messages.toString()).isTrue();
        }
    }

    /** Runs the example in a Java of its own, as a reader would; returns what it printed. */
    private String run(String example, String... arguments) throws IOException, InterruptedException {
        String classPath = folder + System.getProperty("path.separator") + System.getProperty("java.class.path");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-classpath",
                classPath,
                example));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        return printed;
    }

    @Test
    void theLiveExampleChangesItsTiers() throws Exception {
        compile(Files.writeString(folder.resolve("Renovated.java"), block("java", "class Renovated ")));
        assertThat(run("Renovated")).isEqualTo("[offheap]" + System.lineSeparator());
    }

    @Test
    void thePoolOfTheExampleMovesAndComesBack() throws Exception {
        compile(Files.writeString(folder.resolve("Moved.java"), block("java", "class Moved ")));
        String file = folder.resolve("spill").toString();
        assertThat(run("Moved", file)).isEqualTo("2 pages came back" + System.lineSeparator());
    }

    @Test
    void theYamlExampleCanBeOpened() throws IOException {
        Path file = Files.writeString(folder.resolve("tmem.yaml"), block("yaml", "chains:"));
        StoreConfig config = StoreProvider.installed().read(file);
        assertThat(config.chains()).containsOnlyKeys("default", "spill");
        try (PageStore store = PageStore.open(config)) {
            assertThat(store.ephemeral("blocks").pageSize()).isEqualTo(16 << 10);
            assertThat(store.persistent("spill").pageCount()).isZero();
        }
    }

    @Test
    void everyLinkedFileExists() {
        Stream<String> targets = Pattern.compile("\\]\\(([^):#]+)(#[^)]*)?\\)")
                .matcher(readme)
                .results()
                .map(link -> link.group(1));
        assertThat(targets)
                .isNotEmpty()
                .allSatisfy(target -> assertThat(ROOT.resolve(target)).exists());
    }
}
