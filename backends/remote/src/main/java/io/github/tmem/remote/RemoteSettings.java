package io.github.tmem.remote;

import io.github.tmem.api.config.ConfigException;
import io.github.tmem.api.config.TierConfig;
import io.github.tmem.remote.server.Access;
import io.github.tmem.remote.server.ClientCertificate;
import io.github.tmem.remote.server.ServerAddress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The settings of one tier {@code remote}, read and checked.
 *
 * @param access how to reach the server, or each of several
 * @param holders how many of several servers hold each persistent page
 * @param losses what becomes of persistent pages
 * @param ttl how long the server keeps what a program that died has left
 * @param reach whether the server has to be there when the tier opens
 */
record RemoteSettings(Access access, int holders, Losses losses, Duration ttl, Reach reach) {

    static final String URI = "uri";
    static final String SECRET_FILE = Access.SECRET_FILE;
    static final String TRUST_FILE = Access.TRUST_FILE;
    static final String CERTIFICATE_FILE = ClientCertificate.CERTIFICATE_FILE;
    static final String KEY_FILE = ClientCertificate.KEY_FILE;
    static final String TIMEOUT = "timeout";
    static final String PERSISTENT = "persistent";
    static final String TTL = "ttl";
    static final String REPLICAS = "replicas";
    static final String REACH = "reach";
    static final Set<String> KEYS =
            Set.of(URI, SECRET_FILE, TRUST_FILE, CERTIFICATE_FILE, KEY_FILE, TIMEOUT, PERSISTENT, TTL, REPLICAS, REACH);

