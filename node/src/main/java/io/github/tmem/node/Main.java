package io.github.tmem.node;

/** The entry of the program. */
public final class Main {
    private Main() {}

    /** Runs the command that {@code arguments} name and ends the process with its exit code. */
    public static void main(String[] arguments) {
        System.exit(Tmem.commandLine(Installation.onClassPath()).execute(arguments));
    }
}
