package io.github.tmem.node.console;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Rows of text in columns as wide as their widest cell: the first flush left, all others flush right. */
public final class Table {
    private static final String GAP = "  ";
    private static final int BAR_EIGHTHS = 8;

    private final List<List<String>> rows = new ArrayList<>();

    /** A table with these column heads. */
    public Table(String... heads) {
        rows.add(List.of(heads));
    }

    /** Adds a row with one cell for each head. */
    public void row(String... cells) {
        if (cells.length != rows.getFirst().size()) {
            throw new IllegalArgumentException(
                    cells.length + " cells in a table of " + rows.getFirst().size() + " columns");
        }
        rows.add(List.of(cells));
    }

    /** The lines of the table, heads first, without blanks at their ends. */
    public List<String> lines() {
        int[] widths = IntStream.range(0, rows.getFirst().size())
                .map(column -> rows.stream()
                        .mapToInt(row -> row.get(column).length())
                        .max()
                        .orElse(0))
                .toArray();
        return rows.stream().map(row -> line(row, widths)).toList();
    }

    private static String line(List<String> row, int[] widths) {
        return IntStream.range(0, widths.length)
                .mapToObj(column -> padded(row.get(column), widths[column], column))
                .collect(Collectors.joining(GAP))
                .stripTrailing();
    }

    private static String padded(String cell, int width, int column) {
        String blanks = " ".repeat(width - cell.length());
        return column == 0 ? cell + blanks : blanks + cell;
    }

    /** A bar of {@code width} characters of which {@code share}, 0 to 1, is filled to an eighth of a character. */
    public static String bar(double share, int width) {
        int eighths = (int) Math.round(Math.clamp(share, 0.0, 1.0) * width * BAR_EIGHTHS);
        String full = "█".repeat(eighths / BAR_EIGHTHS);
        int part = eighths % BAR_EIGHTHS;
        String edge = part == 0 ? "" : String.valueOf("▏▎▍▌▋▊▉".charAt(part - 1));
        return full + edge + "░".repeat(width - full.length() - edge.length());
    }
}
