package io.github.tmem.node.console;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Files that a command writes because the user named them. One that cannot be written is a {@link UserMistakeException}. */
public final class OutputFile {
    private OutputFile() {}

    /** Before the run, so that nobody waits for figures that cannot be written. */
    public static void checkWritable(Path file) {
        Path folder = file.toAbsolutePath().getParent();
        boolean writable = folder != null
                && Files.isDirectory(folder)
                && !Files.isDirectory(file)
                && Files.isWritable(Files.exists(file) ? file : folder);
        if (!writable) {
            throw new UserMistakeException(file + ": cannot be written");
        }
    }

    /** Writes {@code figures} as JSON to {@code file}, replacing what was there. */
    public static void writeJson(Object figures, Path file) {
        try {
            JsonMapper.builder()
                    .enable(SerializationFeature.INDENT_OUTPUT)
                    .build()
                    .writeValue(file, figures);
        } catch (JacksonException e) {
            throw new UserMistakeException(file + ": cannot be written: " + e.getOriginalMessage(), e);
        }
    }

    /** Writes {@code text} in UTF-8 to {@code file}, replacing what was there. */
    public static void writeText(String text, Path file) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UserMistakeException(file + ": cannot be written: " + e.getMessage(), e);
        }
    }
}
