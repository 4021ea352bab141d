package io.github.tmem.bench;

/** The entry of the program that measures. */
public final class Main {
    private Main() {}

    /** Runs the command that {@code arguments} name and ends the process with its exit code. */
    public static void main(String[] arguments) {
        System.exit(Measurements.commandLine().execute(arguments));
    }
}
