package io.github.tmem.node.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.tmem.api.PageStore;
import io.github.tmem.api.UnauthorizedException;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.api.config.RemoteConfig;
import io.github.tmem.node.config.PeerLimits;
import io.github.tmem.node.peer.RunningNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is not a node, or not for this program, is one line. */
@Timeout(120)
class ConnectingTest {
    @TempDir
    Path folder;

    @Test
    void addressesAreChecked() {
        for (String wrong : List.of(
                "localhost:7390",
                "http://localhost",
                "tmem://",
                "tmem://a:hush@",
                "tmem://a,b",
                "tmem://a:99999",
                "tmem+cluster://a")) {
            Remote.assertMistake(RemoteConfig.of(wrong), "is not the address of a node; allowed: tmem://");
        }
        Remote.assertMistake(
                RemoteConfig.of("tmem://localhost").withSecretFile(folder.resolve("none")), "none", "cannot be read");
    }

    @Test
    void aSecretIsNeededIfThereAreUsersAndRightsAreKept() throws IOException {
        try (RunningNode node = new RunningNode(List.of(RunningNode.ANN, RunningNode.BOB), null, PeerLimits.DEFAULT)) {
            RemoteConfig plain = RemoteConfig.of("tmem://127.0.0.1:" + node.port());
            Remote.assertMistake(plain, "secret");
            RemoteConfig bob = RemoteConfig.of("tmem://bob@127.0.0.1:" + node.port());
            Path hush = Files.writeString(folder.resolve("wrong"), "hush");
            Remote.assertMistake(bob.withSecretFile(hush), "does not take this secret", "bob");
            Path right = Files.writeString(folder.resolve("right"), "secret of bob\n");
            try (PageStore store = PageStore.connect(bob.withSecretFile(right))) {
                assertThat(store.ephemeral("images").pageSize()).isEqualTo(512);
                assertThatExceptionOfType(UnauthorizedException.class)
                        .isThrownBy(() -> store.pool(PoolConfig.ephemeral("others")));
                assertThat(store.stats().pools())
                        .allMatch(pool ->
                                pool.name().equals("images") || pool.name().equals("peer:bob"));
            }
            Remote.assertMistake(RemoteConfig.of("tmems://127.0.0.1:" + node.port()), "TLS", "tmem://");
        }
    }

    @Test
    void whatIsNoNodeOrAnotherVersionIsTold() throws IOException {
        int unused;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            unused = free.getLocalPort();
        }
        Remote.assertMistake(RemoteConfig.of("tmem://127.0.0.1:" + unused), "cannot be reached", "connection refused");
        try (RunningNode node = new RunningNode();
                Relay relay = new Relay(node.address())) {
            RemoteConfig config = RemoteConfig.of("tmem://127.0.0.1:" + relay.port());
            relay.change(answer -> answer.replace("*2\r\n:1\r\n", "*2\r\n:2\r\n"));
            Remote.assertMistake(config, "speaks version 2 of the TMEM commands; allowed: version 1");
            relay.change(
                    answer -> answer.startsWith("*2\r\n:1\r\n") ? "-ERR unknown command 'TMEM.HELLO'\r\n" : answer);
            Remote.assertMistake(config, "is no node of tmem; allowed: the peer port of a node");
            relay.change(answer -> answer.startsWith("$32\r\n") ? ":7\r\n" : answer); // in place of a session
            Remote.assertMistake(config, "is no node of tmem; allowed: the peer port of a node");
        }
    }
}
