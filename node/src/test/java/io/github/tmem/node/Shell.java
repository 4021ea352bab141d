package io.github.tmem.node;

import io.github.tmem.api.config.ConfigException;
import io.github.tmem.api.config.TierConfig;
import io.github.tmem.api.spi.Backend;
import io.github.tmem.api.spi.BackendProvider;
import io.github.tmem.api.spi.BackendProvider.Location;
import io.github.tmem.api.spi.StoreProvider;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Set;
import picocli.CommandLine;

/**
 * One command run inside the test.
 *
 * @param exitCode as the process would end with
 * @param out what it printed to standard output
 * @param err what it printed to standard error
 */
record Shell(int exitCode, String out, String err) {

    /**
     * Runs a command over {@code store} and the backends {@code heap}, {@code offheap} and {@code far}, which is in another
     * machine, on machines of 1 GiB each.
     */
    static Shell run(StoreProvider store, String... arguments) {
        List<BackendProvider> backends = List.of(
                new Capacities("heap", Location.MEMORY),
                new Capacities("offheap", Location.MEMORY),
                new Capacities("far", Location.NETWORK));
        return run(new Installation(() -> store, () -> backends), arguments);
    }

    static Shell run(Installation installation, String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine command = Tmem.commandLine(installation);
        command.setOut(new PrintWriter(out, true));
        command.setErr(new PrintWriter(err, true));
        int exitCode = command.execute(arguments);
        return new Shell(exitCode, out.toString(), err.toString());
    }

    private record Capacities(String type, Location location) implements BackendProvider {
        private static final long MACHINE = 1L << 30;

        @Override
        public Set<String> settingKeys() {
            return Set.of();
        }

        @Override
        public long capacity(TierConfig config) {
            long bytes = config.capacity().resolve(MACHINE);
            if (bytes > MACHINE) {
                throw new ConfigException("tier " + type + ": capacity " + config.capacity() + " is too much");
            }
            return bytes;
        }

        @Override
        public Backend open(TierConfig config) {
            throw new AssertionError("nothing may be opened");
        }
    }
}
