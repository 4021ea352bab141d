package io.github.tmem.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The models in docs/protocol: the correct protocol passes, and SPIN finds every planted bug. */
@Tag("long")
class ProtocolModelTest {
    private static final Path FOLDER =
            Path.of(System.getProperty("tmem.root", "../..")).resolve("docs/protocol");

    @Test
    void theProtocolPassesAndEveryPlantedBugIsFound() throws Exception {
        assumeTrue(isInstalled("spin") && isInstalled("gcc"), "needs spin and gcc");

        Process check = new ProcessBuilder(FOLDER.resolve("check").toString())
                .redirectErrorStream(true)
                .start();
        String report = new String(check.getInputStream().readAllBytes(), UTF_8);

        assertThat(check.waitFor()).as(report).isZero();
        assertThat(report).contains("every verdict as expected");
    }

    private static boolean isInstalled(String program) {
        return Pattern.compile(File.pathSeparator, Pattern.LITERAL)
                .splitAsStream(System.getenv("PATH"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"chain", "remote", "glimpse"})
    void everyPlantedBugIsSearchedForAndDescribed(String model) throws IOException {
        Set<Integer> planted = numbers("BUG [=!]= (\\d+)", model + ".pml");

        assertThat(planted).isNotEmpty();
        assertThat(numbers("(?m)^day +" + model + " +([1-9]\\d*) ", "check")).isEqualTo(planted);
        assertThat(numbers("(?m)^\\| `" + model + "` (\\d+) \\|", "README.md")).isEqualTo(planted);
    }

    private static Set<Integer> numbers(String pattern, String file) throws IOException {
        return Pattern.compile(pattern)
                .matcher(Files.readString(FOLDER.resolve(file)))
                .results()
                .map((MatchResult found) -> Integer.valueOf(found.group(1)))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
