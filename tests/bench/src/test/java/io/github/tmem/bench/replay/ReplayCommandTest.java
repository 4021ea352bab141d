package io.github.tmem.bench.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.bench.Shell;
import io.github.tmem.bench.trace.Trace;
import io.github.tmem.bench.trace.TraceReader;
import io.github.tmem.node.console.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ReplayCommandTest {
    @TempDir
    private Path folder;

    private Path trace;
    private Path json;

    @BeforeEach
    void writeTrace() throws IOException {
        Random random = new Random(1);
        StringBuilder text = new StringBuilder("# made for the test\n");
        for (int i = 0; i < 4000; i++) {
            long first = (long) (Math.abs(random.nextGaussian()) * 3000);
            text.append(random.nextInt(5) == 0 ? "W " : "R ").append(first).append(" 4\n");
        }
        trace = Files.writeString(folder.resolve("made.pt"), text);
        json = folder.resolve("figures.json");
    }

    private Shell replay(String... options) {
        List<String> arguments = new ArrayList<>(List.of("replay", trace.toString(), "--json", json.toString()));
        arguments.addAll(List.of(options));
        return Shell.run(arguments.toArray(String[]::new));
    }

    private JsonNode figures() {
        return JsonMapper.shared().readTree(json.toFile());
    }

    @Test
    void aStoreForAllPagesMissesEachOnce() {
        Trace read = TraceReader.read(trace);
        assertThat(replay("--get", "inclusive", "--capacity", "100%").exitCode())
                .isEqualTo(ExitCode.OK);
        JsonNode run = figures().get(0);
        assertThat(run.get("gets").asLong()).isEqualTo(read.length());
        assertThat(run.get("hits").asLong()).isEqualTo(read.length() - read.distinctPages());
    }

    @Test
    void aStoreForAllPagesBehindAGuestGivesBackWhatTheGuestGaveUp() {
        Trace read = TraceReader.read(trace);
        PlainGuest guest = new PlainGuest(read.distinctPages() / 4);
        Set<Integer> held = new HashSet<>();
        long gets = 0;
        long hits = 0;
        for (int i = 0; i < read.length(); i++) {
            int page = read.page(i);
            if (!guest.touch(page)) {
                boolean removed = held.remove(page);
                gets += read.isWrite(i) ? 0 : 1;
                hits += removed && !read.isWrite(i) ? 1 : 0;
                Integer victim = guest.admit(page);
                if (victim != null) {
                    held.add(victim);
                }
            }
        }
        assertThat(replay("--get", "exclusive", "--capacity", "100%", "--guest", "25%")
                        .exitCode())
                .isEqualTo(ExitCode.OK);
        JsonNode run = figures().get(0);
        assertThat(hits).isPositive();
        assertThat(run.get("gets").asLong()).isEqualTo(gets);
        assertThat(run.get("hits").asLong()).isEqualTo(hits);
    }

    @Test
    void writesOneObjectForEachTraceAndCapacity() {
        Shell shell = replay(trace.toString(), "--get", "inclusive", "--capacity", "10%,500");
        assertThat(shell.err()).isEmpty();
        JsonNode figures = figures();
        assertThat(figures).hasSize(4);
        JsonNode run = figures.get(1);
        assertThat(run.propertyNames())
                .containsExactlyInAnyOrder("trace", "capacity", "get", "guest", "hits", "gets", "hit_ratio");
        assertThat(run.get("trace").asString()).isEqualTo("made");
        assertThat(run.get("capacity").asString()).isEqualTo("500");
        assertThat(run.get("get").asString()).isEqualTo("inclusive");
        assertThat(run.get("guest").isNull()).isTrue();
        assertThat(run.get("hit_ratio").asDouble())
                .isEqualTo(run.get("hits").asDouble() / run.get("gets").asDouble())
                .isBetween(0.01, 0.99);
        assertThat(figures.get(2)).isEqualTo(figures.get(0));
        assertThat(shell.out().lines().filter(line -> line.startsWith("made"))).hasSize(4);
        assertThat(shell.out()).containsPattern("made +500 +500 ").contains("hit ratio", "accesses/s");
    }

    @Test
    void theSameCommandGivesTheSameFigures() {
        for (String mode : List.of("inclusive", "exclusive")) {
            replay("--get", mode, "--capacity", "7,10%,50%");
            JsonNode first = figures();
            replay("--get", mode, "--capacity", "7,10%,50%");
            assertThat(figures()).isEqualTo(first);
        }
    }

    @Test
    void theGuestIsATenthUnlessTheUserSaysOtherwise() {
        replay("--get", "exclusive", "--capacity", "20%");
        JsonNode otherwise = figures().get(0);
        assertThat(otherwise.get("guest").asString()).isEqualTo("10%");
        replay("--get", "exclusive", "--capacity", "20%", "--guest", "10%");
        assertThat(figures().get(0)).isEqualTo(otherwise);
    }

    @Test
    void usesTheTiersOfAFile() throws IOException {
        Path config = Files.writeString(folder.resolve("c.yaml"), """
                chains:
                  default:
                    - tier: slots
                      capacity: 1MiB
                    - tier: slots
                      capacity: 3MiB
                """);
        Shell written = replay("--get", "inclusive", "--config", config.toString());
        assertThat(written.exitCode()).isEqualTo(ExitCode.OK);
        assertThat(written.out()).contains("as written", "made: slots 1 MiB > slots 3 MiB");
        assertThat(figures().get(0).get("capacity").isNull()).isTrue();
        assertThat(figures().get(0).get("hits").asLong()).isPositive();
        Shell scaled = replay("--get", "inclusive", "--config", config.toString(), "--capacity", "512");
        assertThat(scaled.out()).contains("made 512: slots 512 KiB > slots 1.5 MiB");
        assertThat(figures().get(0).get("capacity").asString()).isEqualTo("512");
        Shell tooSmall = replay("--get", "inclusive", "--config", config.toString(), "--capacity", "512,3");
        assertThat(tooSmall.err())
                .startsWith("tmem: --capacity 3 of made: tier slots: capacity 3KiB; allowed: at least 4096B")
                .hasLineCount(1);
        assertThat(tooSmall.exitCode()).isEqualTo(ExitCode.USER_MISTAKE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--capacity 10%|Missing required option: '--get=MODE'; see: tmem replay --help",
                "--capacity 10% --get both|--get \"both\"; allowed: inclusive, exclusive",
                "--get inclusive|give --capacity, for example 10%, or tiers with --config",
                "--get inclusive --capacity 10% --guest 5%|--guest goes with --get exclusive; an inclusive replay has no guest",
                "--get inclusive --capacity 0.0001%|--capacity 0.0001% of made with its",
                "--get inclusive --capacity 10%,200%|--capacity \"200%\"; allowed: a share of",
                "--get exclusive --capacity 10% --guest 0|--guest \"0\"; allowed: a share of",
                "--get inclusive --capacity 10% no/such.pt|no/such.pt: there is no such file",
                "--get inclusive --capacity 10% --config no/such.yaml|no/such.yaml: there is no such file",
                "--get inclusive --capacity 10% --json no/such/file|no/such/file: cannot be written",
            })
    void reportsMistakesInOneLineBeforeTheFirstRun(String options, String message) {
        List<String> arguments = new ArrayList<>(List.of("replay", trace.toString()));
        arguments.addAll(List.of(options.split(" ", -1)));
        Shell shell = Shell.run(arguments.toArray(String[]::new));
        assertThat(shell.err().strip()).startsWith("tmem: " + message).hasLineCount(1);
        assertThat(shell.out()).isEmpty();
        assertThat(shell.exitCode()).isEqualTo(ExitCode.USER_MISTAKE);
    }

    @Test
    void needsATrace() {
        Shell shell = Shell.run("replay", "--get", "inclusive", "--capacity", "10%");
        assertThat(shell.err())
                .startsWith("tmem: Missing required parameter: 'TRACE'")
                .hasLineCount(1);
        assertThat(shell.exitCode()).isEqualTo(ExitCode.USER_MISTAKE);
    }

    @Test
    void helps() {
        assertThat(Shell.run("replay", "--help").out()).contains("--capacity", "(default: 10%)", "R 4711 8");
        assertThat(Shell.run("--help").out()).contains("replay");
        assertThat(Shell.run().err()).contains("no command given");
    }
}
