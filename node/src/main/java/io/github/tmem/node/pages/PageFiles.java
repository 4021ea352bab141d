package io.github.tmem.node.pages;

import io.github.tmem.api.config.PoolConfig;
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
import java.util.List;

/**
 * The 4 KiB pages of files, mapped read-only; the last page of a file is filled up with zeros. Thread-safe until closed.
 */
public final class PageFiles implements AutoCloseable {
    /** The size of a page. */
    static final int PAGE_BYTES = PoolConfig.PAGE_SIZE_DEFAULT;

    private final Arena arena = Arena.ofShared();
    private final List<MemorySegment> mapped = new ArrayList<>();
    private final List<MemorySegment> pages = new ArrayList<>();
    private int padded;

    /**
     * Maps files.
     *
     * @throws UserMistakeException if a file cannot be read or is empty
     */
    public PageFiles(List<Path> files) {
        try {
            files.forEach(file -> cut(map(file)));
        } catch (RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    private MemorySegment map(Path file) {
        if (Files.isDirectory(file)) {
            throw new UserMistakeException(file + ": is a directory, not a file of pages");
        }
        try (FileChannel channel = FileChannel.open(file)) {
            if (channel.size() == 0) {
                throw new UserMistakeException(file + ": is empty, so there are no pages in it");
            }
            return channel.map(MapMode.READ_ONLY, 0, channel.size(), arena);
        } catch (NoSuchFileException e) {
            throw new UserMistakeException(file + ": there is no such file", e);
        } catch (IOException e) {
            throw new UserMistakeException(file + ": cannot be read: " + e.getMessage(), e);
        }
    }

    private void cut(MemorySegment file) {
        long whole = file.byteSize() / PAGE_BYTES * PAGE_BYTES;
        for (long at = 0; at < whole; at += PAGE_BYTES) {
            pages.add(file.asSlice(at, PAGE_BYTES));
        }
        mapped.add(file);
        if (whole < file.byteSize()) {
            padded++;
            pages.add(arena.allocate(PAGE_BYTES).copyFrom(file.asSlice(whole)));
        }
    }

    /** The number of pages. */
    public int count() {
        return pages.size();
    }

    /** The number of files whose last page was filled up. */
    public int padded() {
        return padded;
    }

    /** The bytes of all pages. */
    public long byteSize() {
        return (long) count() * PAGE_BYTES;
    }

    /** Brings the files into RAM as far as it goes, so that reading them neither takes time nor memory later. */
    void load() {
        mapped.forEach(MemorySegment::load);
    }

    /** A page by number, from 0. */
    MemorySegment page(int number) {
        return pages.get(number);
    }

    @Override
    public void close() {
        arena.close();
    }
}
