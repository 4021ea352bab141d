package io.github.tmem.remote.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisConnectionException;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConnectingTest {
    private static final ServerAddress ADDRESS = ServerAddress.parse("redis://bob@localhost:1");

    private static RuntimeException wrongSecret() {
        return new RedisConnectionException(
                "Unable to connect", new RedisCommandExecutionException("WRONGPASS invalid username-password pair"));
    }

    private static RuntimeException unheard() {
        return new RedisConnectionException(
                "Unable to connect", new IllegalStateException("RedisHandshakeHandler not registered"));
    }

    private static RuntimeException closed() {
        return new RedisConnectionException("Unable to connect", new ClosedChannelException());
    }

    private static String connect(Deque<RuntimeException> failures) throws Unusable {
        return Connecting.connect(
                () -> {
                    if (failures.isEmpty()) {
                        return "connection";
                    }
                    throw failures.pop();
                },
                ADDRESS);
    }

    @Test
    void whatTheClientDidNotHearIsAskedAgain() throws Unusable {
        assertThat(connect(new ArrayDeque<>(List.of(unheard(), closed())))).isEqualTo("connection");
        assertThatExceptionOfType(Unusable.class)
                .isThrownBy(() -> connect(new ArrayDeque<>(List.of(unheard(), wrongSecret()))))
                .withMessageContaining("does not take this secret");
    }

    @Test
    void thatHasAnEndAndOtherFailuresAreFinal() {
        Deque<RuntimeException> always = new ArrayDeque<>(List.of(unheard(), unheard(), unheard(), unheard()));
        assertThatExceptionOfType(Unusable.class).isThrownBy(() -> connect(always));
        assertThat(always).hasSize(1);
        Deque<RuntimeException> two = new ArrayDeque<>(List.of(wrongSecret(), wrongSecret()));
        assertThatExceptionOfType(Unusable.class).isThrownBy(() -> connect(two));
        assertThat(two).hasSize(1);
    }
}
