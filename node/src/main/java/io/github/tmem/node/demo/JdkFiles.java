package io.github.tmem.node.demo;

import io.github.tmem.node.console.UserMistakeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The files of the running JDK as real pages that are at hand everywhere: its classes, then its libraries. */
final class JdkFiles {
    private static final long BYTES_MIN = 128L << 20;

    private JdkFiles() {}

    /** Classes and libraries, and then the largest other files until there are 128 MiB. */
    static List<Path> find() {
        Path home = Path.of(System.getProperty("java.home"));
        try (Stream<Path> walk = Files.walk(home, 4)) {
            List<Path> all = walk.filter(path -> Files.isRegularFile(path) && Files.isReadable(path))
                    .filter(path -> size(path) > 0)
                    .sorted(Comparator.comparingLong(JdkFiles::size).reversed().thenComparing(path -> path))
                    .toList();
            Predicate<Path> preferred = JdkFiles::isProgram;
            List<Path> files = new ArrayList<>(all.stream().filter(preferred).toList());
            long bytes = files.stream().mapToLong(JdkFiles::size).sum();
            for (Path other : all.stream().filter(preferred.negate()).toList()) {
                if (bytes >= BYTES_MIN) {
                    break;
                }
                files.add(other);
                bytes += size(other);
            }
            return files;
        } catch (IOException | UncheckedIOException e) {
            throw new UserMistakeException(home + ": the files of the JDK cannot be read; give others with --pages", e);
        }
    }

    private static boolean isProgram(Path path) {
        String name = path.getFileName().toString();
        return name.equals("modules") || name.endsWith(".so") || name.endsWith(".dylib") || name.endsWith(".dll");
    }

    private static long size(Path path) {
        try {
            return Files.size(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
