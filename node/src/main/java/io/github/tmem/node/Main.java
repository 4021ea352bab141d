package io.github.tmem.node;

import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

/** The entry of the program. */
public final class Main {
    /**
     * What logs every attempt to reach a server that is down, with stack traces; the remote tier says the same in one line.
     * Held, or the level would be forgotten.
     */
    private static final List<Logger> CHATTY = Stream.of(
                    "io.lettuce", "io.netty.util.concurrent.DefaultPromise.rejectedExecution")
            .map(Logger::getLogger)
            .toList();

    private Main() {}

    /** Runs the command that {@code arguments} name and ends the process with its exit code. */
    public static void main(String[] arguments) {
        quiet();
        System.exit(Tmem.commandLine(Installation.onClassPath()).execute(arguments));
    }

    /** Silences the chatty, but for those whose level the user has set. */
    static void quiet() {
        CHATTY.stream().filter(logger -> logger.getLevel() == null).forEach(logger -> logger.setLevel(Level.OFF));
    }
}
