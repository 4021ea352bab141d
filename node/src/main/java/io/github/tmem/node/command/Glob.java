package io.github.tmem.node.command;

/**
 * Patterns of keys: {@code *} for any bytes, {@code ?} for one, {@code [a-z]} and {@code [^a-z]} for one of some, a backslash
 * for the next as it is. The time is at most the product of both lengths.
 */
final class Glob {
    private final byte[] pattern;
    private int at;

    private Glob(byte[] pattern) {
        this.pattern = pattern;
    }

    static boolean matches(byte[] pattern, byte[] text) {
        return new Glob(pattern).matches(text);
    }

    private boolean matches(byte[] text) {
        int i = 0;
        int starred = -1; // behind the last star
        int resumed = 0; // where the text goes on that this star has not taken
        while (i < text.length) {
            if (at < pattern.length && pattern[at] == '*') {
                starred = ++at;
                resumed = i;
            } else if (at < pattern.length && one(text[i])) {
                i++;
            } else if (starred >= 0) {
                at = starred;
                i = ++resumed;
            } else {
                return false;
            }
        }
        while (at < pattern.length && pattern[at] == '*') {
            at++;
        }
        return at == pattern.length;
    }

    /** Whether the next part of the pattern stands for this byte; the part is passed then. */
    private boolean one(byte letter) {
        return switch (pattern[at]) {
            case '?' -> {
                at++;
                yield true;
            }
            case '[' -> set(letter);
            default -> literal(letter);
        };
    }

    private boolean literal(byte letter) {
        int literal = pattern[at] == '\\' && at + 1 < pattern.length ? at + 1 : at;
        if (pattern[literal] != letter) {
            return false;
        }
        at = literal + 1;
        return true;
    }

    private boolean set(byte letter) {
        int i = at + 1;
        boolean negated = i < pattern.length && pattern[i] == '^';
        i += negated ? 1 : 0;
        boolean found = false;
        while (i < pattern.length && pattern[i] != ']') {
            if (pattern[i] == '\\' && i + 1 < pattern.length) {
                i++;
            }
            boolean range = i + 2 < pattern.length && pattern[i + 1] == '-' && pattern[i + 2] != ']';
            byte last = range ? pattern[i + 2] : pattern[i];
            found |= between(letter, pattern[i], last);
            i += range ? 3 : 1;
        }
        if (found == negated) {
            return false;
        }
        at = Math.min(i + 1, pattern.length);
        return true;
    }

    private static boolean between(byte letter, byte first, byte last) {
        int value = letter & 0xFF;
        return value >= (first & 0xFF) && value <= (last & 0xFF);
    }
}
