package io.github.tmem.api.config;

import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How several owners find the same pool.
 *
 * @param uuid the pool's name among all of them
 * @param secret what they have to know besides; null if the UUID is enough. The first who opens the pool decides
 */
public record Sharing(UUID uuid, @Nullable Secret secret) {
    public Sharing {
        Objects.requireNonNull(uuid);
    }
}
