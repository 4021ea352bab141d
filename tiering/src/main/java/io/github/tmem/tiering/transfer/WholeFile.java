package io.github.tmem.tiering.transfer;

import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import io.github.tmem.api.live.Transferred;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Writes a file that has its name only when it is complete and on its medium. Thread-safe. */
final class WholeFile {
    private static final int BUFFER_BYTES = 1 << 16;

    private final Path file;

    WholeFile(Path file) {
        this.file = file.toAbsolutePath();
    }

    /** What writes the content. */
    @FunctionalInterface
    interface Content {
        /** Writes it. */
        Transferred writeTo(OutputStream target) throws IOException;
    }

    /** Writes the file beside its place, and gives it its name. */
    Transferred write(Content content) throws IOException {
        Path directory = file.resolveSibling("");
        Path unfinished = Files.createTempFile(directory, file.getFileName() + ".", ".unfinished");
        try {
            Transferred written = writeTo(unfinished, content);
            if (directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                try (FileChannel names = FileChannel.open(directory, READ)) { // before the older file is gone
                    Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
                    names.force(true);
                }
            } else {
                Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
            }
            return written;
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }

    private static Transferred writeTo(Path unfinished, Content content) throws IOException {
        try (FileChannel channel = FileChannel.open(unfinished, WRITE);
                OutputStream target = new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER_BYTES)) {
            Transferred written = content.writeTo(target);
            target.flush();
            channel.force(true);
            return written;
        }
    }
}
