package io.github.tmem.node.config;

import io.github.tmem.api.config.Secret;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who may log in.
 *
 * @param name the user's name, which is also that of the pool of his values
 * @param secret what he logs in with; null for the user of a node without users
 * @param pools the names of the page pools he may use; null for all
 */
public record NodeUser(
        String name, @Nullable Secret secret, @Nullable Set<String> pools) {

    /** The names of the pools of users' values begin so; those of page pools that peers may use do not. */
    public static final String VALUES_PREFIX = "peer:";

    /** Copies the names. */
    public NodeUser {
        pools = pools == null ? null : Set.copyOf(pools);
    }

    /** Whoever connects to a node without users. */
    public static NodeUser everybody() {
        return new NodeUser(NodeConfig.DEFAULT_USER, null, null);
    }

    /** Whether a pool of this name holds the values of a user, and is no page pool of anybody. */
    public static boolean isOfValues(String pool) {
        return pool.startsWith(VALUES_PREFIX);
    }

    /** The name of the pool of the user's values. */
    public String valuesPool() {
        return VALUES_PREFIX + name;
    }

    /** Whether the user may use the page pool of this name. */
    public boolean mayUse(String pool) {
        return pools == null || pools.contains(pool);
    }
}
