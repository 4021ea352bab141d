package io.github.tmem.remote.store;

import io.github.tmem.api.config.ConfigException;
import io.github.tmem.api.config.RemoteConfig;
import io.github.tmem.remote.server.Access;
import io.github.tmem.remote.server.ClientCertificate;
import io.github.tmem.remote.server.ServerAddress;
import io.github.tmem.remote.server.Unusable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a node is, and as whom to speak to it. Its text names no secret.
 *
 * @param server the same as the address of a server that speaks its protocol
 */
record NodeAddress(ServerAddress server) {
    private static final String ALLOWED = "tmem://[user[:secret]@]host[:port], or tmems:// for TLS";
    private static final Pattern ADDRESS = Pattern.compile(
            "tmem(s?)://((?:[^@/]*@)?)(\\[[0-9a-fA-F:.]+]|[^@/:,\\[\\]\\s]+)(:\\d{1,5})?/?", Pattern.CASE_INSENSITIVE);
    private static final int SECRET_BYTES_MAX = 4096;

    /**
     * Reads address and secret.
     *
     * @throws ConfigException in one line if they are none; it repeats nothing that may be a secret
     */
    static NodeAddress of(RemoteConfig config) {
        NodeAddress address = parse(config.address());
        Path file = config.secretFile();
        if (config.trustFile() != null && !Files.isReadable(config.trustFile())) {
            throw new ConfigException("trust file " + config.trustFile() + " cannot be read; allowed: a PEM file");
        }
        checkIdentity(config, address);
        return file == null ? address : new NodeAddress(address.server.withSecret(readSecret(file)));
    }

    private static void checkIdentity(RemoteConfig config, NodeAddress address) {
        ClientCertificate identity = identity(config);
        if (identity == null) {
            return;
        }
        if (address.server.transport() != ServerAddress.Transport.TLS) {
            throw new ConfigException(ClientCertificate.CERTIFICATE_FILE + " \"" + identity.certificate()
                    + "\" is for TLS; allowed: with tmems:// only");
        }
        identity.check("");
    }

    private static @Nullable ClientCertificate identity(RemoteConfig config) {
        RemoteConfig.Identity identity = config.identity();
        return identity == null ? null : new ClientCertificate(identity.certificateFile(), identity.keyFile());
    }

    private static NodeAddress parse(String text) {
        Matcher matcher = ADDRESS.matcher(text.strip());
        if (!matcher.matches()) {
            throw wrong(text);
        }
        String port = matcher.group(4) == null ? ":" + RemoteConfig.PORT_DEFAULT : matcher.group(4);
        try {
            return new NodeAddress(ServerAddress.parse(
                    "redis" + matcher.group(1) + "://" + matcher.group(2) + matcher.group(3) + port));
        } catch (ConfigException e) {
            throw wrong(text);
        }
    }

    private static ConfigException wrong(String text) {
        return new ConfigException(
                "\"" + text.replaceFirst("//.*@", "//***@") + "\" is not the address of a node; allowed: " + ALLOWED);
    }

    private static String readSecret(Path file) {
        try {
            if (Files.size(file) <= SECRET_BYTES_MAX + 2) {
                String secret = Files.readString(file).replaceFirst("\\r?\\n\\z", "");
                if (!secret.isEmpty() && secret.getBytes(StandardCharsets.UTF_8).length <= SECRET_BYTES_MAX) {
                    return secret;
                }
            }
        } catch (IOException e) {
            throw new ConfigException("secret file " + file + " cannot be read; allowed: UTF-8 text", e);
        }
        throw new ConfigException("secret file " + file + " is empty or too long; allowed: 1 to 4096 bytes");
    }

    /** How connections are made, with this patience. */
    Access access(RemoteConfig config, @Nullable Path trust) {
        return new Access(server, trust, identity(config), config.timeout(), 0);
    }

    /** Why a node cannot be used, in the words of its users. */
    String text(Unusable unusable) {
        return inWordsOfNodes(String.valueOf(unusable.getMessage()))
                .replace("the port of a Redis or Valkey server", "the peer port of a node");
    }

    private static String inWordsOfNodes(String text) {
        return text.replace("rediss://", "tmems://").replace("redis://", "tmem://");
    }

    @Override
    public String toString() {
        return inWordsOfNodes(server.toString());
    }
}
