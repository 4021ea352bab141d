package io.github.tmem.node.console;

/** The exit codes of every command. */
public final class ExitCode {
    /** All is well. */
    public static final int OK = 0;

    /** The program is at fault: a law was broken, or there is a bug. */
    public static final int BROKEN = 1;

    /** The user is at fault: the command line, the configuration, a file, or too little memory. */
    public static final int USER_MISTAKE = 2;

    /** Nothing went wrong, and a figure is worse than that it was compared with. */
    public static final int WORSE = 3;

    private ExitCode() {}
}
