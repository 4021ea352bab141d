package io.github.tmem.node.console;

import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Files for the figures of a command. A file that cannot be written is a {@link UserMistakeException}. */
public final class JsonFile {
    private JsonFile() {}

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

    /** Writes {@code figures} to {@code file}, replacing what was there. */
    public static void write(Object figures, Path file) {
        try {
            JsonMapper.builder()
                    .enable(SerializationFeature.INDENT_OUTPUT)
                    .build()
                    .writeValue(file, figures);
        } catch (JacksonException e) {
            throw new UserMistakeException(file + ": cannot be written: " + e.getOriginalMessage(), e);
        }
    }
}
