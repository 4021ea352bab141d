package io.github.tmem.node.console;

import java.io.PrintStream;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** A bar on a terminal, drawn ten times a second and wiped when closed. */
public final class TerminalBar implements Progress {
    /** Set to {@code true} by the launcher when standard error is a terminal. */
    static final String TERMINAL_PROPERTY = "tmem.terminal";

    private static final int WIDTH = 78;
    private static final int INTERVAL_MILLIS = 100;

    private final PrintStream terminal;
    private final ProgressBar bar;

    /** A bar with a name over {@code steps} pages. */
    public TerminalBar(PrintStream terminal, String name, long steps) {
        this(terminal, steps, builder(name).setUnit("k pages", 1000));
    }

    private TerminalBar(PrintStream terminal, long steps, ProgressBarBuilder builder) {
        this.terminal = terminal;
        bar = builder.setConsumer(new ConsoleProgressBarConsumer(terminal, WIDTH))
                .setInitialMax(steps)
                .build();
    }

    /** A bar with a name over {@code steps} rounds. */
    public static TerminalBar ofRounds(PrintStream terminal, String name, long steps) {
        return new TerminalBar(terminal, steps, builder(name).setUnit(" rounds", 1));
    }

    private static ProgressBarBuilder builder(String name) {
        return new ProgressBarBuilder()
                .setStyle(ProgressBarStyle.UNICODE_BLOCK)
                .setUpdateIntervalMillis(INTERVAL_MILLIS)
                .setTaskName(name)
                .clearDisplayOnFinish();
    }

    /** Whether there is a terminal to draw on. Java itself cannot tell for standard error alone, so the launcher says it. */
    public static boolean isUseful() {
        return Boolean.getBoolean(TERMINAL_PROPERTY);
    }

    @Override
    public void phase(String name) {
        bar.setExtraMessage(name);
    }

    @Override
    public void advance(long steps) {
        bar.stepBy(steps);
    }

    @Override
    public void close() {
        bar.close();
        // A bar that lived for less than one interval does not wipe itself.
        terminal.print("\r" + " ".repeat(WIDTH) + "\r");
        terminal.flush();
    }
}
