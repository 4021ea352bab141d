package io.github.tmem.api.config;

import io.github.tmem.api.GetMode;
import io.github.tmem.api.PageKind;
import java.util.Objects;

/**
 * The settings of one pool.
 *
 * @param name the pool's name, unique in its store, not blank
 * @param kind what the store promises about its pages
 * @param getMode whether a hit removes the page
 * @param pageSize bytes per page: a power of two from 512 to 1,048,576
 * @param chain the name of the chain that holds its pages
 */
public record PoolConfig(String name, PageKind kind, GetMode getMode, int pageSize, String chain) {

    /** The smallest page in bytes. */
    public static final int PAGE_SIZE_MIN = 512;

    /** The largest page in bytes. */
    public static final int PAGE_SIZE_MAX = 1 << 20;

    /** The page size of a pool that does not choose, in bytes. */
    public static final int PAGE_SIZE_DEFAULT = 4096;

    /** The chain of a pool that does not choose. */
    public static final String CHAIN_DEFAULT = "default";

    public PoolConfig {
        Objects.requireNonNull(kind);
        Objects.requireNonNull(getMode);
        Objects.requireNonNull(chain);
        if (name.isBlank()) {
            throw new ConfigException("a pool's name must not be blank");
        }
        if (pageSize < PAGE_SIZE_MIN || pageSize > PAGE_SIZE_MAX || Integer.bitCount(pageSize) != 1) {
            throw new ConfigException("pool " + name + ": page size " + pageSize
                    + " is not allowed; allowed: a power of two from 512B to 1MiB");
        }
    }

    /** An ephemeral pool with the defaults. */
    public static PoolConfig ephemeral(String name) {
        return of(name, PageKind.EPHEMERAL);
    }

    /** A persistent pool with the defaults. */
    public static PoolConfig persistent(String name) {
        return of(name, PageKind.PERSISTENT);
    }

    private static PoolConfig of(String name, PageKind kind) {
        return new PoolConfig(name, kind, GetMode.defaultFor(kind), PAGE_SIZE_DEFAULT, CHAIN_DEFAULT);
    }

    /** These settings with another get mode. */
    public PoolConfig withGetMode(GetMode newMode) {
        return new PoolConfig(name, kind, newMode, pageSize, chain);
    }

    /** These settings with another page size in bytes. */
    public PoolConfig withPageSize(int newPageSize) {
        return new PoolConfig(name, kind, getMode, newPageSize, chain);
    }

    /** These settings with another chain. */
    public PoolConfig withChain(String newChain) {
        return new PoolConfig(name, kind, getMode, pageSize, newChain);
    }
}
