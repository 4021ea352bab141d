package io.github.tmem.remote.server;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How to reach a server.
 *
 * @param address where it is
 * @param trust certificates to trust beside none other, as PEM; null for those that Java trusts
 * @param identity what to show to a server that asks for a client certificate; null for nothing
 * @param timeout how long an operation waits for an answer
 * @param replicas how many replicas must have a value that is {@linkplain Server.Connection#keep kept} before that is
 *     acknowledged
 */
public record Access(
        ServerAddress address,
        @Nullable Path trust,
        @Nullable ClientCertificate identity,
        Duration timeout,
        int replicas) {
    /** The setting that names the file of the secret. */
    public static final String SECRET_FILE = "secret-file";

    /** The setting that names the file of {@link #trust}. */
    public static final String TRUST_FILE = "trust-file";
}
