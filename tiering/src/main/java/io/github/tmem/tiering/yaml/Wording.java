package io.github.tmem.tiering.yaml;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** How messages quote what the user wrote and guess what the user meant. */
final class Wording {
    private static final int QUOTE_MAX = 60;

    private Wording() {}

    /** The text in quotation marks, on one line, shortened when long. */
    static String quote(String text) {
        String line = oneLine(text);
        boolean tooLong = line.codePointCount(0, line.length()) > QUOTE_MAX;
        return '"' + (tooLong ? line.substring(0, line.offsetByCodePoints(0, QUOTE_MAX)) + "…" : line) + '"';
    }

    /** The text with every control character, line breaks included, replaced by a space. */
    static String oneLine(String text) {
        return text.replaceAll("[\\p{Cntrl}\\u2028\\u2029]+", " ").strip();
    }

    /** {@code ; did you mean "x"? allowed: …}, the question only when a word is close. */
    static String choice(String word, Collection<String> allowed) {
        String question = closest(word, allowed)
                .map(guess -> "; did you mean " + quote(guess) + "?")
                .orElse(";");
        return question + " allowed: " + String.join(", ", allowed);
    }

    private static Optional<String> closest(String word, Collection<String> candidates) {
        int distanceMax = Math.clamp(word.length() / 3, 1, 3);
        return candidates.stream()
                .filter(candidate -> Math.abs(candidate.length() - word.length()) <= distanceMax)
                .filter(candidate -> distance(word, candidate) <= distanceMax)
                .min(Comparator.comparingInt(candidate -> distance(word, candidate)));
    }

    /** The fewest letters to insert, remove, change or swap with their neighbour, case apart. */
    private static int distance(String from, String to) {
        int[][] cost = new int[from.length() + 1][to.length() + 1];
        for (int i = 0; i <= from.length(); i++) {
            for (int j = 0; j <= to.length(); j++) {
                cost[i][j] = i == 0 || j == 0 ? i + j : step(cost, i, j, from, to);
            }
        }
        return cost[from.length()][to.length()];
    }

    private static int step(int[][] cost, int i, int j, String from, String to) {
        int change = same(from, i, to, j) ? 0 : 1;
        int best = Math.min(cost[i - 1][j - 1] + change, Math.min(cost[i - 1][j], cost[i][j - 1]) + 1);
        boolean swapped = i > 1 && j > 1 && same(from, i, to, j - 1) && same(from, i - 1, to, j);
        return swapped ? Math.min(best, cost[i - 2][j - 2] + 1) : best;
    }

    private static boolean same(String from, int i, String to, int j) {
        return Character.toLowerCase(from.charAt(i - 1)) == Character.toLowerCase(to.charAt(j - 1));
    }
}
