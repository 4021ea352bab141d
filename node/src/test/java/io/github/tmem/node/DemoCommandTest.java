package io.github.tmem.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.node.console.ExitCode;
import io.github.tmem.node.fake.FakeStore;
import io.github.tmem.node.fake.Flaw;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The demo over fake stores: it reports figures, and it notices every kind of broken law. */
class DemoCommandTest {
    private static final int PAGES_BYTES = 12 << 20;

    @TempDir
    Path folder;

    private Path pages = Path.of("set before each test");

    @BeforeEach
    void writePages() throws IOException {
        byte[] content = new byte[PAGES_BYTES];
        new Random(1).nextBytes(content);
        pages = Files.write(folder.resolve("random.pages"), content);
    }

    private Shell demo(FakeStore store, String... more) {
        List<String> arguments = new ArrayList<>(List.of("demo", "--pages", pages.toString()));
        arguments.addAll(Arrays.asList(more));
        return Shell.run(FakeStore.provider(store), arguments.toArray(String[]::new));
    }

    @Test
    void aStoreThatKeepsTheLawsIsCleared() {
        FakeStore store = new FakeStore(Flaw.NONE);
        Shell shell = demo(store);
        assertThat(shell.err()).isEmpty();
        assertThat(shell.out()).doesNotContain("LAW BROKEN");
        assertThat(shell.out().lines().toList().getLast()).matches("every byte verified: [0-9,]+ pages read, 0 wrong");
        assertThat(shell.out().lines())
                .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(100));
        assertThat(shell.exitCode()).isEqualTo(ExitCode.OK);
        assertThat(store.isClosed()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "KEEPS_OLD, L1: an older page was delivered",
        "KEEPS_TAKEN, L2: a page that an exclusive get has taken was delivered",
        "KEEPS_REFUSED, L3: a page whose put was refused was delivered",
        "KEEPS_FLUSHED, L4: a flushed page was delivered",
        "KEEPS_OBJECT, L4: a flushed page was delivered",
        "FORGETS, L5: a persistent page",
        "LOSES, L5: page lost",
        "MISCOUNTS, L5: pool demo-persistent counts",
        "CORRUPTS, L6: other bytes were delivered",
        "SMUDGES, L6: a miss changed the buffer",
    })
    void aStoreThatBreaksALawIsConvicted(Flaw flaw, String finding) {
        Shell shell = demo(new FakeStore(flaw));
        assertThat(shell.out()).contains("LAW BROKEN  " + finding);
        String verdict = shell.out().lines().toList().getLast();
        assertThat(verdict).startsWith("the store broke its laws: ").doesNotContain(", 0 wrong");
        assertThat(shell.exitCode()).isEqualTo(ExitCode.BROKEN);
    }

    @Test
    void tooLittleMemoryIsTheUsersMistakeInOneLine() {
        FakeStore store = new FakeStore(Flaw.OUT_OF_MEMORY);
        Shell shell = demo(store);
        assertThat(shell.err())
                .contains("too little memory", "fake heap space", "-Xmx")
                .hasLineCount(1);
        assertThat(shell.exitCode()).isEqualTo(ExitCode.USER_MISTAKE);
        assertThat(store.isClosed()).isTrue();
    }

    @Test
    void aBugIsOneLineWithTheWayToItsTrace() {
        Shell shell = demo(new FakeStore(Flaw.THROWS));
        assertThat(shell.err())
                .contains("this is a bug in tmem: IllegalStateException: fake bug", "-Dtmem.trace=true")
                .hasLineCount(1);
        assertThat(shell.exitCode()).isEqualTo(ExitCode.BROKEN);
    }

    @Test
    void writesTheFiguresAsJson() {
        Path json = folder.resolve("figures.json");
        Shell shell = demo(new FakeStore(Flaw.NONE), "--json", json.toString());
        assertThat(shell.exitCode()).isEqualTo(ExitCode.OK);
        JsonNode root = JsonMapper.shared().readTree(json);
        assertThat(root.at("/sourceBytes").asLong()).isEqualTo(PAGES_BYTES);
        assertThat(root.at("/tiers/0/fill").asDouble()).isEqualTo(0.5);
        assertThat(root.at("/tiers/0/pages").asLong()).isEqualTo(15);
        assertThat(root.at("/pools/1/pool").asString()).isEqualTo("demo-persistent");
        assertThat(root.at("/pools/1/hitRatio").asDouble()).isEqualTo(1.0);
        assertThat(root.at("/pools/1/refused/FULL").asLong()).isEqualTo(3);
        assertThat(root.at("/phases").size()).isEqualTo(6);
        long pagesRead = root.at("/verdict/pagesRead").asLong();
        assertThat(shell.out().replace(",", "")).contains(pagesRead + " pages read 0 wrong");
    }

    @Test
    void usesThePoolsOfTheConfiguration() throws IOException {
        Path config = folder.resolve("tmem.yaml");
        Files.writeString(config, """
                chains: {fast: [{tier: heap, capacity: 1MiB}]}
                pools:
                  - {name: big, kind: ephemeral, page-size: 64KiB, get: inclusive, chain: fast}
                  - {name: ignored, kind: ephemeral, chain: fast}
                """);
        FakeStore store = new FakeStore(Flaw.NONE);
        Shell shell = demo(store, "--config", config.toString());
        assertThat(shell.err()).isEmpty();
        assertThat(shell.exitCode()).isEqualTo(ExitCode.OK);
        assertThat(store.poolNames()).containsExactly("big", "demo-persistent");
        assertThat(shell.out()).startsWith("chain heap 1MiB; ");
    }

    @Test
    void refusesPagesFilesThatHoldNoPages() throws IOException {
        Path empty = Files.createFile(folder.resolve("empty.pages"));
        Path small = Files.write(folder.resolve("small.pages"), new byte[5000]);
        assertRefused(empty, empty + ": is empty, so there are no pages in it");
        assertRefused(small, "the pages files hold fewer than two pages of 4096 bytes");
        assertRefused(folder, folder + ": is a directory, not a pages file");
    }

    private static void assertRefused(Path pages, String message) {
        Shell shell = Shell.run(FakeStore.provider(new FakeStore(Flaw.NONE)), "demo", "--pages", pages.toString());
        assertThat(shell.err().strip()).isEqualTo("tmem: " + message);
        assertThat(shell.exitCode()).isEqualTo(ExitCode.USER_MISTAKE);
    }

    @Test
    void takesPagesFromSeveralFilesAndLeavesOutTheirIncompletePages() throws IOException {
        Path second =
                Files.write(folder.resolve("second.pages"), Arrays.copyOf(Files.readAllBytes(pages), 8 * 4096 + 1));
        Path tiny = Files.write(folder.resolve("tiny.pages"), new byte[100]);
        Path json = folder.resolve("figures.json");
        Shell shell = demo(new FakeStore(Flaw.NONE), tiny.toString(), second.toString(), "--json", json.toString());
        assertThat(shell.exitCode()).isEqualTo(ExitCode.OK);
        assertThat(JsonMapper.shared().readTree(json).at("/sourceBytes").asLong())
                .isEqualTo(PAGES_BYTES + 8 * 4096);
        assertThat(shell.out()).containsPattern(Pattern.compile("of 3 files$", Pattern.MULTILINE));
    }

    @Test
    void twoPagesAreEnough() throws IOException {
        Path two = Files.write(folder.resolve("two.pages"), Arrays.copyOf(Files.readAllBytes(pages), 2 * 4096));
        Shell shell = Shell.run(FakeStore.provider(new FakeStore(Flaw.NONE)), "demo", "--pages", two.toString());
        assertThat(shell.out()).contains("every byte verified: ");
        assertThat(shell.exitCode()).isEqualTo(ExitCode.OK);
    }
}
