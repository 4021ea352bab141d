package io.github.tmem.node.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PagePool;
import io.github.tmem.api.PageStore;
import io.github.tmem.api.config.RemoteConfig;
import io.github.tmem.kit.process.Certificate;
import io.github.tmem.node.config.PeerLimits;
import io.github.tmem.node.config.PeerTls;
import io.github.tmem.node.config.PeerTls.ClientCertificates;
import io.github.tmem.node.peer.RunningNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The store of a node that speaks TLS: it is used, or one line says why not. */
@Timeout(120)
class RemoteTlsTest {
    @TempDir
    static Path folder;

    private static Certificate server;
    private static Certificate friend;
    private static Certificate enemy;
    private static Path secret;

    @BeforeAll
    static void certify() throws Exception {
        server = Certificate.make(folder, "server");
        friend = Certificate.make(folder, "friend");
        enemy = Certificate.make(folder, "enemy");
        secret = Files.writeString(folder.resolve("secret"), "secret of ann");
    }

    private static RunningNode node(@Nullable Path trust, ClientCertificates clients) {
        return new RunningNode(
                List.of(RunningNode.ANN),
                PeerTls.of(server.certificate(), server.key(), trust, clients),
                PeerLimits.DEFAULT);
    }

    private static RemoteConfig ann(RunningNode node) {
        return RemoteConfig.of("tmems://ann@127.0.0.1:" + node.port())
                .withSecretFile(secret)
                .withTrustFile(server.certificate());
    }

    private static void assertServes(RemoteConfig config) {
        try (PageStore store = PageStore.connect(config)) {
            PagePool pool = store.persistent("own");
            byte[] page = Remote.page(pool.pageSize(), 1);
            assertThat(pool.put(ObjectId.of(1), 1, page).stored()).isTrue();
            byte[] found = new byte[page.length];
            assertThat(pool.get(ObjectId.of(1), 1, found)).isTrue();
            assertThat(found).isEqualTo(page);
        }
    }

    @Test
    void pagesGoThroughTlsIfTheNodeIsTrusted() {
        try (RunningNode node = node(null, ClientCertificates.NONE)) {
            assertServes(ann(node));
            assertServes(ann(node).withCertificate(friend.certificate(), friend.key()));
            Remote.assertMistake(
                    ann(node).withTrustFile(enemy.certificate()), "tmems://", "is not trusted", "trust-file");
        }
    }

    @Test
    void aNodeThatWantsACertificateIsShownOne() {
        try (RunningNode node = node(friend.certificate(), ClientCertificates.REQUIRED)) {
            assertServes(ann(node).withCertificate(friend.certificate(), friend.key()));
            Remote.assertMistake(
                    ann(node), "tmems://", "wants another client certificate", "certificate-file and key-file");
            Remote.assertMistake(
                    ann(node).withCertificate(enemy.certificate(), enemy.key()),
                    "wants another client certificate",
                    "certificate-file and key-file");
        }
    }

    @Test
    void filesThatCannotBeShownAreMistakes() {
        RemoteConfig nobody = RemoteConfig.of("tmems://127.0.0.1:1");
        Remote.assertMistake(
                nobody.withCertificate(friend.certificate(), enemy.key()),
                "key-file",
                "is not the key of the certificate");
        Remote.assertMistake(
                nobody.withCertificate(folder.resolve("none"), friend.key()), "certificate-file", "no certificate");
        Remote.assertMistake(
                RemoteConfig.of("tmem://127.0.0.1:1").withCertificate(friend.certificate(), friend.key()),
                "certificate-file",
                "is for TLS; allowed: with tmems:// only");
    }
}
