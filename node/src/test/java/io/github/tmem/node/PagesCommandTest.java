package io.github.tmem.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.node.console.ExitCode;
import io.github.tmem.node.fake.FakeStore;
import io.github.tmem.node.fake.Flaw;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The command over the real chain, and over stores with planted flaws. */
class PagesCommandTest {
    private static final int PAGE = 4096;
    private static final int CLASSES = 300;

    @TempDir
    private Path folder;

    private Path classes;
    private Path mixed;
    private Path json;

    /** Classes of the JDK, which compress; and 5 pages of noise, 3 of zeros, and a bit. */
    @BeforeEach
    void writePages() throws IOException {
        try (InputStream in = Files.newInputStream(Path.of(System.getProperty("java.home"), "lib", "modules"))) {
            classes = Files.write(folder.resolve("classes"), in.readNBytes(CLASSES * PAGE));
        }
        byte[] noise = new byte[5 * PAGE];
        new Random(3).nextBytes(noise);
        byte[] bytes = Arrays.copyOf(noise, 8 * PAGE + 1000);
        Arrays.fill(bytes, 8 * PAGE, bytes.length, (byte) 'x');
        mixed = Files.write(folder.resolve("mixed"), bytes);
        json = folder.resolve("figures.json");
    }

    private Shell pages(String... options) {
        List<String> arguments = new ArrayList<>(List.of("pages", "--json", json.toString()));
        arguments.addAll(List.of(options));
        return Shell.run(Installation.onClassPath(), arguments.toArray(String[]::new));
    }

    private JsonNode figures() {
        return JsonMapper.shared().readTree(json);
    }

    @Test
    void tellsHowEachPageIsKept() {
        Shell shell = pages(mixed.toString());
        assertThat(shell.err()).isEmpty();
        assertThat(shell.exitCode()).isEqualTo(ExitCode.OK);
        assertThat(shell.out())
                .contains("9 pages of 1 file, the last page of 1 filled up with zeros; store: offheap ")
                .contains("9 stored: 1 compressed, 5 raw, 3 same-filled");
        JsonNode figures = figures();
        assertThat(figures.get("pages").asLong()).isEqualTo(9);
        assertThat(figures.get("refused").asLong()).isZero();
        assertThat(figures.get("raw_bytes").asLong()).isEqualTo(9 * PAGE);
        assertThat(figures.get("same_filled").asLong()).isEqualTo(3);
        assertThat(figures.get("raw_pages").asLong()).isEqualTo(5);
        assertThat(figures.get("encoded_bytes").asLong()).isBetween(5L * PAGE + 20, 5L * PAGE + 200);
    }

    @Test
    void countsAllMemory() {
        Shell shell = pages(classes.toString(), mixed.toString());
        assertThat(shell.out()).contains("309 pages of 2 files").doesNotContain("REFUSED", "WRONG");
        JsonNode figures = figures();
        assertThat(figures.propertyNames())
                .containsExactlyInAnyOrder(
                        "pages",
                        "refused",
                        "raw_bytes",
                        "encoded_bytes",
                        "memory_bytes",
                        "density",
                        "same_filled",
                        "raw_pages",
                        "put_ns",
                        "get_ns",
                        "metadata_bytes_per_page",
                        "rss_bytes_per_page");
        double memory = figures.get("memory_bytes").asDouble();
        double directory = figures.get("metadata_bytes_per_page").asDouble() * 309;
        assertThat(memory).isGreaterThan(figures.get("encoded_bytes").asDouble() + directory);
        assertThat(figures.get("density").asDouble()).isEqualTo(309.0 * PAGE / memory);
        assertThat(figures.get("put_ns").asDouble()).isBetween(50.0, 1e7);
        assertThat(figures.get("get_ns").asDouble()).isBetween(50.0, 1e7);
        assertThat(figures.get("rss_bytes_per_page").isNull())
                .as("Linux says how much memory is resident")
                .isEqualTo(!Files.exists(Path.of("/proc/self/status")));
    }

    @Test
    void reportsWhatDoesNotFit() throws IOException {
        Path config = Files.writeString(folder.resolve("small.yaml"), """
                chains: {small: [{tier: heap, capacity: 100KiB}, {tier: offheap, capacity: 200KiB}]}
                """);
        Shell shell = pages(classes.toString(), "--config", config.toString());
        assertThat(shell.exitCode()).isEqualTo(ExitCode.OK);
        assertThat(shell.out()).contains("store: heap 100 KiB > offheap 200 KiB", "REFUSED", "for want of room");
        long stored = figures().get("pages").asLong();
        assertThat(stored).isBetween(50L, 290L);
        assertThat(figures().get("refused").asLong()).isEqualTo(CLASSES - stored);
        assertThat(figures().get("raw_bytes").asLong()).isEqualTo(stored * PAGE);
        assertThat(figures().get("memory_bytes").asLong()).isGreaterThan(200 << 10);
    }

    @Test
    void aChainOfTheWrongSizeIsOneLine() throws IOException {
        Path config = Files.writeString(folder.resolve("large.yaml"), """
                chains: {default: [{tier: offheap, capacity: 1000TiB}]}
                """);
        Shell shell = pages(classes.toString(), "--config", config.toString());
        assertThat(shell.err())
                .startsWith("tmem: tier offheap: capacity 1000TiB")
                .hasLineCount(1);
        assertThat(shell.exitCode()).isEqualTo(ExitCode.USER_MISTAKE);
    }

    @Test
    void anEmptyFileIsAMistake() throws IOException {
        Path empty = Files.createFile(folder.resolve("empty"));
        Shell shell = pages(classes.toString(), empty.toString());
        assertThat(shell.err().strip()).isEqualTo("tmem: " + empty + ": is empty, so there are no pages in it");
        assertThat(shell.exitCode()).isEqualTo(ExitCode.USER_MISTAKE);
        assertThat(json).doesNotExist();
    }

    @ParameterizedTest
    @EnumSource(
            value = Flaw.class,
            names = {"NONE", "CORRUPTS", "FORGETS"})
    void comparesEveryPage(Flaw flaw) {
        Shell shell = Shell.run(FakeStore.provider(new FakeStore(flaw)), "pages", classes.toString());
        assertThat(shell.exitCode()).isEqualTo(flaw == Flaw.NONE ? ExitCode.OK : ExitCode.BROKEN);
        assertThat(shell.out().contains("WRONG     6 pages did not come back as they were"))
                .isEqualTo(flaw != Flaw.NONE);
    }
}