    private static final Duration TIMEOUT_MIN = Duration.ofMillis(1);
    private static final Duration TIMEOUT_MAX = Duration.ofMinutes(1);
    private static final Duration TTL_MIN = Duration.ofSeconds(1);
    private static final Duration TTL_MAX = Duration.ofDays(30);
    private static final int REPLICAS_MAX = 9;
    private static final int SECRET_BYTES_MAX = 4096;
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})\\s*(ms|s|m|h)");

    /** Where the server is. */
    ServerAddress address() {
        return access.address();
    }

    /** The settings for each of the servers alone. */
    List<RemoteSettings> each() {
        return address().each().stream()
                .map(one -> new Access(one, access.trust(), access.identity(), access.timeout(), access.replicas()))
                .map(one -> new RemoteSettings(one, 1, losses, ttl, reach))
                .toList();
    }

    /** Whether copies are spread over several servers that know nothing of each other. */
    boolean ofSeveral() {
        return ofSeveral(address());
    }

    private static boolean ofSeveral(ServerAddress address) {
        return address.layout() == ServerAddress.Layout.SINGLE
                && address.nodes().size() > 1;
    }

    /** What becomes of persistent pages. */
    enum Losses {
        /** The tier takes none. */
        REFUSE,
        /** The tier takes them, although a server that fails may lose them; that is reported, never silent. */
        ACCEPT
    }

    /** Whether the server has to be there when the tier opens. */
    enum Reach {
        AT_OPEN,
        LATER
    }

    /**
     * The address of the server; the server is not asked, and no file read.
     *
     * @throws ConfigException in one line if it is missing, or none
     */
    static ServerAddress address(TierConfig config) {
        String uri = config.settings().get(URI);
        if (uri == null) {
            throw new ConfigException("tier remote: uri is missing; allowed: " + ServerAddress.ALLOWED);
        }
        return ServerAddress.parse(uri);
    }

    /**
     * Reads the settings of a tier.
     *
     * @throws ConfigException in one line if one of them is wrong
     */
    static RemoteSettings of(TierConfig config) {
        Map<String, String> settings = config.settings();
        for (String key : new TreeSet<>(settings.keySet())) {
            if (!KEYS.contains(key)) {
                throw wrong(key, settings.get(key), "unknown setting", String.join(", ", new TreeSet<>(KEYS)));
            }
        }
        ServerAddress address = address(config);
        Path secret = path(settings, SECRET_FILE);
        int replicas = replicas(settings, address);
        Access access = new Access(
                secret == null ? address : address.withSecret(readSecret(secret)),
                path(settings, TRUST_FILE),
                identity(settings, address),
                duration(settings, TIMEOUT, "50ms", TIMEOUT_MIN, TIMEOUT_MAX),
                ofSeveral(address) ? 0 : replicas);
        return new RemoteSettings(
                access,
                ofSeveral(address) ? replicas : 1,
                choice(settings, PERSISTENT, List.of("refuse", "accept-loss")) == 0 ? Losses.REFUSE : Losses.ACCEPT,
                duration(settings, TTL, "1h", TTL_MIN, TTL_MAX),
                choice(settings, REACH, List.of("at-open", "later")) == 0 ? Reach.AT_OPEN : Reach.LATER);
    }

    private static Duration duration(
            Map<String, String> settings, String key, String standard, Duration min, Duration max) {
        String text = settings.getOrDefault(key, standard);
        String allowed = text(min) + " to " + text(max) + ", as a whole number with ms, s, m or h";
        Matcher matcher = DURATION.matcher(text.strip());
        if (!matcher.matches()) {
            throw wrong(key, text, "is not a duration", allowed);
        }
        long count = Long.parseLong(matcher.group(1));
        Duration duration = switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(count);
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            default -> Duration.ofHours(count);
        };
        if (duration.compareTo(min) < 0 || duration.compareTo(max) > 0) {
            throw wrong(key, text, "cannot be used", allowed);
        }
        return duration;
    }

    private static String text(Duration duration) {
        if (duration.toMillis() < 1000) {
            return duration.toMillis() + "ms";
        }
        return duration.toHours() > 0 ? duration.toHours() + "h" : duration.toSeconds() + "s";
    }

    private static int choice(Map<String, String> settings, String key, List<String> words) {
        String word = settings.getOrDefault(key, words.getFirst());
        int index = words.indexOf(word);
        if (index < 0) {
            throw wrong(key, word, "is not known", String.join(", ", words));
        }
        return index;
    }

    private static int replicas(Map<String, String> settings, ServerAddress address) {
        int min = ofSeveral(address) ? 1 : 0;
        int max = ofSeveral(address) ? address.nodes().size() : REPLICAS_MAX;
        String text = settings.getOrDefault(REPLICAS, Integer.toString(min));
        if (!text.matches("\\d{1,3}") || Integer.parseInt(text) < min || Integer.parseInt(text) > max) {
            throw wrong(REPLICAS, text, "cannot be used", min + " to " + max);
        }
        return Integer.parseInt(text);
    }

    private static @Nullable ClientCertificate identity(Map<String, String> settings, ServerAddress address) {
        Path certificate = path(settings, CERTIFICATE_FILE);
        Path key = path(settings, KEY_FILE);
        if (certificate == null && key == null) {
            return null;
        }
        if (certificate == null || key == null) {
            String given = certificate == null ? KEY_FILE : CERTIFICATE_FILE;
            throw wrong(given, settings.get(given), "is alone", CERTIFICATE_FILE + " and " + KEY_FILE + " together");
        }
        if (address.transport() != ServerAddress.Transport.TLS) {
            throw wrong(CERTIFICATE_FILE, certificate.toString(), "is for TLS", "with rediss:// only");
        }
        ClientCertificate identity = new ClientCertificate(certificate, key);
        identity.check("tier remote: ");
        return identity;
    }

    private static @Nullable Path path(Map<String, String> settings, String key) {
        String text = settings.get(key);
        if (text == null) {
            return null;
        }
        try {
            Path path = Path.of(text);
            if (Files.isReadable(path) && Files.isRegularFile(path)) {
                return path;
            }
        } catch (InvalidPathException e) {
            throw wrong(key, text, "is not a path", "a readable file");
        }
        throw wrong(key, text, "cannot be read", "a readable file");
    }

    /** All of the file but a line break at its end. */
    private static String readSecret(Path file) {
        try {
            if (Files.size(file) <= SECRET_BYTES_MAX + 2) {
                String secret = Files.readString(file).replaceFirst("\\r?\\n\\z", "");
                if (!secret.isEmpty() && secret.getBytes(StandardCharsets.UTF_8).length <= SECRET_BYTES_MAX) {
                    return secret;
                }
            }
        } catch (IOException e) {
            throw new ConfigException("tier remote: secret file " + file + " cannot be read; allowed: UTF-8 text", e);
        }
        throw wrong(SECRET_FILE, file.toString(), "is empty or too long", "1 to " + SECRET_BYTES_MAX + " bytes");
    }

    private static ConfigException wrong(String key, @Nullable String value, String fault, String allowed) {
        return new ConfigException("tier remote: " + key + " \"" + value + "\" " + fault + "; allowed: " + allowed);
    }
}
