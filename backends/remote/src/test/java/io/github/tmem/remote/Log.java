package io.github.tmem.remote;

import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** What the tier logs while this is open. */
final class Log extends Handler implements AutoCloseable {
    private static final Logger LOGGER = Logger.getLogger("io.github.tmem.remote");

    private final StringBuilder text = new StringBuilder();
    private final SimpleFormatter formatter = new SimpleFormatter();

    Log() {
        LOGGER.addHandler(this);
    }

    @Override
    public synchronized void publish(LogRecord record) {
        text.append(formatter.formatMessage(record)).append('\n');
    }

    synchronized String text() {
        return text.toString();
    }

    @Override
    public void flush() {
        // nothing is kept back
    }

    @Override
    public void close() {
        LOGGER.removeHandler(this);
    }
}
