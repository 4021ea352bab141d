package io.github.tmem.node.config;

import io.github.tmem.api.config.ConfigValue;
import io.github.tmem.api.config.Secret;
import io.github.tmem.api.spi.StoreProvider;
import io.github.tmem.node.config.PeerTls.ClientCertificates;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the section {@code node} of a configuration file. */
public final class NodeReader {
    /** The key of the section. */
    public static final String SECTION = "node";

    static final List<String> KEYS = List.of("bind", "port", "users", "tls", "limits");
    static final List<String> USER_KEYS = List.of("name", "secret-file", "pools");
    static final List<String> TLS_KEYS = List.of("certificate", "key", "client-certificates", "trust");

    private static final String ALLOWED = "a map with the keys " + String.join(", ", KEYS);
    private static final String USER_ALLOWED = "a map such as {name: app, secret-file: app.secret, pools: all}";
    private static final String TLS_ALLOWED = "a map such as {certificate: node.pem, key: node.key}";
    private static final String BIND_ALLOWED = "the name or number of an address of this machine";
    private static final String NAME_ALLOWED = "1 to 64 of the characters a-z, A-Z, 0-9, ., _ and -";
    private static final String POOLS_ALLOWED = "all, or a list of the names of pools";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    private NodeReader() {}

    /**
     * The node that a file describes; with the defaults if it has no such section.
     *
     * @throws io.github.tmem.api.config.ConfigException if the file cannot be read, or the section is wrong
     */
    public static NodeConfig read(StoreProvider provider, Path file) {
        return provider.section(file, SECTION).map(NodeReader::node).orElse(NodeConfig.DEFAULT);
    }

    private static NodeConfig node(ConfigValue section) {
        Map<String, ? extends ConfigValue> fields = section.map(KEYS, ALLOWED);
        int port = optional(fields, "port")
                .map(value -> (int) Numbers.whole(value, 0, 65535))
                .orElse(NodeConfig.DEFAULT_PORT);
        InetSocketAddress bind = new InetSocketAddress(
                optional(fields, "bind").map(NodeReader::address).orElseGet(InetAddress::getLoopbackAddress), port);
        List<NodeUser> users = optional(fields, "users").map(NodeReader::users).orElse(List.of());
        @Nullable PeerTls tls = optional(fields, "tls").map(NodeReader::tls).orElse(null);
        PeerLimits limits = optional(fields, "limits").map(LimitsReader::limits).orElse(PeerLimits.DEFAULT);
        return optional(fields, "bind").orElse(section).locating(() -> new NodeConfig(bind, users, tls, limits));
    }

    private static Optional<ConfigValue> optional(Map<String, ? extends ConfigValue> fields, String key) {
        return Optional.ofNullable(fields.get(key));
    }

    private static ConfigValue required(
            ConfigValue owner, Map<String, ? extends ConfigValue> fields, String key, String allowed) {
        return optional(fields, key)
                .orElseThrow(() -> owner.error(owner.name() + " has no \"" + key + "\"; allowed: " + allowed));
    }

    private static InetAddress address(ConfigValue value) {
        String text = value.text(BIND_ALLOWED);
        try {
            return InetAddress.getByName(text.isBlank() ? "blank name" : text);
        } catch (UnknownHostException e) {
            throw value.refused("is not an address", BIND_ALLOWED);
        }
    }

    private static List<NodeUser> users(ConfigValue value) {
        List<NodeUser> users = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (ConfigValue element : value.elements("a user", "a list of users")) {
            NodeUser user = user(element);
            if (!names.add(user.name())) {
                throw element.error("user \"" + user.name() + "\" is given twice; allowed: once");
            }
            users.add(user);
        }
        return users;
    }

    private static NodeUser user(ConfigValue value) {
        Map<String, ? extends ConfigValue> fields = value.map(USER_KEYS, USER_ALLOWED);
        ConfigValue name = required(value, fields, "name", NAME_ALLOWED);
        if (!NAME.matcher(name.text(NAME_ALLOWED)).matches()) {
            throw name.refused("is not the name of a user", NAME_ALLOWED);
        }
        ConfigValue file = required(value, fields, "secret-file", Secret.FILE_ALLOWED);
        Path path = path(file, Secret.FILE_ALLOWED);
        Secret secret = file.locating(() -> Secret.read(path));
        @Nullable ConfigValue pools = fields.get("pools");
        return new NodeUser(name.text(NAME_ALLOWED), secret, pools == null ? Set.of() : pools(pools));
    }

    private static @Nullable Set<String> pools(ConfigValue value) {
        if (!value.isList()) {
            if (!value.text(POOLS_ALLOWED).equals("all")) {
                throw value.refused("is not a list", POOLS_ALLOWED);
            }
            return null;
        }
        Set<String> names = new HashSet<>();
        value.elements("a pool", POOLS_ALLOWED).forEach(element -> names.add(element.text("the name of a pool")));
        return names;
    }

    private static PeerTls tls(ConfigValue value) {
        Map<String, ? extends ConfigValue> fields = value.map(TLS_KEYS, TLS_ALLOWED);
        Path certificate = path(required(value, fields, "certificate", "a PEM file"), "a PEM file");
        Path key = path(required(value, fields, "key", "a PEM file"), "a PEM file");
        ClientCertificates clients = optional(fields, "client-certificates")
                .map(word -> word.choice(List.of(ClientCertificates.values()), ClientCertificates::word))
                .orElse(ClientCertificates.NONE);
        @Nullable Path trust = null;
        if (clients != ClientCertificates.NONE) {
            trust = path(
                    required(value, fields, "trust", "the PEM file of whom clients may be signed by"), "a PEM file");
        } else if (fields.containsKey("trust")) {
            throw value.error("trust without client-certificates; allowed: both, or neither");
        }
        @Nullable Path trusted = trust;
        return value.locating(() -> PeerTls.of(certificate, key, trusted, clients));
    }

    /** The file, found from the folder of the configuration unless its path is absolute. */
    private static Path path(ConfigValue value, String allowed) {
        try {
            return Path.of(value.file()).resolveSibling(value.text(allowed));
        } catch (InvalidPathException e) {
            throw value.refused("is not a path", allowed);
        }
    }
}
