package io.github.tmem.kit;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** What one logger says, at every level, until this is closed. It says so to nobody else meanwhile. Thread-safe. */
public final class LogLines extends Handler implements AutoCloseable {
    private final Logger logger;
    private final @Nullable Level level;
    private final List<LogRecord> records = new CopyOnWriteArrayList<>();

    private LogLines(Logger logger) {
        this.logger = logger;
        this.level = logger.getLevel();
    }

    /** Listens to the logger of this class from now on. */
    public static LogLines of(String className) {
        Logger logger = Logger.getLogger(className);
        LogLines lines = new LogLines(logger);
        logger.addHandler(lines);
        logger.setLevel(Level.ALL);
        logger.setUseParentHandlers(false);
        return lines;
    }

    /** What was said, in order. */
    public List<String> lines() {
        return records.stream().map(LogRecord::getMessage).toList();
    }

    /** The level of each line. */
    public List<Level> levels() {
        return records.stream().map(LogRecord::getLevel).toList();
    }

    @Override
    public void publish(LogRecord line) {
        records.add(line);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        logger.removeHandler(this);
        logger.setLevel(level);
        logger.setUseParentHandlers(true);
    }
}
