package io.github.tmem.system.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code docs/scenarios.md} has a row for each scenario, and says of each what the tests are. */
class ScenarioTableTest {
    private static final Path ROOT = Path.of(System.getProperty("tmem.root", "../.."));
    private static final Path TESTS = ROOT.resolve("tests/system/src/test/java/io/github/tmem/system");
    private static final String SCENARIOS = "scenario";
    private static final String WIRE = "wire";
    private static final Pattern ROW =
            Pattern.compile("^\\| ([SP]\\d\\d) ([^|]+) \\| ([^|]+) \\| ([^|]+) \\| ([^|]+) \\|$");
    private static final Pattern NAME = Pattern.compile("([SP]\\d\\d)_\\w+");
    private static final String TO_COME = "to come";
    private static final String LATER = "test backend; the real one in the ";
    private static final String NOT = "does not apply: ";
    private static final String ON_THE_WIRE = "on the wire: ";

    /** What has to be seen between processes too. */
    private static final List<Integer> OF_THE_WIRE =
            List.of(5, 7, 16, 17, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 33, 40, 41, 43, 46, 47, 48, 49, 52);

    /** One line of the table. A cell may have several parts, with a line break between them. */
    private record Row(String number, String tests, String shapes, String line) {
        List<String> testNames() {
            return parts(tests)
                    .filter(part -> part.startsWith("`"))
                    .map(Row::bare)
                    .toList();
        }

        List<String> wireTestNames() {
            return parts(tests)
                    .filter(part -> part.startsWith(ON_THE_WIRE))
                    .map(part -> bare(part.substring(ON_THE_WIRE.length())))
                    .toList();
        }

        static String bare(String code) {
            return code.substring(1, code.length() - 1);
        }

        private static Stream<String> parts(String cell) {
            return Arrays.stream(cell.split("<br>", -1)).map(String::strip);
        }
    }

    private static List<Row> rows() throws IOException {
        return Files.readAllLines(ROOT.resolve("docs/scenarios.md")).stream()
                .map(ROW::matcher)
                .filter(Matcher::matches)
                .map(row -> new Row(row.group(1), row.group(3), row.group(4), row.group(5)))
                .toList();
    }

    /** Every test method of a package that bears the number of a scenario, with its class before it. */
    private static List<Method> tests(String folder) throws IOException, ClassNotFoundException {
        List<Method> tests = new ArrayList<>();
        try (Stream<Path> files = Files.list(TESTS.resolve(folder))) {
            for (Path file : files.sorted().toList()) {
                String name = file.getFileName().toString().replace(".java", "");
                if (name.endsWith("Test")) {
                    Class<?> type = Class.forName("io.github.tmem.system." + folder + "." + name);
                    Arrays.stream(type.getDeclaredMethods())
                            .filter(method -> NAME.matcher(method.getName()).matches())
                            .forEach(tests::add);
                }
            }
        }
        return tests;
    }

    private static String nameOf(Method test) {
        return test.getDeclaringClass().getSimpleName() + "." + test.getName();
    }

    @Test
    void everyScenarioHasItsRowInOrder() throws IOException {
        Stream<String> chains = IntStream.rangeClosed(1, 56).mapToObj("S%02d"::formatted);
        Stream<String> peers = IntStream.rangeClosed(1, 12).mapToObj("P%02d"::formatted);
        assertThat(rows().stream().map(Row::number))
                .containsExactlyElementsOf(Stream.concat(chains, peers).toList());
    }

    @Test
    void everyTestStandsInTheRowOfItsNumber() throws IOException, ClassNotFoundException {
        List<String> named =
                rows().stream().flatMap(row -> row.testNames().stream()).toList();
        assertThat(named).doesNotHaveDuplicates();
        assertThat(tests(SCENARIOS).stream().map(ScenarioTableTest::nameOf)).containsExactlyInAnyOrderElementsOf(named);
        for (Row row : rows()) {
            assertThat(row.testNames())
                    .as("tests of %s", row.number())
                    .allMatch(name -> name.contains("." + row.number() + "_"));
        }
    }

    @Test
    void whatGoesWrongBetweenProcessesIsTestedBetweenProcesses() throws IOException, ClassNotFoundException {
        List<String> named =
                rows().stream().flatMap(row -> row.wireTestNames().stream()).toList();
        assertThat(tests(WIRE).stream().map(ScenarioTableTest::nameOf)).containsExactlyInAnyOrderElementsOf(named);
        for (Row row : rows()) {
            assertThat(row.wireTestNames())
                    .as("tests on the wire of %s", row.number())
                    .allMatch(name -> name.contains("." + row.number() + "_"));
        }
        assertThat(rows().stream().filter(row -> !row.wireTestNames().isEmpty()).map(Row::number))
                .containsAll(OF_THE_WIRE.stream().map("S%02d"::formatted).toList());
    }

    @Test
    void everyTestRunsOnTheShapesOfItsRow() throws IOException, ClassNotFoundException {
        List<Method> tests = tests(SCENARIOS);
        for (Row row : rows()) {
            List<String> shapes = row.testNames().stream()
                    .map(name -> shapesOf(tests, name))
                    .distinct()
                    .toList();
            if (!shapes.isEmpty()) {
                assertThat(Row.parts(row.shapes()).filter(part -> !part.startsWith(NOT)))
                        .as("chain shapes of %s", row.number())
                        .containsExactlyElementsOf(shapes);
            }
        }
    }

    private static String shapesOf(List<Method> tests, String name) {
        Method test = tests.stream()
                .filter(one -> nameOf(one).equals(name))
                .findFirst()
                .orElseThrow();
        Scenario scenario = test.getAnnotation(Scenario.class);
        assertThat(scenario).as("@Scenario of %s", name).isNotNull();
        return scenario.on().words();
    }

    @Test
    void everyCellSaysSomething() throws IOException {
        for (Row row : rows()) {
            boolean toCome = row.tests().equals(TO_COME);
            assertThat(Row.parts(row.tests()))
                    .as("tests of %s", row.number())
                    .allMatch(part -> part.startsWith(TO_COME)
                            || part.startsWith("`")
                            || part.startsWith(ON_THE_WIRE + "`")
                            || part.startsWith(LATER)
                            || part.startsWith(NOT));
            if (toCome) {
                assertThat(List.of(row.shapes(), row.line())).as(row.number()).containsOnly(TO_COME);
            } else if (!row.testNames().isEmpty()) {
                assertThat(row.line())
                        .as("what was broken for %s", row.number())
                        .contains("`");
            }
        }
    }
}
