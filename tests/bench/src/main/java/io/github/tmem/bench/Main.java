package io.github.tmem.bench;

import io.github.tmem.bench.run.BuildSettings;

/** The entry of the program that measures. */
public final class Main {
    private static final String SAMPLES_PROPERTY = "tmem.samples";

    private Main() {}

    /** Runs the command that {@code arguments} name and ends the process with its exit code. */
    public static void main(String[] arguments) {
        BuildSettings.apply(SAMPLES_PROPERTY);
        System.exit(Measurements.commandLine().execute(arguments));
    }
}
