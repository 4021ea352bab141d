package io.github.tmem.node.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.tmem.api.PageStore;
import io.github.tmem.api.PageUnavailableException;
import io.github.tmem.api.config.ConfigException;
import io.github.tmem.api.config.RemoteConfig;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Another program's view of a node. */
final class Remote {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private Remote() {}

    /** Connects to a node on this machine, with much patience. */
    static PageStore connect(Object port) {
        return connect(port, PATIENCE);
    }

    static PageStore connect(Object port, Duration timeout) {
        return PageStore.connect(RemoteConfig.of("tmem://127.0.0.1:" + port).withTimeout(timeout));
    }

    /** Connects to a node on this machine, which hears of this program three times in a lease. */
    static PageStore connect(Object port, Duration timeout, Duration lease) {
        return PageStore.connect(
                RemoteConfig.of("tmem://127.0.0.1:" + port).withTimeout(timeout).withLease(lease));
    }

    /** Asks until it is so. */
    static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("it is not so yet").isLessThan(deadline);
            Thread.yield();
        }
    }

    /** What an operation returns once it is answered. */
    static <T> T answered(Supplier<T> operation) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                return operation.get();
            } catch (PageUnavailableException e) {
                assertThat(System.nanoTime())
                        .as("no answer: %s", e.getMessage())
                        .isLessThan(deadline);
                Thread.yield();
            }
        }
    }

    /** Connecting is a mistake: one line says so, with these parts, no secret, and no words of other layers. */
    static void assertMistake(RemoteConfig config, String... parts) {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> PageStore.connect(config).close())
                .satisfies(e -> assertThat(e.getMessage())
                        .contains(parts)
                        .hasLineCount(1)
                        .doesNotContain("hush", "redis", "tier"));
    }

    static byte[] page(int size, int version) {
        byte[] page = new byte[size];
        java.util.Arrays.fill(page, (byte) 0x5a);
        page[1] = (byte) version;
        return page;
    }
}
