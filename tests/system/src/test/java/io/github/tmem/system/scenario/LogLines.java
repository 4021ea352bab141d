package io.github.tmem.system.scenario;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** What one logger says, at every level, until this is closed. It says so to nobody else meanwhile. */
final class LogLines extends Handler implements AutoCloseable {
    private final Logger logger;
    private final @Nullable Level level;
    private final List<String> lines = new CopyOnWriteArrayList<>();

    private LogLines(Logger logger) {
        this.logger = logger;
        this.level = logger.getLevel();
    }

    static LogLines of(String name) {
        Logger logger = Logger.getLogger(name);
        LogLines lines = new LogLines(logger);
        logger.addHandler(lines);
        logger.setLevel(Level.ALL);
        logger.setUseParentHandlers(false);
        return lines;
    }

    List<String> lines() {
        return lines;
    }

    @Override
    public void publish(LogRecord line) {
        lines.add(line.getMessage());
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
