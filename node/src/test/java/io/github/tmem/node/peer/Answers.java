package io.github.tmem.node.peer;

/** Reads answers as a client does, strictly. */
final class Answers {
    private final String text;
    private int at;

    private Answers(String text) {
        this.text = text;
    }

    /**
     * How many whole answers there are.
     *
     * @throws AssertionError if they are not answers from beginning to end
     */
    static int count(String text) {
        Answers answers = new Answers(text);
        int count = 0;
        while (answers.at < text.length()) {
            answers.one();
            count++;
        }
        return count;
    }

    private void one() {
        char sign = text.charAt(at++);
        switch (sign) {
            case '+', '-', '_' -> line();
            case ':' -> Long.parseLong(line());
            case '$' -> bulk(Integer.parseInt(line()));
            case '*' -> several(Integer.parseInt(line()));
            case '%' -> several(2 * Integer.parseInt(line()));
            default -> throw new AssertionError("no answer begins with " + sign + " at " + (at - 1) + " of " + text);
        }
    }

    private void several(int count) {
        for (int i = 0; i < count; i++) {
            one();
        }
    }

    private void bulk(int length) {
        if (length >= 0) {
            at += length;
            if (!text.startsWith("\r\n", at)) {
                throw new AssertionError("a bulk without end at " + at + " of " + text);
            }
            at += 2;
        }
    }

    private String line() {
        int end = text.indexOf("\r\n", at);
        if (end < 0) {
            throw new AssertionError("a line without end at " + at + " of " + text);
        }
        String line = text.substring(at, end);
        at = end + 2;
        return line;
    }
}
