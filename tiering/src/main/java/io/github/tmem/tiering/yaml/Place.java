package io.github.tmem.tiering.yaml;

import io.github.tmem.api.config.ConfigException;
import org.snakeyaml.engine.v2.exceptions.Mark;

/**
 * A position in a configuration file.
 *
 * @param file the file as the user named it
 * @param line counted from 1
 * @param column in code points, counted from 1
 */
record Place(String file, int line, int column) {

    static Place of(String file, Mark mark) {
        return new Place(file, mark.getLine() + 1, mark.getColumn() + 1);
    }

    /** Where the text ends that precedes the point of interest. */
    static Place after(String file, String text) {
        int lines = (int) text.chars().filter(c -> c == '\n').count();
        String lastLine = text.substring(text.lastIndexOf('\n') + 1);
        return new Place(file, lines + 1, lastLine.codePointCount(0, lastLine.length()) + 1);
    }

    ConfigException error(String complaint) {
        return new ConfigException(this + ": " + complaint);
    }

    ConfigException error(String complaint, Throwable cause) {
        return new ConfigException(this + ": " + complaint, cause);
    }

    @Override
    public String toString() {
        return file + ":" + line + ":" + column;
    }
}
