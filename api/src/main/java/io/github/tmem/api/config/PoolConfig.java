package io.github.tmem.api.config;

import io.github.tmem.api.GetMode;
import io.github.tmem.api.PageKind;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The settings of one pool.
 *
 * @param name the pool's name, unique in its store, not blank
 * @param kind what the store promises about its pages
 * @param getMode whether a hit removes the page
 * @param pageSize bytes per page: a power of two from 512 to 1,048,576
 * @param chain the name of the chain that holds its pages
 * @param weight the pool's part of every tier of its chain when ephemeral pools compete for room, beside the weights of the
 *     others: 1 to 10,000. What a pool leaves unused others may use, until it wants it. Always 1 for a persistent pool
 * @param quota the most encoded bytes of its pages, over all tiers; null if there is no limit. Not a percentage
 */
public record PoolConfig(
        String name,
        PageKind kind,
        GetMode getMode,
        int pageSize,
        String chain,
        int weight,
        @Nullable Size quota) {

    /** The smallest page in bytes. */
    public static final int PAGE_SIZE_MIN = 512;

    /** The largest page in bytes. */
    public static final int PAGE_SIZE_MAX = 1 << 20;

    /** The page size of a pool that does not choose, in bytes. */
    public static final int PAGE_SIZE_DEFAULT = 4096;

    /** The chain of a pool that does not choose. */
    public static final String CHAIN_DEFAULT = "default";

    /** The largest weight. */
    public static final int WEIGHT_MAX = 10_000;

    /** The weight of a pool that does not choose. */
    public static final int WEIGHT_DEFAULT = 1;

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
        if (weight < 1 || weight > WEIGHT_MAX) {
            throw new ConfigException(
                    "pool " + name + ": weight " + weight + " is not allowed; allowed: a whole number from 1 to 10000");
        }
        if (kind == PageKind.PERSISTENT && weight != WEIGHT_DEFAULT) {
            throw new ConfigException("pool " + name + ": weight " + weight
                    + " is not allowed, because persistent pages are never evicted; allowed: a quota");
        }
        if (quota != null && quota.isPercent()) {
            throw new ConfigException("pool " + name + ": quota " + quota
                    + " is a percentage; allowed: a whole number with B, KiB, MiB, GiB or TiB (\"256MiB\")");
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
        return new PoolConfig(
                name, kind, GetMode.defaultFor(kind), PAGE_SIZE_DEFAULT, CHAIN_DEFAULT, WEIGHT_DEFAULT, null);
    }

    /** These settings with another get mode. */
    public PoolConfig withGetMode(GetMode newMode) {
        return new PoolConfig(name, kind, newMode, pageSize, chain, weight, quota);
    }

    /** These settings with another page size in bytes. */
    public PoolConfig withPageSize(int newPageSize) {
        return new PoolConfig(name, kind, getMode, newPageSize, chain, weight, quota);
    }

    /** These settings with another chain. */
    public PoolConfig withChain(String newChain) {
        return new PoolConfig(name, kind, getMode, pageSize, newChain, weight, quota);
    }

    /** These settings with another weight, 1 to 10,000; only for ephemeral pools. */
    public PoolConfig withWeight(int newWeight) {
        return new PoolConfig(name, kind, getMode, pageSize, chain, newWeight, quota);
    }

    /** These settings with a limit to the encoded bytes, which is not a percentage. */
    public PoolConfig withQuota(Size newQuota) {
        return new PoolConfig(name, kind, getMode, pageSize, chain, weight, newQuota);
    }
}
