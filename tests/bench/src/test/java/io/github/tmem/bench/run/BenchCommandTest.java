package io.github.tmem.bench.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.bench.Shell;
import io.github.tmem.node.console.ExitCode;
import java.nio.file.Path;
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
}
