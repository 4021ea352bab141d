package io.github.tmem.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** House rules that source text shows. */
class HouseRulesTest {
    private static final Path ROOT = Path.of(System.getProperty("tmem.root", "../.."));
    private static final int FILE_LINES_MAX = 400;
    private static final int METHOD_LINES_MAX = 60;
    private static final Pattern METHOD = Pattern.compile("^    (?! )[^=;@/*}]*\\)[^=;]*\\{$");
    private static final Pattern BANNED = Pattern.compile("\\b(TO" + "DO|FIX" + "ME)\\b|Thread\\.sl" + "eep\\(");

    private record Source(Path file, List<String> lines) {}

    private static List<Source> sources() {
        try (Stream<Path> files = Files.walk(ROOT)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> !file.toString().contains("/target/"))
                    .map(HouseRulesTest::read)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Source read(Path file) {
        try {
            return new Source(ROOT.relativize(file), Files.readAllLines(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void thereAreSources() {
        assertThat(sources()).hasSizeGreaterThan(100);
    }

    @Test
    void filesFitTheHead() {
        assertThat(sources().stream()
                        .filter(source -> source.lines().size() > FILE_LINES_MAX)
                        .map(source -> source.file() + ": " + source.lines().size() + " lines"))
                .isEmpty();
    }

    @Test
    void methodsFitAScreen() {
        List<String> tooLong = new ArrayList<>();
        for (Source source : sources()) {
            int begin = -1;
            for (int i = 0; i < source.lines().size(); i++) {
                String line = source.lines().get(i);
                if (METHOD.matcher(line).matches()) {
                    begin = i;
                } else if (line.equals("    }") && begin >= 0) {
                    if (i - begin + 1 > METHOD_LINES_MAX) {
                        tooLong.add(source.file() + ":" + (begin + 1) + ": " + (i - begin + 1) + " lines");
                    }
                    begin = -1;
                }
            }
        }
        assertThat(tooLong).isEmpty();
    }

    @Test
    void nothingIsLeftUndoneOrWaitedFor() {
        List<String> found = new ArrayList<>();
        for (Source source : sources()) {
            for (int i = 0; i < source.lines().size(); i++) {
                Matcher banned = BANNED.matcher(source.lines().get(i));
                if (banned.find()) {
                    found.add(source.file() + ":" + (i + 1) + ": " + banned.group());
                }
            }
        }
        assertThat(found).isEmpty();
    }
}
