package io.github.tmem.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.node.console.ExitCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code tmem demo --remote} with the peer that it starts: left alone, killed, frozen for a while, interrupted. */
@Tag("long")
@Timeout(600)
class DemoWithPeerTest {
    private static final int PAGES_BYTES = 48 << 20;
    private static final int EXIT_OF_SIGTERM = 143;

    @TempDir
    Path folder;

    private Path pages = Path.of("written before each test");

    @BeforeEach
    void writePages() throws IOException {
        try (InputStream classes = Files.newInputStream(Path.of(System.getProperty("java.home"), "lib", "modules"))) {
            pages = Files.write(folder.resolve("jdk.pages"), classes.readNBytes(PAGES_BYTES));
        }
    }

    private static JsonNode figures(DemoProcess demo) {
        return JsonMapper.shared().readTree(demo.json());
    }

    private static void assertVerified(DemoProcess demo, Shell shell) {
        assertThat(shell.out()).doesNotContain("LAW BROKEN");
        assertThat(shell.exitCode()).as(shell.err()).isEqualTo(ExitCode.OK);
        assertThat(shell.out().lines().toList().getLast()).matches("every byte verified: [0-9,]+ pages read, 0 wrong");
        // one line for each trouble of the tier; on a busy machine it may have some at the beginning
        assertThat(shell.err().lines())
                .hasSizeLessThan(5)
                .allMatch(line -> line.matches("tmem: tier remote: .*; pages pass it by until it answers"));
        assertThat(figures(demo).at("/verdict/wrong").asLong()).isZero();
        assertNothingStays(demo);
    }

    private static void assertNothingStays(DemoProcess demo) {
        assertThat(demo.peer().isAlive()).isFalse();
        assertThat(demo.temporary()).isEmptyDirectory();
    }

    @Test
    void manyPagesGoToThePeerAndAllAreVerified() throws Exception {
        try (DemoProcess demo = new DemoProcess(folder, pages)) {
            Shell shell = demo.end();
            assertVerified(demo, shell);
            assertThat(shell.out())
                    .startsWith("tier remote is configured persistent: accept-loss: ")
                    .contains("chain heap 4MiB > offheap 8MiB > remote 64MiB; ")
                    .doesNotContain("peer ended");
            assertThat(figures(demo).at("/tiers/2/pages").asLong()).isGreaterThan(1000);
            assertThat(figures(demo).at("/tiers/2/hits").asLong()).isPositive();
            assertThat(figures(demo).at("/verdict/losses/lost").asLong()).isZero();
        }
    }

    @Test
    void whatAPeerThatIsKilledHadIsCountedAndNothingIsWrong() throws Exception {
        try (DemoProcess demo = new DemoProcess(folder, pages)) {
            demo.awaitPagesAtPeer();
            assertThat(demo.peer().destroyForcibly()).isTrue();
            Shell shell = demo.end();
            assertVerified(demo, shell);
            long unavailable = figures(demo).at("/verdict/losses/unavailable").asLong();
            assertThat(unavailable).isPositive();
            assertThat(shell.out())
                    .contains("peer ended in the middle of the run (exit code 137), and with it "
                            + String.format("%,d", unavailable) + " persistent pages that nobody else has");
            assertThat(shell.err()).isNotEmpty();
        }
    }

    /**
     * Its pages come back with it, but none that was replaced or flushed meanwhile. If the demo is done before it gives the peer
     * up, they are unavailable in the end.
     */
    @Test
    void aPeerThatStandsStillForAWhileMakesNothingWrong() throws Exception {
        try (DemoProcess demo = new DemoProcess(folder, pages)) {
            demo.awaitPagesAtPeer();
            demo.signalPeer("STOP");
            demo.untilOrEnd(() -> demo.err().contains("pages pass it by"));
            if (demo.peer().isAlive()) {
                demo.signalPeer("CONT");
            }
            Shell shell = demo.end();
            assertVerified(demo, shell);
            assertThat(figures(demo).at("/verdict/losses/lost").asLong()).isZero();
        }
    }

    @Test
    void whoInterruptsItEndsThePeerToo() throws Exception {
        try (DemoProcess demo = new DemoProcess(folder, pages)) {
            demo.awaitPagesAtPeer();
            demo.interrupt();
            assertThat(demo.end().exitCode()).isEqualTo(EXIT_OF_SIGTERM);
            assertNothingStays(demo);
        }
    }

    @Test
    void whoKillsItEndsThePeerToo() throws Exception {
        try (DemoProcess demo = new DemoProcess(folder, pages)) {
            demo.awaitPagesAtPeer();
            demo.kill();
            assertThat(demo.peer().onExit()).succeedsWithin(Duration.ofSeconds(60));
        }
    }
}
