package io.github.tmem.kit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Real pages. The system property {@code tmem.samples} names a folder with page sets {@code pages/*.pages}; without it, or
 * when the folder does not exist, the one set is {@code jdk}, made from the files of this Java installation.
 */
public final class SamplePages {

    private static final int PAGES_PER_JDK_FILE = 64;

    private SamplePages() {}

    /**
     * The page sets by name, each with at most {@code pagesMax} pages of {@code pageSize} bytes.
     *
     * @throws UncheckedIOException if a file cannot be read
     */
    public static Map<String, List<byte[]>> sets(int pageSize, int pagesMax) {
        Path folder = Path.of(System.getProperty("tmem.samples", ""), "pages");
        Map<String, List<byte[]>> sets = new TreeMap<>();
        for (Path file : files(folder)) {
            String name = file.getFileName().toString();
            if (name.endsWith(".pages")) {
                sets.put(name.substring(0, name.length() - ".pages".length()), read(file, pageSize, pagesMax));
            }
        }
        if (sets.isEmpty()) {
            sets.put("jdk", jdk(pageSize, pagesMax));
        }
        return sets;
    }

    /** Pages of all sets in turn, at most {@code pagesMax}. */
    public static List<byte[]> mixed(int pageSize, int pagesMax) {
        List<List<byte[]>> sets = List.copyOf(sets(pageSize, pagesMax).values());
        List<byte[]> mixed = new ArrayList<>();
        for (int i = 0; mixed.size() < pagesMax; i++) {
            int before = mixed.size();
            for (List<byte[]> set : sets) {
                if (i < set.size() && mixed.size() < pagesMax) {
                    mixed.add(set.get(i));
                }
            }
            if (mixed.size() == before) {
                break;
            }
        }
        return mixed;
    }

    private static List<byte[]> jdk(int pageSize, int pagesMax) {
        List<byte[]> pages = new ArrayList<>();
        for (Path file : files(Path.of(System.getProperty("java.home"), "lib"))) {
            if (pages.size() >= pagesMax) {
                break;
            }
            pages.addAll(read(file, pageSize, Math.min(PAGES_PER_JDK_FILE, pagesMax - pages.size())));
        }
        return pages;
    }

    private static List<Path> files(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<byte[]> read(Path file, int pageSize, int pagesMax) {
        List<byte[]> pages = new ArrayList<>();
        try (InputStream in = Files.newInputStream(file)) {
            while (pages.size() < pagesMax) {
                byte[] page = in.readNBytes(pageSize);
                if (page.length < pageSize) {
                    break;
                }
                pages.add(page);
            }
            return pages;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
