package io.github.tmem.bench.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.bench.Shell;
import io.github.tmem.node.console.ExitCode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a mistake is answered with, before anything is measured. */
class BenchCommandTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path folder;

    private static void assertRefused(Shell shell, String... words) {
        assertThat(shell.exitCode()).isEqualTo(ExitCode.USER_MISTAKE);
        assertThat(shell.out()).isEmpty();
        assertThat(shell.err().lines()).hasSize(1);
        assertThat(shell.err()).contains(words).doesNotContain("Exception");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--quik", "--jsn", "quick"})
    void aMistypedOptionIsNamed(String typed) {
        assertRefused(Shell.run("bench", typed), typed, "tmem bench --help");
    }

    @Test
    void jsonWantsAFile() {
        assertRefused(Shell.run("bench", "--quick", "--json"), "--json", "FILE");
    }

    @Test
    void aFileThatCannotBeWrittenIsFoundOutBeforeAnythingIsMeasured() {
        Path nowhere = folder.resolve("missing").resolve("figures.json");
        assertRefused(Shell.run("bench", "--quick", "--json", nowhere.toString()), nowhere.toString());
        assertRefused(Shell.run("bench", "--json", folder.toString()), folder.toString());
    }

    @Test
    void theCommandBelowTakesTheSameOptions() {
        Path nowhere = folder.resolve("missing").resolve("figures.json");
        assertRefused(Shell.run("bench", "remote", "--quik"), "--quik", "tmem bench remote --help");
        String why = nowhere + ": cannot be written";
        assertRefused(Shell.run("bench", "remote", "--quick", "--json", nowhere.toString()), why);
        assertRefused(Shell.run("bench", "--json", nowhere.toString(), "remote"), why);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "1441", "ten", "-1"})
    void aMixedRunTakesMinutes(String minutes) {
        assertRefused(Shell.run("bench", "mixed", "--minutes", minutes), "--minutes", minutes);
    }

    @Test
    void aQuickMixedRunHasALengthOfItsOwn() {
        assertRefused(Shell.run("bench", "mixed", "--quick", "--minutes", "2"), "--quick", "--minutes");
        assertRefused(Shell.run("bench", "--quick", "mixed", "--minutes", "2"), "--quick", "--minutes");
    }

    @Test
    void aRateHasALine() {
        StringWriter out = new StringWriter();
        new RateLines(new PrintWriter(out)).tick(Duration.ofSeconds(70), 123_456.7);
        assertThat(out.toString().lines()).containsExactly("tmem bench: 1:10 123457 steps a second");
    }

    @Test
    void aMixedRunDrawsNothing() {
        for (String option : new String[] {"--chart", "--compare", "--from"}) {
            assertRefused(Shell.run("bench", "mixed", option, "some.file"), option, "--json");
        }
    }

    private Path figures(String name, double putVsLz4) throws IOException {
        return Files.writeString(
                folder.resolve(name),
                "{\"put_vs_lz4\": " + putVsLz4 + ", \"density\": 1.7, \"spread\": {\"put_vs_lz4\": [1.0, "
                        + Math.max(1.3, putVsLz4) + "]}}");
    }

    @Test
    void twoFilesAreComparedWithoutMeasuring() throws IOException {
        String old = figures("old.json", 1.2).toString();
        Shell noise = Shell.run(
                "bench", "--compare", old, "--from", figures("noise.json", 1.29).toString());
        assertThat(noise.exitCode()).isEqualTo(ExitCode.OK);
        assertThat(noise.out())
                .contains("1.29", "same", "no figure of the 2 compared is worse")
                .doesNotContain("processors");
        Shell worse = Shell.run(
                "bench", "--compare", old, "--from", figures("worse.json", 1.35).toString());
        assertThat(worse.exitCode()).isEqualTo(ExitCode.WORSE);
        assertThat(worse.out()).contains("+12.5 %", "worse: put_vs_lz4");
        assertThat(worse.err()).isEmpty();
        Shell remote = Shell.run(
                "bench",
                "remote",
                "--compare",
                old,
                "--from",
                figures("r.json", 1.4).toString());
        assertThat(remote.exitCode()).isEqualTo(ExitCode.WORSE);
    }

    @Test
    void aChartIsDrawnFromAFile() throws IOException {
        Path chart = folder.resolve("chart.svg");
        Shell shell = Shell.run(
                "bench",
                "--chart",
                chart.toString(),
                "--from",
                figures("now.json", 1.35).toString());
        assertThat(shell.exitCode()).isEqualTo(ExitCode.OK);
        assertThat(shell.err()).isEmpty();
        assertThat(chart).content().startsWith("<svg ").contains("id=\"put_vs_lz4\"", ">1.35<");
    }

    @Test
    void filesThatCannotBeUsedAreNamedBeforeAnythingIsMeasured() throws IOException {
        String missing = folder.resolve("missing.json").toString();
        String damaged = Files.writeString(folder.resolve("damaged.json"), "{\"put_vs_lz4\": ")
                .toString();
        String good = figures("good.json", 1.2).toString();
        String nowhere = folder.resolve("none").resolve("chart.svg").toString();
        assertRefused(Shell.run("bench", "--compare", missing), missing + ": there is no such file");
        assertRefused(Shell.run("bench", "--quick", "--compare", damaged), damaged + ": cannot be read as JSON");
        assertRefused(Shell.run("bench", "--compare", good, "--from", missing), missing + ": there is no such file");
        assertRefused(Shell.run("bench", "remote", "--compare", damaged), damaged);
        assertRefused(Shell.run("bench", "--chart", nowhere), nowhere + ": cannot be written");
    }

    @Test
    void fromAFileOnlyWhatNeedsNoMeasurement() throws IOException {
        String good = figures("good.json", 1.2).toString();
        assertRefused(Shell.run("bench", "--from", good), "--chart", "--compare");
        assertRefused(Shell.run("bench", "--from", good, "--compare", good, "--quick"), "--quick");
        assertRefused(Shell.run("bench", "--from", good, "--compare", good, "--json", good), "--json");
    }

    @Test
    void runsThatMeasureSomethingElseAreNotCompared() throws IOException {
        String good = figures("good.json", 1.2).toString();
        assertRefused(
                Shell.run("bench", "remote", "--compare", good),
                good + ": has no figure of this run",
                "another command");
        String quick = Files.writeString(folder.resolve("quick.json"), "{\"put_vs_lz4\": 1.2, \"extent\": \"quick\"}")
                .toString();
        assertRefused(Shell.run("bench", "--compare", quick), quick + ": is of a quick run, this of a full one");
        String full = Files.writeString(folder.resolve("full.json"), "{\"put_vs_lz4\": 1.2, \"extent\": \"full\"}")
                .toString();
        assertRefused(Shell.run("bench", "--compare", quick, "--from", full), quick, full, "quick", "full");
        String other = Files.writeString(folder.resolve("other.json"), "{\"miss_ns\": 70}")
                .toString();
        assertRefused(Shell.run("bench", "--compare", good, "--from", other), "no figure in common with " + other);
    }

    @Test
    void aChartDoesNotReplaceFigures() throws IOException {
        String good = figures("good.json", 1.2).toString();
        String sameFile = folder + "/./good.json";
        assertRefused(Shell.run("bench", "--from", good, "--chart", sameFile), "would overwrite the figures");
        assertRefused(Shell.run("bench", "--compare", good, "--chart", sameFile), "would overwrite the figures");
        assertRefused(Shell.run("bench", "--json", good, "--chart", sameFile), "would overwrite the figures");
        assertThat(folder.resolve("good.json")).content().startsWith("{\"put_vs_lz4\"");
    }

    @Test
    void helpNamesTheOptionsAndTheExitCodes() {
        for (String out : List.of(
                Shell.run("bench", "--help").out(),
                Shell.run("bench", "remote", "--help").out())) {
            assertThat(out)
                    .contains("--chart", "--compare", "--from", "--json", "--quick", "10 %", "3 a figure is worse");
        }
    }
}
