package io.github.tmem.node.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A request that ends in an {@code Error} has no answer, and the connection takes none of a later request for it. */
@Timeout(60)
class ErrorsTest {

    @ParameterizedTest
    @EnumSource(Pace.class)
    void anErrorEndsTheConnection(Pace pace) throws IOException {
        AtomicBoolean armed = new AtomicBoolean();
        LongSupplier clock = () -> {
            if (armed.get()) {
                throw new StackOverflowError("as the test wants it");
            }
            return 1_000_000;
        };
        try (RunningNode node = new RunningNode(clock, pace);
                Wire other = node.connect();
                Wire wire = node.connect()) {
            assertThat(other.ask("SET", "key", "page")).isEqualTo("+OK\r\n");
            assertThat(wire.ask("PING")).isEqualTo("+PONG\r\n");
            armed.set(true);
            wire.send(Talk.request("SET", "new", "v", "EX", "100") + Talk.request("ECHO", "the answer of another"));
            assertThat(wire.rest()).doesNotContain("another");
            armed.set(false);
            assertThat(other.ask("MGET", "key", "new")).isEqualTo("*2\r\n" + Talk.bulk("page") + "$-1\r\n");
        }
    }
}
