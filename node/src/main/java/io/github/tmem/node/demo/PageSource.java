package io.github.tmem.node.demo;

import io.github.tmem.node.console.UserMistakeException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Real pages: files mapped read-only, cut into grains. A grain is as large as the largest page in use, so that pages of
 * every size in use have the same content wherever they are asked for. What remains of a file after its last whole grain
 * is left out. Thread-safe until closed.
 */
final class PageSource implements AutoCloseable {
    private final Arena arena = Arena.ofShared();
    private final int grainBytes;
    private final MemorySegment[] files;
    /** The number of grains in the files before each file. */
    private final long[] grainsBefore;

    private final long grains;

    /**
     * Maps files.
     *
     * @param grainBytes a power of two
     * @throws UserMistakeException if a file cannot be read, or there are fewer than two grains in all
     */
    PageSource(List<Path> paths, int grainBytes) {
        assert Integer.bitCount(grainBytes) == 1 : grainBytes;
        this.grainBytes = grainBytes;
        try {
            List<MemorySegment> mapped = new ArrayList<>();
            for (Path path : paths) {
                mapped.add(map(path));
            }
            files = mapped.toArray(MemorySegment[]::new);
            grainsBefore = new long[files.length];
            grains = countGrains();
            if (grains < 2) {
                throw new UserMistakeException("the pages files hold fewer than two pages of " + grainBytes + " bytes");
            }
        } catch (RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    private MemorySegment map(Path path) {
        if (Files.isDirectory(path)) {
            throw new UserMistakeException(path + ": is a directory, not a pages file");
        }
        try (FileChannel channel = FileChannel.open(path)) {
            if (channel.size() == 0) {
                throw new UserMistakeException(path + ": is empty, so there are no pages in it");
            }
            return channel.map(MapMode.READ_ONLY, 0, channel.size(), arena);
        } catch (NoSuchFileException e) {
            throw new UserMistakeException(path + ": there is no such file", e);
        } catch (IOException e) {
            throw new UserMistakeException(path + ": cannot be read: " + e.getMessage(), e);
        }
    }

    private long countGrains() {
        long count = 0;
        for (int i = 0; i < files.length; i++) {
            grainsBefore[i] = count;
            count += files[i].byteSize() / grainBytes;
        }
        return count;
    }

    /** The bytes of all grains. */
    long byteSize() {
        return grains * grainBytes;
    }

    /** The content of page {@code number} when the source is cut into pages of {@code pageSize} bytes. */
    MemorySegment page(long number, int pageSize) {
        long position = number * pageSize;
        long grain = position / grainBytes;
        int found = Arrays.binarySearch(grainsBefore, grain);
        int file = found >= 0 ? lastOfEqual(found) : -found - 2;
        return files[file].asSlice(position - grainsBefore[file] * grainBytes, pageSize);
    }

    /** Files without a grain share their start with the file after them, which is the one with the grain. */
    private int lastOfEqual(int found) {
        int last = found;
        while (last + 1 < grainsBefore.length && grainsBefore[last + 1] == grainsBefore[found]) {
            last++;
        }
        return last;
    }

    @Override
    public void close() {
        arena.close();
    }
}
