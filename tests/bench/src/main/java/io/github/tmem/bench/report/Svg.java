package io.github.tmem.bench.report;

import java.util.Locale;

/** Pieces of an SVG document. */
final class Svg {
    private Svg() {}

    /** An element without content; attributes are names and values in turn. */
    static String empty(String name, String... attributes) {
        return "<" + name + attributes(attributes) + "/>\n";
    }

    /** An element with text in it. */
    static String text(String name, String words, String... attributes) {
        return "<" + name + attributes(attributes) + ">" + escaped(words) + "</" + name + ">\n";
    }

    /** An element with other elements in it. */
    static String group(String name, String elements, String... attributes) {
        return "<" + name + attributes(attributes) + ">\n" + elements + "</" + name + ">\n";
    }

    /** A coordinate or a length in pixels, to a tenth. */
    static String px(double pixels) {
        return String.format(Locale.ROOT, "%.1f", pixels);
    }

    private static String attributes(String... attributes) {
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < attributes.length; i += 2) {
            all.append(' ').append(attributes[i]).append("=\"");
            all.append(escaped(attributes[i + 1])).append('"');
        }
        return all.toString();
    }

    private static String escaped(String words) {
        return words.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
    }
}
