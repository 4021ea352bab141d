package io.github.tmem.bench.trace;

import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * A trace of page accesses in memory. Pages are numbered 0, 1, … in the order of their first access. Immutable by
 * convention: the arrays are shared.
 */
public final class Trace {
    private static final Pattern ENDING = Pattern.compile("\\.pt(\\.gz)?$");

    private final String name;
    private final int[] accesses;
    private final long[] pages;

    /**
     * A trace.
     *
     * @param accesses the number of the page for a read, its complement for a write
     * @param pages the page number of the recorded system for each number
     */
    public Trace(String name, int[] accesses, long[] pages) {
        this.name = name;
        this.accesses = accesses;
        this.pages = pages;
    }

    /** The name of the trace in {@code file}: the file's without its ending. */
    public static String nameOf(Path file) {
        return ENDING.matcher(String.valueOf(file.getFileName())).replaceFirst("");
    }

    /** The name people know it by. */
    public String name() {
        return name;
    }

    /** The number of accesses. */
    public int length() {
        return accesses.length;
    }

    /** How many different pages are accessed. */
    public int distinctPages() {
        return pages.length;
    }

    /** The page of the access at {@code position}. */
    public int page(int position) {
        int access = accesses[position];
        return access < 0 ? ~access : access;
    }

    /** Whether the access at {@code position} writes. */
    public boolean isWrite(int position) {
        return accesses[position] < 0;
    }

    /** The page number of {@code page} in the recorded system. */
    public long recorded(int page) {
        return pages[page];
    }
}
