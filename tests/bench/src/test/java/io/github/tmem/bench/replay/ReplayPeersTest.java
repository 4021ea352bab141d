package io.github.tmem.bench.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.bench.Shell;
import io.github.tmem.bench.peer.policy.Peer;
import io.github.tmem.node.console.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code tmem replay --peers} on a trace of skewed accesses with scans between them. */
class ReplayPeersTest {
    private static final String SAMPLES = "tmem.samples";
    private static final List<String> PEERS = List.of("lru", "sieve", "s3_fifo", "arc", "w_tinylfu", "optimum");

    @TempDir
    private Path folder;

    private final String samples = System.getProperty(SAMPLES, "");
    private Path trace;
    private Path json;

    @BeforeEach
    void writeTrace() throws IOException {
        Random random = new Random(1);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 20_000; i++) {
            long page = (long) (1_000 * Math.pow(random.nextDouble(), 3));
            text.append(random.nextInt(20) == 0 ? "W " : "R ").append(page).append(" 1\n");
            if (i % 500 == 499) {
                text.append("R ").append(1_000 + i / 500 * 100).append(" 100\n");
            }
        }
        trace = Files.writeString(folder.resolve("made.pt"), text);
        json = folder.resolve("figures.json");
    }

    @AfterEach
    void restoreSamples() {
        System.setProperty(SAMPLES, samples);
    }

    private Shell compare(String... options) {
        List<String> arguments = new ArrayList<>(List.of("replay", "--peers", "--json", json.toString()));
        arguments.addAll(List.of(options));
        return Shell.run(arguments.toArray(String[]::new));
    }

    private List<JsonNode> figures() {
        List<JsonNode> figures = new ArrayList<>();
        JsonMapper.shared().readTree(json.toFile()).forEach(figures::add);
        return figures;
    }

    private static double mean(List<JsonNode> figures, String get, String... path) {
        return figures.stream()
                .filter(run -> run.get("get").asString().equals(get))
                .mapToDouble(run -> {
                    JsonNode node = run;
                    for (String name : path) {
                        node = node.get(name);
                    }
                    return node.asDouble();
                })
                .average()
                .orElseThrow();
    }

    @Test
    void comparesBothSortsOfGetsAtFourSizesEach() {
        Shell shell = compare(trace.toString());
        assertThat(shell.exitCode()).isEqualTo(ExitCode.OK);
        assertThat(shell.err().lines().map(line -> line.replaceAll("\\d+:\\d\\d", "0:00")))
                .containsExactly(
                        "tmem replay: 0:00 inclusive made",
                        "tmem replay: 0:00 exclusive made",
                        "tmem replay: 0:00 done");
        List<JsonNode> figures = figures();
        assertThat(figures.stream()
                        .map(run -> run.get("get").asString() + " "
                                + run.get("capacity").asString()))
                .containsExactly(
                        "inclusive 1%",
                        "inclusive 5%",
                        "inclusive 10%",
                        "inclusive 30%",
                        "exclusive 5%",
                        "exclusive 10%",
                        "exclusive 20%",
                        "exclusive 40%");
        assertThat(figures).allSatisfy(run -> {
            assertThat(run.get("peers").propertyNames()).containsExactlyElementsOf(PEERS);
            double optimum = run.get("peers").get("optimum").asDouble();
            assertThat(run.get("hit_ratio").asDouble()).isBetween(0.01, optimum);
            assertThat(run.get("peers"))
                    .allSatisfy(one -> assertThat(one.asDouble()).isBetween(0.01, optimum));
            assertThat(run.get("tiers")).isEmpty();
            boolean exclusive = run.get("get").asString().equals("exclusive");
            assertThat(run.get("guest").isNull()).isNotEqualTo(exclusive);
            assertThat(run.get("hits").asDouble() / run.get("gets").asDouble())
                    .isEqualTo(run.get("hit_ratio").asDouble());
        });
    }

    @Test
    void theTableHasALineForEachSizeAndTheMeans() {
        Shell shell = compare(trace.toString(), "--get", "inclusive", "--capacity", "10%,200");
        List<String> lines = shell.out().lines().toList();
        assertThat(lines.getFirst()).isEqualTo("hit ratios in per cent; inclusive gets");
        assertThat(lines.get(2).split(" {2,}", -1))
                .startsWith("trace", "capacity", "pages", "tmem")
                .endsWith(Arrays.stream(Peer.values()).map(Peer::words).toArray(String[]::new));
        List<JsonNode> figures = figures();
        assertThat(lines.get(4))
                .matches("made +200 +200 .*")
                .contains(String.format(
                        Locale.ROOT, "%.2f", figures.getLast().get("hit_ratio").asDouble() * 100));
        assertThat(lines.get(5))
                .startsWith("mean of 2 ")
                .contains(String.format(Locale.ROOT, "%.2f", mean(figures, "inclusive", "hit_ratio") * 100));
        assertThat(lines).hasSize(6);
    }

    /** The store has the policies it says it has: what keys of 14 bits and shards cost is less than this. */
    @Test
    void theStoreKeepsUpWithWhatItWasMadeFrom() {
        compare(trace.toString(), "--capacity", "5%,10%,30%");
        List<JsonNode> figures = figures();
        assertThat(mean(figures, "inclusive", "hit_ratio"))
                .isGreaterThan(mean(figures, "inclusive", "peers", "s3_fifo") - 0.01)
                .isGreaterThan(mean(figures, "inclusive", "peers", "lru") + 0.01);
        assertThat(mean(figures, "exclusive", "hit_ratio"))
                .isGreaterThan(mean(figures, "exclusive", "peers", "arc") - 0.01)
                .isGreaterThan(mean(figures, "exclusive", "peers", "lru") + 0.01);
    }

    @Test
    void tiersOfTheSameSizeStandBesideOneTier() {
        Shell shell = compare(trace.toString(), "--capacity", "20%", "--tiers", "10:90,10:30:60");
        assertThat(shell.exitCode()).isEqualTo(ExitCode.OK);
        assertThat(shell.out()).containsPattern("pages +tmem +10:90 +10:30:60 +LRU");
        assertThat(shell.out().lines().filter(line -> line.startsWith("tiers 10:30:60: on average")))
                .hasSize(2);
        for (JsonNode run : figures()) {
            assertThat(run.get("tiers").propertyNames()).containsExactly("10:90", "10:30:60");
            double one = run.get("hit_ratio").asDouble();
            // tiers above the last one are full to nine tenths only, and a chain that did not use its last tier had
            // half
            assertThat(run.get("tiers"))
                    .allSatisfy(chain -> assertThat(chain.asDouble()).isBetween(one * 0.9, one * 1.05));
        }
    }

    @Test
    void aPlainReplayTakesTiersToo() {
        Shell shell =
                Shell.run("replay", trace.toString(), "--get", "inclusive", "--capacity", "100", "--tiers", "10:90");
        assertThat(shell.err()).isEmpty();
        assertThat(shell.out()).contains("; tiers of 10:90", "made 100: slots 40 KiB > slots 360 KiB");
    }

    @Test
    void withoutATraceTakesTheSamples() throws IOException {
        Path traces = Files.createDirectory(folder.resolve("traces"));
        Files.writeString(traces.resolve("b.pt.gz"), "R 1 20\nR 1 20\n");
        Files.writeString(traces.resolve("a.pt.gz"), "R 1 20\n");
        Files.writeString(traces.resolve("README.md"), "no trace");
        System.setProperty(SAMPLES, folder.toString());
        compare("--get", "inclusive", "--capacity", "50%,20");
        assertThat(figures().stream().map(run -> run.get("trace").asString())).containsExactly("a", "a", "b", "b");
        assertThat(figures().getLast().get("hit_ratio").asDouble()).isEqualTo(0.5);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--get both|--get \"both\"; allowed: inclusive, exclusive",
                "--get inclusive --guest 5%|--guest goes with --get exclusive",
                "--config c.yaml|--peers does not go with --config; give tiers with --tiers",
                "--tiers 10|--tiers \"10\"; allowed: the shares of 2 to 8 tiers",
                "--tiers 10:0|--tiers \"10:0\"; allowed: the shares of 2 to 8 tiers",
                "--capacity 2 --tiers 1:1:1|--capacity 2 of made: tier slots: capacity",
                "--capacity 200%|--capacity \"200%\"; allowed: a share of",
                "no/such.pt|no/such.pt: there is no such file",
            })
    void reportsMistakesInOneLineBeforeTheFirstRun(String options, String message) {
        List<String> arguments = new ArrayList<>(List.of(trace.toString()));
        arguments.addAll(List.of(options.split(" ", -1)));
        assertMistake(compare(arguments.toArray(String[]::new)), message);
    }

    @Test
    void reportsMistakesOfAPlainReplayWithTiers() {
        String file = trace.toString();
        assertMistake(
                Shell.run("replay", file, "--get", "inclusive", "--capacity", "9", "--tiers", "1:1,1:2"),
                "--tiers of several chains goes with --peers");
        assertMistake(
                Shell.run("replay", file, "--get", "inclusive", "--capacity", "9", "--tiers", "1:1", "--config", "c"),
                "--tiers does not go with --config");
        System.setProperty(SAMPLES, folder.resolve("nothing").toString());
        assertMistake(Shell.run("replay", "--peers"), "give a TRACE; there are no samples");
    }

    private static void assertMistake(Shell shell, String message) {
        assertThat(shell.err().strip()).startsWith("tmem: " + message).hasLineCount(1);
        assertThat(shell.out()).isEmpty();
        assertThat(shell.exitCode()).isEqualTo(ExitCode.USER_MISTAKE);
    }
}
