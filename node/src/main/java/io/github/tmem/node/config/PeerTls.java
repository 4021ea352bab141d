package io.github.tmem.node.config;

import io.github.tmem.api.config.ConfigException;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * TLS 1.3 of the peer port, with keys and certificates already read.
 *
 * @param context makes an engine for each connection
 * @param clients whether clients show certificates
 */
public record PeerTls(SslContext context, ClientCertificates clients) {

    /** Whether clients show certificates of their own. They log in with a secret all the same. */
    public enum ClientCertificates {
        /** They are not asked for one. */
        NONE(ClientAuth.NONE),
        /** They are asked; one that is shown must be signed by a trusted authority. */
        OPTIONAL(ClientAuth.OPTIONAL),
        /** Who shows none that is signed by a trusted authority is turned away. */
        REQUIRED(ClientAuth.REQUIRE);

        private final ClientAuth auth;

        ClientCertificates(ClientAuth auth) {
            this.auth = auth;
        }

        /** The word of configuration files. */
        public String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /**
     * Reads certificate and key.
     *
     * @param certificate the chain of certificates, own one first, as PEM
     * @param key the private key, as PEM (PKCS 8), not encrypted
     * @param trust whose certificates clients may show; null if they show none
     * @throws ConfigException if one of the files cannot be used, naming it
     */
    public static PeerTls of(Path certificate, Path key, @Nullable Path trust, ClientCertificates clients) {
        check("certificate", certificate);
        check("key", key);
        try {
            SslContextBuilder builder = SslContextBuilder.forServer(certificate.toFile(), key.toFile())
                    .sslProvider(SslProvider.JDK)
                    .protocols("TLSv1.3")
                    .clientAuth(clients.auth);
            if (trust != null) {
                check("trust", trust);
                builder.trustManager(trust.toFile());
            }
            return new PeerTls(builder.build(), clients);
        } catch (IllegalArgumentException | SSLException e) {
            throw new ConfigException(
                    "certificate " + certificate + " and key " + key + " cannot be used: " + reason(e)
                            + "; allowed: PEM files of a certificate and its unencrypted key (PKCS 8)",
                    e);
        }
    }

    private static void check(String what, Path file) {
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            throw new ConfigException(what + " " + file + " cannot be read; allowed: a readable PEM file");
        }
    }

    private static String reason(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
    }
}
