package io.github.tmem.api.config;

import io.github.tmem.api.GetMode;
import io.github.tmem.api.PageKind;
import io.github.tmem.api.WriteMode;
import java.util.Objects;
import java.util.UUID;
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
 * @param sharing how other owners find the pool; null if it is private
 * @param write whether pages are written below as well; always {@link WriteMode#BACK} for an ephemeral pool
 * @param indexes how many indexes an object has, from 0 on, as an unsigned number; 0 stands for all 2<sup>64</sup>. A put
 *     beyond is refused as {@link io.github.tmem.api.Refusal#WRONG_INDEX}
 */
public record PoolConfig(
        String name,
        PageKind kind,
        GetMode getMode,
        int pageSize,
        String chain,
        int weight,
        @Nullable Size quota,
        @Nullable Sharing sharing,
        WriteMode write,
        long indexes) {

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
    /** In the place of the number of indexes: all 2<sup>64</sup>. */
    public static final long INDEXES_ALL = 0;

    public PoolConfig {
        Objects.requireNonNull(kind);
        Objects.requireNonNull(getMode);
        Objects.requireNonNull(chain);
        Objects.requireNonNull(write);
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
        if (write == WriteMode.THROUGH && kind == PageKind.EPHEMERAL) {
            throw new ConfigException(
                    "pool " + name + ": write \"through\" is not allowed, because an ephemeral page can be"
                            + " produced again anyway; allowed: back, or a persistent pool");
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
                name,
                kind,
                GetMode.defaultFor(kind),
                PAGE_SIZE_DEFAULT,
                CHAIN_DEFAULT,
                WEIGHT_DEFAULT,
                null,
                null,
                WriteMode.BACK,
                INDEXES_ALL);
    }

    /** These settings with another get mode. */
    public PoolConfig withGetMode(GetMode newMode) {
        return new PoolConfig(name, kind, newMode, pageSize, chain, weight, quota, sharing, write, indexes);
    }

    /** These settings with another page size in bytes. */
    public PoolConfig withPageSize(int newPageSize) {
        return new PoolConfig(name, kind, getMode, newPageSize, chain, weight, quota, sharing, write, indexes);
    }

    /** These settings with another chain. */
    public PoolConfig withChain(String newChain) {
        return new PoolConfig(name, kind, getMode, pageSize, newChain, weight, quota, sharing, write, indexes);
    }

    /** These settings with another weight, 1 to 10,000; only for ephemeral pools. */
    public PoolConfig withWeight(int newWeight) {
        return new PoolConfig(name, kind, getMode, pageSize, chain, newWeight, quota, sharing, write, indexes);
    }

    /** These settings with a limit to the encoded bytes, which is not a percentage. */
    public PoolConfig withQuota(Size newQuota) {
        return new PoolConfig(name, kind, getMode, pageSize, chain, weight, newQuota, sharing, write, indexes);
    }

    /** These settings under another name. */
    public PoolConfig withName(String newName) {
        return new PoolConfig(newName, kind, getMode, pageSize, chain, weight, quota, sharing, write, indexes);
    }

    /**
     * These settings for a pool that whoever knows the UUID can join. Its gets are inclusive; choose otherwise with {@link
     * #withGetMode} afterwards.
     */
    public PoolConfig sharedAs(UUID uuid) {
        return sharedAs(new Sharing(uuid, null));
    }

    /** As {@link #sharedAs(UUID)}, for those who also know the secret. */
    public PoolConfig sharedAs(UUID uuid, Secret secret) {
        return sharedAs(new Sharing(uuid, secret));
    }

    private PoolConfig sharedAs(Sharing newSharing) {
        return new PoolConfig(
                name, kind, GetMode.INCLUSIVE, pageSize, chain, weight, quota, newSharing, write, indexes);
    }

    /** These settings with another write mode; {@link WriteMode#THROUGH} only for persistent pools. */
    public PoolConfig withWrite(WriteMode newWrite) {
        return new PoolConfig(name, kind, getMode, pageSize, chain, weight, quota, sharing, newWrite, indexes);
    }

    /** These settings with another number of indexes, unsigned; {@link #INDEXES_ALL} for all 2<sup>64</sup>. */
    public PoolConfig withIndexes(long newIndexes) {
        return new PoolConfig(name, kind, getMode, pageSize, chain, weight, quota, sharing, write, newIndexes);
    }
}
