package io.github.tmem.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/coherence.md names tests that exist, and every test of a rule. */
class CoherenceTest {
    private static final Path ROOT = Path.of(System.getProperty("tmem.root", "../.."));
    private static final Pattern TEST = Pattern.compile("`(\\w+Test)(?:\\.(\\w+))?`");
    private static final Pattern OF_RULE = Pattern.compile("void (R\\d\\d_\\w+)\\(");
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
        Set<String> listed = named().stream()
                .filter(name -> String.valueOf(name.group(2)).matches("R\\d\\d_.*"))
                .map(name -> name.group(1) + "." + name.group(2))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(listed).isEqualTo(testsOfRules()).hasSizeGreaterThan(25);
    }

    /** The tests whose names begin with the number of a rule, with their class before them. */
    private static Set<String> testsOfRules() throws IOException {
        Set<String> tests = new TreeSet<>();
        try (Stream<Path> files = Files.walk(SOURCES.getFirst())) {
            for (Path file :
                    files.filter(file -> file.toString().endsWith("Test.java")).toList()) {
                String type = file.getFileName().toString().replace(".java", ".");
                OF_RULE.matcher(Files.readString(file)).results().forEach(test -> tests.add(type + test.group(1)));
            }
        }
        return tests;
    }
}
