package io.github.tmem.api.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How to reach the store of a node.
 *
 * @param address {@code tmem://[user[:secret]@]host[:port]}, or {@code tmems://} for TLS; without a port {@value #PORT_DEFAULT}
 * @param secretFile the file of the user's secret, if that is not in the address: a line break at its end does not count; or
 *     null
 * @param trustFile a PEM file with the certificates to trust; null for those that Java trusts
 * @param identity what to show to a node that asks for a client certificate; null for nothing
 * @param timeout how long an operation waits for an answer, 10 ms to 1 minute
 * @param lease how long the node keeps what belongs to this program when it does not hear of it, 1 second to 1 day. A program
 *     that was cut off for longer has lost its pools
 */
public record RemoteConfig(
        String address,
        @Nullable Path secretFile,
        @Nullable Path trustFile,
        @Nullable Identity identity,
        Duration timeout,
        Duration lease) {

    /** The port of a node that does not choose. */
    public static final int PORT_DEFAULT = 7390;

    /** How long an operation waits unless told otherwise. */
    public static final Duration TIMEOUT_DEFAULT = Duration.ofSeconds(2);

    /** How long a node waits for a program unless told otherwise. */
    public static final Duration LEASE_DEFAULT = Duration.ofMinutes(1);

    private static final Duration TIMEOUT_MIN = Duration.ofMillis(10);
    private static final Duration TIMEOUT_MAX = Duration.ofMinutes(1);
    private static final Duration LEASE_MIN = Duration.ofSeconds(1);
    private static final Duration LEASE_MAX = Duration.ofDays(1);

    /**
     * A client certificate.
     *
     * @param certificateFile a PEM file: the certificate, and after it those of who signed it
     * @param keyFile a PEM file: its private key as PKCS 8, not encrypted
     */
    public record Identity(Path certificateFile, Path keyFile) {
        public Identity {
            Objects.requireNonNull(certificateFile);
            Objects.requireNonNull(keyFile);
        }
    }

    public RemoteConfig {
        Objects.requireNonNull(address);
        if (timeout.compareTo(TIMEOUT_MIN) < 0 || timeout.compareTo(TIMEOUT_MAX) > 0) {
            throw new ConfigException("a time-out of " + timeout.toMillis() + "ms; allowed: 10ms to 1m");
        }
        if (lease.compareTo(LEASE_MIN) < 0 || lease.compareTo(LEASE_MAX) > 0) {
            throw new ConfigException("a lease of " + lease.toMillis() + "ms; allowed: 1s to 1 day");
        }
    }

    /** The node at this address, with the defaults for the rest. */
    public static RemoteConfig of(String address) {
        return new RemoteConfig(address, null, null, null, TIMEOUT_DEFAULT, LEASE_DEFAULT);
    }

    /** The same node, with the secret in this file. */
    public RemoteConfig withSecretFile(Path file) {
        return new RemoteConfig(address, file, trustFile, identity, timeout, lease);
    }

    /** The same node, trusted if one of these certificates vouches for it. */
    public RemoteConfig withTrustFile(Path file) {
        return new RemoteConfig(address, secretFile, file, identity, timeout, lease);
    }

    /** The same node, to which this program shows a certificate: two PEM files, as {@link Identity} says. */
    public RemoteConfig withCertificate(Path certificateFile, Path keyFile) {
        return new RemoteConfig(address, secretFile, trustFile, new Identity(certificateFile, keyFile), timeout, lease);
    }

    /** The same node, with another patience. */
    public RemoteConfig withTimeout(Duration newTimeout) {
        return new RemoteConfig(address, secretFile, trustFile, identity, newTimeout, lease);
    }

    /** The same node, which is to wait for this program for so long. */
    public RemoteConfig withLease(Duration newLease) {
        return new RemoteConfig(address, secretFile, trustFile, identity, timeout, newLease);
    }

    /** Names the address without its secret. */
    @Override
    public String toString() {
        return "RemoteConfig[" + address.replaceFirst("//.*@", "//***@") + ", timeout=" + timeout + ", lease=" + lease
                + "]";
    }
}
