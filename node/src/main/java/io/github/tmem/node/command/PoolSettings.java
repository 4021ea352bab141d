package io.github.tmem.node.command;

import io.github.tmem.api.GetMode;
import io.github.tmem.api.PageKind;
import io.github.tmem.api.WriteMode;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.api.config.Secret;
import io.github.tmem.api.config.Size;
import io.github.tmem.node.resp.Request;
import io.github.tmem.node.resp.RequestException;
import java.util.HexFormat;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads the settings of a pool that the configuration does not declare: pairs of a word and what it is to be. */
final class PoolSettings {
    private PoolSettings() {}

    /** Whether they are those of a pool of values: then only chain, weight and quota may be among them. */
    static boolean areOfValues(Request request, int end) {
        return end >= 4 && request.is(2, "KIND") && request.is(3, "VALUES");
    }

    /**
     * The settings from the third argument on.
     *
     * @param end where they end
     * @throws io.github.tmem.api.config.ConfigException if they do not fit each other
     */
    static PoolConfig read(String name, Request request, int end) {
        if (end < 4 || !request.is(2, "KIND") || end % 2 != 0) {
            throw new RequestException(
                    "UNDECLARED the pool is not declared by the node's configuration; TMEM.OPEN name KIND"
                            + " ephemeral|persistent [GET exclusive|inclusive] [PAGE bytes] [CHAIN name] [WEIGHT n] [QUOTA bytes]"
                            + " [WRITE back|through] [INDEXES n] [UUID uuid [SECRET secret | SHA256 digits]] [NUMBER n] opens it");
        }
        PoolConfig settings =
                kind(request) == PageKind.EPHEMERAL ? PoolConfig.ephemeral(name) : PoolConfig.persistent(name);
        @Nullable UUID uuid = null;
        @Nullable Secret secret = null;
        @Nullable GetMode mode = null;
        for (int i = 4; i < end; i += 2) {
            if (request.is(i, "GET")) {
                mode = mode(request, i + 1);
            } else if (request.is(i, "PAGE")) {
                settings = settings.withPageSize(Math.clamp(request.number(i + 1), 0, Integer.MAX_VALUE));
            } else if (request.is(i, "CHAIN")) {
                settings = settings.withChain(request.text(i + 1));
            } else if (request.is(i, "UUID")) {
                uuid = uuid(request.text(i + 1));
            } else if (request.is(i, "SECRET") || request.is(i, "SHA256")) {
                secret = secret(request, i);
            } else {
                settings = more(settings, request, i);
            }
        }
        PoolConfig shared = shared(settings, uuid, secret);
        return mode == null ? shared : shared.withGetMode(mode);
    }

    private static PoolConfig more(PoolConfig settings, Request request, int argument) {
        int value = argument + 1;
        if (request.is(argument, "WEIGHT")) {
            return settings.withWeight(Math.clamp(request.number(value), 0, Integer.MAX_VALUE));
        }
        if (request.is(argument, "QUOTA")) {
            return settings.withQuota(Size.ofBytes(request.number(value)));
        }
        if (request.is(argument, "WRITE") && (request.is(value, "BACK") || request.is(value, "THROUGH"))) {
            return settings.withWrite(request.is(value, "BACK") ? WriteMode.BACK : WriteMode.THROUGH);
        }
        if (request.is(argument, "INDEXES")) {
            return settings.withIndexes(indexes(request.text(value)));
        }
        throw RequestException.syntax();
    }

    private static long indexes(String text) {
        try {
            return Long.parseUnsignedLong(text);
        } catch (NumberFormatException e) {
            throw RequestException.syntax();
        }
    }

    private static Secret secret(Request request, int argument) {
        if (request.is(argument, "SECRET")) {
            return Secret.of(request.bytes(argument + 1));
        }
        try {
            return Secret.ofSha256(HexFormat.of().parseHex(request.text(argument + 1)));
        } catch (IllegalArgumentException e) {
            throw RequestException.syntax();
        }
    }

    private static PoolConfig shared(PoolConfig settings, @Nullable UUID uuid, @Nullable Secret secret) {
        if (uuid == null) {
            if (secret != null) {
                throw RequestException.syntax();
            }
            return settings;
        }
        return secret == null ? settings.sharedAs(uuid) : settings.sharedAs(uuid, secret);
    }

    private static PageKind kind(Request request) {
        if (request.is(3, "EPHEMERAL") || request.is(3, "VALUES")) {
            return PageKind.EPHEMERAL;
        }
        if (request.is(3, "PERSISTENT")) {
            return PageKind.PERSISTENT;
        }
        throw RequestException.syntax();
    }

    private static GetMode mode(Request request, int argument) {
        if (request.is(argument, "EXCLUSIVE")) {
            return GetMode.EXCLUSIVE;
        }
        if (request.is(argument, "INCLUSIVE")) {
            return GetMode.INCLUSIVE;
        }
        throw RequestException.syntax();
    }

    private static UUID uuid(String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw RequestException.syntax();
        }
    }
}
