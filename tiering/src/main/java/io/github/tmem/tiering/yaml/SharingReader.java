package io.github.tmem.tiering.yaml;

import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.api.config.Secret;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/** Reads how a declared pool is shared. */
final class SharingReader {
    private static final String UUID_ALLOWED = "a UUID such as 123e4567-e89b-12d3-a456-426614174000";
    private static final Pattern UUID_FORM = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

    /** The pool, shared if its fields say so. */
    PoolConfig read(Fields fields, PoolConfig pool) {
        Optional<Value> secret = fields.optional("secret-file");
        Optional<Value> uuid = fields.optional("uuid");
        if (uuid.isEmpty() && secret.isPresent()) {
            throw secret.get().place().error("secret-file without uuid; allowed: both, or uuid alone");
        }
        return uuid.map(value -> shared(pool, uuid(value), secret)).orElse(pool);
    }

    private static PoolConfig shared(PoolConfig pool, UUID uuid, Optional<Value> secret) {
        return secret.map(value -> pool.sharedAs(uuid, value.locating(() -> Secret.read(path(value)))))
                .orElseGet(() -> pool.sharedAs(uuid));
    }

    private static UUID uuid(Value value) {
        String text = value.text(UUID_ALLOWED);
        if (!UUID_FORM.matcher(text).matches()) {
            throw value.place().error("uuid " + Wording.quote(text) + " is not a UUID; allowed: " + UUID_ALLOWED);
        }
        return UUID.fromString(text);
    }

    /** The file, found from the folder of the configuration unless its path is absolute. */
    static Path path(Value value) {
        String text = value.text(Secret.FILE_ALLOWED);
        try {
            return Path.of(value.file()).resolveSibling(text);
        } catch (InvalidPathException e) {
            throw value.place()
                    .error(
                            value.name() + " " + Wording.quote(text) + " is not a path; allowed: "
                                    + Secret.FILE_ALLOWED,
                            e);
        }
    }
}
