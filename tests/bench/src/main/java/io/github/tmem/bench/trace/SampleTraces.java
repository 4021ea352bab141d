package io.github.tmem.bench.trace;

import io.github.tmem.node.console.UserMistakeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The traces that the system property {@code tmem.samples} leads to: the files {@code traces/*.pt.gz} of that folder, which is
 * the one the program was started in if the property is not there.
 */
public final class SampleTraces {
    private static final String ENDING = ".pt.gz";

    private SampleTraces() {}

    private static Path folder() {
        return Path.of(System.getProperty("tmem.samples", ""), "traces");
    }

    /** The file of the trace {@code name}, which need not exist. */
    public static Path file(String name) {
        return folder().resolve(name + ENDING);
    }

    /** All of them by name; none without the folder. */
    public static List<Path> all() {
        if (!Files.isDirectory(folder())) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder())) {
            return files.filter(file -> file.toString().endsWith(ENDING))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UserMistakeException(folder() + ": cannot be read: " + e.getMessage(), e);
        }
    }
}
