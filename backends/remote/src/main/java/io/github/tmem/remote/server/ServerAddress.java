package io.github.tmem.remote.server;

import io.github.tmem.api.config.ConfigException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where the server is, and as whom to speak to it. Its text names no secret.
 *
 * @param layout servers each for itself, or a cluster
 * @param transport plain or encrypted
 * @param nodes the servers, mostly one; of a cluster, some of its nodes
 * @param user whom to speak as; null for the server's default user
 * @param secret that user's secret; null if none was given
 */
public record ServerAddress(
        Layout layout,
        Transport transport,
        List<Node> nodes,
        @Nullable String user,
        @Nullable String secret) {

    /** What error messages say is allowed. */
    public static final String ALLOWED =
            "redis://[user:secret@]host[:port], host:port,host:port for several servers, rediss:// for TLS,"
                    + " redis+cluster://host:port,host:port for a cluster";

    private static final int PORT_DEFAULT = 6379;
    private static final int PORT_MAX = 65_535;
    private static final Pattern URI =
            Pattern.compile("(rediss?)(\\+cluster)?://(?:([^@/]*)@)?([^@/]+)(?:/0?)?", Pattern.CASE_INSENSITIVE);
    private static final Pattern NODE = Pattern.compile("(\\[[0-9a-fA-F:.]+]|[^:\\[\\]\\s]+)(?::(\\d{1,5}))?");

    public ServerAddress {
        nodes = List.copyOf(nodes);
    }

    /** Who decides which server holds what: this program, or the servers. */
    public enum Layout {
        SINGLE,
        CLUSTER
    }

    /** What the connection is. */
    public enum Transport {
        PLAIN,
        TLS
    }

    /** A host, by name or address, and its port. */
    public record Node(String host, int port) {
        @Override
        public String toString() {
            return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
        }
    }

    /**
     * Reads the setting {@code uri}.
     *
     * @throws ConfigException if it is not one; the message repeats nothing of it that may be a secret
     */
    public static ServerAddress parse(String uri) {
        Matcher matcher = URI.matcher(uri.strip());
        if (!matcher.matches()) {
            throw wrong(uri);
        }
        List<Node> nodes = new ArrayList<>();
        for (String node : matcher.group(4).split(",", -1)) {
            nodes.add(node(node, uri));
        }
        Layout layout = matcher.group(2) == null ? Layout.SINGLE : Layout.CLUSTER;
        if (layout == Layout.SINGLE && nodes.stream().distinct().count() < nodes.size()) {
            throw new ConfigException(shown(uri) + " names a server twice; allowed: " + ALLOWED);
        }
        Transport transport = matcher.group(1).length() > "redis".length() ? Transport.TLS : Transport.PLAIN;
        String credentials = matcher.group(3);
        if (credentials == null) {
            return new ServerAddress(layout, transport, nodes, null, null);
        }
        int colon = credentials.indexOf(':');
        String user = decoded(colon < 0 ? credentials : credentials.substring(0, colon), uri);
        String secret = colon < 0 ? null : decoded(credentials.substring(colon + 1), uri);
        return new ServerAddress(layout, transport, nodes, emptyAsNull(user), emptyAsNull(secret));
    }

    private static Node node(String text, String uri) {
        Matcher matcher = NODE.matcher(text);
        if (!matcher.matches()) {
            throw wrong(uri);
        }
        int port = matcher.group(2) == null ? PORT_DEFAULT : Integer.parseInt(matcher.group(2));
        if (port < 1 || port > PORT_MAX) {
            throw wrong(uri);
        }
        String host = matcher.group(1);
        return new Node(host.startsWith("[") ? host.substring(1, host.length() - 1) : host, port);
    }

    private static String decoded(String text, String uri) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw wrong(uri);
        }
    }

    private static @Nullable String emptyAsNull(@Nullable String text) {
        return text == null || text.isEmpty() ? null : text;
    }

    private static ConfigException wrong(String uri) {
        return new ConfigException(shown(uri) + " is not the address of a server; allowed: " + ALLOWED);
    }

    private static String shown(String uri) {
        return "tier remote: uri \"" + uri.replaceFirst("//.*@", "//***@") + "\"";
    }

    /** An address for each of the nodes. */
    public List<ServerAddress> each() {
        return nodes.stream()
                .map(node -> new ServerAddress(layout, transport, List.of(node), user, secret))
                .toList();
    }

    /** The same address for somebody with this secret. */
    public ServerAddress withSecret(String newSecret) {
        return new ServerAddress(layout, transport, nodes, user, newSecret);
    }

    @Override
    public String toString() {
        String scheme = transport == Transport.TLS ? "rediss" : "redis";
        return nodes.stream()
                .map(Node::toString)
                .collect(Collectors.joining(",", scheme + (layout == Layout.CLUSTER ? "+cluster://" : "://"), ""));
    }
}
