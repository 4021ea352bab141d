package io.github.tmem.kit.process;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.github.tmem.kit.Aside;
import io.github.tmem.kit.Race;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
@SuppressWarnings("NullAway.Init") // set before each test
class WireProxyTest {
    private EchoServer server;
    private WireProxy proxy;

    @BeforeEach
    void start() throws IOException {
        server = new EchoServer();
        proxy = WireProxy.to(server.port(), words -> List.of(new String(words.getLast(), US_ASCII)));
    }

    @AfterEach
    void stop() throws IOException {
        proxy.close();
        server.close();
    }

    private Resp connect() throws IOException {
        return new Resp(Integer.parseInt(proxy.uri().replaceAll(".*:", "")));
    }

    private static CompletableFuture<String> ask(Resp client, String word) {
        return Aside.start(() -> {
            try {
                return client.command("ECHO", word);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    @Test
    void whatNobodyStopsPasses() throws IOException {
        try (Resp client = connect()) {
            assertThat(client.command("a", "b")).isEqualTo("b");
            assertThat(client.command("word with\r\nbreaks")).isEqualTo("word with\r\nbreaks");
            assertThat(proxy.connections()).isEqualTo(1);
        }
        Race.until(() -> proxy.connections() == 0);
    }

    @Test
    void aRequestIsHeldUpAndThenAnAnswer() throws IOException {
        try (Resp client = connect()) {
            proxy.gate().shut("b");
            proxy.gate().shut("b answer");
            CompletableFuture<String> answer = ask(client, "b");
            proxy.gate().awaitArrival("b");
            assertThat(server.heard()).isEmpty();
            proxy.gate().open("b");
            proxy.gate().awaitArrival("b answer");
            assertThat(server.heard()).containsExactly("b");
            assertThat(answer).isNotDone();
            proxy.gate().open("b answer");
            assertThat(Aside.join(answer)).isEqualTo("b");
        }
    }

    @Test
    void aConnectionEndsBeforeTheRequestOrBeforeTheAnswer() throws IOException {
        try (Resp one = connect();
                Resp other = connect()) {
            proxy.endAt("a");
            assertThatIOException().isThrownBy(() -> one.command("a"));
            assertThat(server.heard()).doesNotContain("a");
            proxy.endAt("b answer");
            assertThatIOException().isThrownBy(() -> other.command("b"));
            assertThat(server.heard()).contains("b");
        }
    }

    @Test
    void asManyConnectionsEndAsTheTestWants() throws IOException {
        proxy.endAt("a", 2);
        for (int i = 0; i < 2; i++) {
            try (Resp client = connect()) {
                assertThatIOException().isThrownBy(() -> client.command("a"));
            }
        }
        try (Resp client = connect()) {
            assertThat(client.command("a")).isEqualTo("a");
        }
    }

    @Test
    void oneAnswerIsChanged() throws IOException {
        try (Resp client = connect()) {
            proxy.changeAt("a answer", answer -> "+changed\r\n".getBytes(US_ASCII));
            assertThat(client.command("a")).isEqualTo("changed");
            assertThat(client.command("a")).isEqualTo("a");
        }
    }

    @Test
    void nobodyGetsThroughUntilItIsHealed() throws IOException {
        try (Resp client = connect()) {
            assertThat(client.command("a")).isEqualTo("a");
            proxy.cut();
            assertThatIOException().isThrownBy(() -> client.command("b"));
            assertThatIOException().isThrownBy(() -> {
                try (Resp other = connect()) {
                    other.command("c");
                }
            });
            assertThat(server.heard()).doesNotContain("b", "c");
            proxy.heal();
            try (Resp other = connect()) {
                assertThat(other.command("d")).isEqualTo("d");
            }
        }
    }

    @Test
    void whatWasSentBeforeArrivesWhenTheClientHasLongGone() throws IOException {
        try (Resp client = connect()) {
            proxy.gate().shut("late");
            CompletableFuture<String> answer = ask(client, "late");
            proxy.gate().awaitArrival("late");
            proxy.desert();
            assertThat(proxy.deserted()).isEqualTo(1);
            assertThat(answer.handle((text, failure) -> failure).join()).isNotNull();
            try (Resp other = connect()) {
                assertThat(other.command("early")).isEqualTo("early");
            }
            proxy.gate().open("late");
            Race.until(() -> server.heard().contains("late"));
            assertThat(server.heard()).containsExactly("early", "late");
            Race.until(() -> proxy.deserted() == 0);
        }
        Race.until(() -> proxy.connections() == 0);
    }
}
