package io.github.tmem.bench.run;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** Settings of the build that are those of a run as well, unless the command line of the JVM says otherwise. */
public final class BuildSettings {
    private static final String FILE = "build.properties";

    private BuildSettings() {}

    /** Sets the system property {@code name} to the value it had when this program was built, unless it is set. */
    public static void apply(String name) {
        Properties settings = new Properties();
        try (InputStream in = BuildSettings.class.getResourceAsStream(FILE)) {
            settings.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String value = settings.getProperty(name);
        if (value != null && System.getProperty(name) == null) {
            System.setProperty(name, value);
        }
    }
}
