package io.github.tmem.bench.remote;

import io.github.tmem.kit.process.ServerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Redis's own programs, if this machine has them. */
public final class RedisPrograms {
    static final String SERVER = "redis-server";
    static final String BENCHMARK = "redis-benchmark";

    private static final Pattern VERSION = Pattern.compile("\\bv=(\\S+)");

    private RedisPrograms() {}

    /** Why nothing can be compared with a server of Redis, in a few words; empty if it can. */
    public static Optional<String> serverObstacle() {
        return obstacle(SERVER);
    }

    /** Why nothing can be measured with redis-benchmark, in a few words; empty if it can. */
    public static Optional<String> benchmarkObstacle() {
        return serverObstacle().or(() -> obstacle(BENCHMARK));
    }

    private static Optional<String> obstacle(String program) {
        return ServerProcess.isInstalled(program) ? Optional.empty() : Optional.of("no " + program + " on the PATH");
    }

    /** What there is to compare with, in a few words. */
    public static String describe() {
        return serverObstacle().orElseGet(() -> SERVER + " " + version())
                + (serverObstacle().isPresent()
                        ? ""
                        : obstacle(BENCHMARK).map(why -> ", " + why).orElse(", " + BENCHMARK));
    }

    private static String version() {
        try {
            Process process = new ProcessBuilder(SERVER, "--version")
                    .redirectErrorStream(true)
                    .start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            Matcher version = VERSION.matcher(said);
            return version.find() ? version.group(1) : "of unknown version";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
