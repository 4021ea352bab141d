package io.github.tmem.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.node.console.ExitCode;
import io.github.tmem.node.fake.FakeStore;
import io.github.tmem.node.fake.Flaw;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The demo over fake stores whose chain has a tier that may lose pages: it counts what is lawful, and nothing else. */
class DemoLossesTest {
    private static final int PAGES_BYTES = 12 << 20;
    private static final String ACCEPTING = "{tier: remote, capacity: 1MiB, persistent: accept-loss}";
    private static final String REFUSING = "{tier: remote, capacity: 1MiB, persistent: refuse}";

    @TempDir
    Path folder;

    private Path pages = Path.of("set before each test");

    @BeforeEach
    void writePages() throws IOException {
        byte[] content = new byte[PAGES_BYTES];
        new Random(1).nextBytes(content);
        pages = Files.write(folder.resolve("random.pages"), content);
    }

    private Shell demo(Flaw flaw, String lastTier) throws IOException {
        Path config = Files.writeString(
                folder.resolve("tmem.yaml"), "chains: {default: [{tier: heap, capacity: 1MiB}, " + lastTier + "]}\n");
        return Shell.run(
                FakeStore.provider(new FakeStore(flaw)),
                "demo",
                "--pages",
                pages.toString(),
                "--config",
                config.toString(),
                "--json",
                json().toString());
    }

    private Path json() {
        return folder.resolve("figures.json");
    }

    private JsonNode verdict() {
        return JsonMapper.shared().readTree(json()).at("/verdict");
    }

    @Test
    void whatIsLostIsCounted() throws IOException {
        Shell shell = demo(Flaw.LOSES, ACCEPTING);
        assertThat(shell.err()).isEmpty();
        assertThat(shell.exitCode()).isEqualTo(ExitCode.OK);
        long lost = verdict().at("/losses/lost").asLong();
        assertThat(lost).isPositive();
        assertThat(verdict().at("/losses/lostGets").asLong()).isGreaterThanOrEqualTo(lost);
        assertThat(verdict().at("/losses/unavailableGets").asLong()).isZero();
        assertThat(verdict().at("/wrong").asLong()).isZero();
        assertThat(shell.out())
                .startsWith("tier remote is configured persistent: accept-loss: ")
                .contains("\nlost         " + lost + " persistent pages, told by ", ", 0 wrong");
        assertThat(shell.out().lines())
                .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(100));
    }

    @Test
    void whatCannotBeReachedIsCounted() throws IOException {
        Shell shell = demo(Flaw.HIDES, ACCEPTING);
        assertThat(shell.exitCode()).isEqualTo(ExitCode.OK);
        long unavailable = verdict().at("/losses/unavailable").asLong();
        assertThat(unavailable).isPositive();
        assertThat(verdict().at("/losses/unavailableGets").asLong()).isGreaterThanOrEqualTo(unavailable);
        assertThat(verdict().at("/losses/lost").asLong()).isZero();
        assertThat(shell.out())
                .contains("\nunavailable  " + unavailable + " persistent pages at the end; ", ", 0 wrong");
    }

    @Test
    void whereNothingIsLostTheReportSaysSo() throws IOException {
        Shell shell = demo(Flaw.NONE, ACCEPTING);
        assertThat(shell.exitCode()).isEqualTo(ExitCode.OK);
        assertThat(verdict().at("/losses/lost").asLong()).isZero();
        assertThat(shell.out()).contains("\nlost         0 persistent pages", "\nunavailable  0 persistent pages");
    }

    @ParameterizedTest
    @CsvSource({
        "LOSES, L5: page lost",
        "HIDES, L5: page unavailable",
    })
    void whereNoTierMayLosePagesEachIsAFinding(Flaw flaw, String finding) throws IOException {
        Shell shell = demo(flaw, REFUSING);
        assertThat(shell.out()).contains("LAW BROKEN  " + finding).doesNotContain("accept-loss", "\nlost  ");
        assertThat(verdict().at("/losses").isNull()).isTrue();
        assertThat(shell.exitCode()).isEqualTo(ExitCode.BROKEN);
    }

    @ParameterizedTest
    @CsvSource({
        "HIDES_THOUGH_ALIVE, stay unavailable although their tier answers",
        "LOSES_NOTHING, L4: a flushed page was reported lost",
        "HIDES_NOTHING, L4: a flushed page was reported unavailable",
        "LOSES_EPHEMERAL, L5: page lost (pool demo-ephemeral",
        "LOSES_FOR_A_WHILE, L5: a page that was reported lost was delivered",
        "LOSES_AND_FORGETS, L5: a persistent page is missing",
        "HIDES_AND_FORGETS, L5: a persistent page is missing",
        "LOSES_AND_HIDES, L5: a page that was reported lost was reported unavailable",
        "LOSES_AND_SMUDGES, L6: a get that failed changed the buffer",
        "LOSES_ABOVE, L5: tier fake lost 1 persistent pages and may lose none",
        "KEEPS_OLD, L1: an older page was delivered",
        "KEEPS_REFUSED, L3: a page whose put was refused was delivered",
        "FORGETS, L5: a persistent page",
        "MISCOUNTS, L5: pool demo-persistent counts",
        "CORRUPTS, L6: other bytes were delivered",
    })
    void allElseStaysABrokenLaw(Flaw flaw, String finding) throws IOException {
        Shell shell = demo(flaw, ACCEPTING);
        assertThat(shell.out())
                .containsPattern("LAW BROKEN  (L5: [0-9]+ pages of pool demo-persistent )?" + Pattern.quote(finding));
        assertThat(shell.exitCode()).isEqualTo(ExitCode.BROKEN);
    }
}
