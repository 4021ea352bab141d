package io.github.tmem.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/coherence.md names tests that exist, and every test of a rule. */
class CoherenceTest {
    private static final Path ROOT = Path.of(System.getProperty("tmem.root", "../.."));
    private static final Pattern TEST = Pattern.compile("`(\\w+Test)(?:\\.(\\w+))?`");
    private static final List<Path> SOURCES = List.of(
            ROOT.resolve("tests/system/src/test/java"),
            ROOT.resolve("tiering/src/test/java"),
            ROOT.resolve("backends/memory/src/test/java"));

    private static List<MatchResult> named() throws IOException {
        String text = Files.readString(ROOT.resolve("docs/coherence.md"));
        return TEST.matcher(text).results().toList();
    }

    private static String source(String test) throws IOException {
        for (Path sources : SOURCES) {
            try (Stream<Path> files = Files.walk(sources)) {
                List<Path> found =
                        files.filter(file -> file.endsWith(test + ".java")).toList();
                if (!found.isEmpty()) {
                    return Files.readString(found.getFirst());
                }
            }
        }
        throw new AssertionError("there is no " + test);
    }

    @Test
    void everyTestThatIsNamedExists() throws IOException {
        assertThat(named()).hasSizeGreaterThan(50);
        for (MatchResult name : named()) {
            String method = name.group(2) == null ? "class " + name.group(1) : "void " + name.group(2) + "(";
            assertThat(source(name.group(1))).as(name.group()).contains(method);
        }
    }

    @Test
    void everyRuleIsListed() throws IOException {
        Predicate<String> ofRule = Pattern.compile("R\\d\\d_.*").asMatchPredicate();
        List<String> tests = Arrays.stream(RulesTest.class.getDeclaredMethods())
                .map(method -> method.getName())
                .filter(ofRule)
                .toList();
        List<String> listed = named().stream()
                .map(name -> String.valueOf(name.group(2)))
                .filter(ofRule)
                .toList();
        assertThat(new TreeSet<>(listed)).isEqualTo(new TreeSet<>(tests));
    }
}
