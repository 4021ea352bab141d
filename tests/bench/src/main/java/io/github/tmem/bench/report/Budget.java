package io.github.tmem.bench.report;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What is measured, in the order of the report, and what it may be. A figure that is measured on several page sets and tiers
 * counts with the worst of them.
 */
public enum Budget {
    /** Put of a 4 KiB page by bare compression of it. */
    PUT_VS_LZ4("put ÷ bare LZ4 compression", Better.LOW, 1.08),
    /** Get hit by bare decompression from the cache. */
    GET_VS_LZ4("get ÷ bare LZ4 from cache", Better.LOW, 1.30),
    /** Get hit by bare decompression from as much memory in the same order. */
    GET_VS_LZ4_SAME_FOOTPRINT("get ÷ bare LZ4 from memory", Better.LOW, 0.85),
    /** Put by a write to zram. */
    PUT_VS_ZRAM("put ÷ zram write", Better.LOW, 0.80),
    /** Get hit by a random read from zram. */
    GET_VS_ZRAM("get ÷ zram read", Better.LOW, 0.55),
    /** Put that replaces a page by LZ4 and a put into Caffeine. */
    PUT_VS_CAFFEINE_LZ4("put ÷ LZ4 and Caffeine", Better.LOW),
    /** Get hit by a get from Caffeine and LZ4. */
    GET_VS_CAFFEINE_LZ4("get ÷ Caffeine and LZ4", Better.LOW),
    /** Put that replaces a page by LZ4 and a put into Ehcache off the heap. */
    PUT_VS_EHCACHE("put ÷ LZ4 and Ehcache", Better.LOW),
    /** Get hit by a get from Ehcache off the heap and LZ4. */
    GET_VS_EHCACHE("get ÷ Ehcache and LZ4", Better.LOW),
    /** How many times as fast as Chronicle Map encoded pages are stored. */
    STORE_VS_CHRONICLE("store: times Chronicle Map", Better.HIGH, 3),
    /** The same with two threads on either side. */
    STORE_VS_CHRONICLE_2_THREADS("store: times Chronicle, 2 threads", Better.HIGH, 6),
    /** Throughput of two threads by that of one. */
    SCALING_2_THREADS("throughput, 2 threads ÷ 1", Better.HIGH, 1.9),
    /** Time of an operation on 4 Mi pages by that on 64 Ki. */
    SCALE_4M_VS_64K("4 Mi pages ÷ 64 Ki", Better.LOW, 1.3),
    /** Bytes that put, get and flush allocate on the Java heap. */
    ALLOC_BYTES_PER_OP("allocated, B per operation", Better.LOW, 0),
    /** Everything a store keeps about a page beside its bytes. */
    METADATA_BYTES_PER_PAGE("metadata, B per page", Better.LOW, 48),
    /** Page bytes by the memory that holds them. */
    DENSITY("density", Better.HIGH),
    /** Density by that of zram. */
    DENSITY_VS_ZRAM("density ÷ zram's", Better.HIGH, 0.99),
    /** Density of a tier whose pages went and others came, by that of a fresh one. */
    DENSITY_AFTER_CHURN("density after churn ÷ fresh", Better.HIGH, 0.90),
    /** Density by that of Caffeine with encoded pages. */
    DENSITY_VS_CAFFEINE_LZ4("density ÷ Caffeine's with LZ4", Better.HIGH),
    /** Density by that of Ehcache off the heap with encoded pages. */
    DENSITY_VS_EHCACHE("density ÷ Ehcache's with LZ4", Better.HIGH),
    /** A get that finds nothing. */
    MISS_NS("miss, ns", Better.LOW, 80),
    /** A put into a full chain that is slower than 9,999 of 10,000. */
    PUT_P9999_US("put p99.99 at a full chain, µs", Better.LOW, 1000),
    /** Hit ratio of inclusive pools less that of W-TinyLFU, in points. */
    HIT_INCLUSIVE_VS_WTINYLFU("hits − W-TinyLFU's, points", Better.HIGH, -0.5),
    /** The same on the trace where it is least. */
    HIT_INCLUSIVE_WORST_TRACE("the same on the worst trace, points", Better.HIGH, -2),
    /** Hit ratio of inclusive pools less that of S3-FIFO on traces with loops, in points. */
    HIT_LOOPS_VS_S3_FIFO("hits − S3-FIFO's on loops, points", Better.HIGH, -1),
    /** Hit ratio of exclusive pools less that of ARC with exclusive gets, in points. */
    HIT_EXCLUSIVE_VS_ARC("hits − exclusive ARC's, points", Better.HIGH, -0.5),
    /** What the choice of victims keeps about a page, ghosts included. */
    POLICY_BYTES_PER_PAGE("policy state, B per page", Better.LOW, 13),
    /** How many times as fast encoded pages move to a node and back as raw ones to Redis, one call at a time. */
    REMOTE_VS_REDIS_SYNC(Area.REMOTE, "remote tier: times Redis, one at a time", 1),
    /** The same with many calls under way on one connection. */
    REMOTE_VS_REDIS_PIPELINED(Area.REMOTE, "remote tier: times Redis, in flight", 1),
    /** One call at a time over TLS. */
    REMOTE_TLS_VS_REDIS_SYNC(Area.REMOTE, "the same over TLS, one at a time", Double.NaN),
    /** Many calls under way over TLS. */
    REMOTE_TLS_VS_REDIS_PIPELINED(Area.REMOTE, "the same over TLS, in flight", Double.NaN),
    /** Requests per second that redis-benchmark gets out of a node by those it gets out of Redis, stores of values. */
    REDIS_BENCHMARK_SET_RATIO(Area.REMOTE, "redis-benchmark SET ÷ Redis", 0.7),
    /** Of these, without pipelining. */
    REDIS_BENCHMARK_SET_RATIO_P1(Area.REMOTE, "redis-benchmark SET ÷ Redis, pipeline 1", 0.8),
    /** The same for fetches of values. */
    REDIS_BENCHMARK_GET_RATIO(Area.REMOTE, "redis-benchmark GET ÷ Redis", 0.6),
    /** Of these, without pipelining. */
    REDIS_BENCHMARK_GET_RATIO_P1(Area.REMOTE, "redis-benchmark GET ÷ Redis, pipeline 1", 0.8);

    /** What a run measures. */
    public enum Area {
        /** Stores in this process. */
        STORES,
        /** Another process's memory. */
        REMOTE
    }

    /** Which way is better. */
    enum Better {
        LOW,
        HIGH
    }

    private final Area area;
    private final String words;
    private final Better better;
    private final double limit;

    Budget(String words, Better better) {
        this(Area.STORES, words, better, Double.NaN);
    }

    Budget(String words, Better better, double limit) {
        this(Area.STORES, words, better, limit);
    }

    Budget(Area area, String words, double atLeast) {
        this(area, words, Better.HIGH, atLeast);
    }

    Budget(Area area, String words, Better better, double limit) {
        this.area = area;
        this.words = words;
        this.better = better;
        this.limit = limit;
    }

    /** Those of one area, in order. */
    public static List<Budget> of(Area area) {
        return Arrays.stream(values()).filter(budget -> budget.area == area).toList();
    }

    /** The one with this key; empty if there is none. */
    static Optional<Budget> ofKey(String key) {
        return Arrays.stream(values())
                .filter(budget -> budget.key().equals(key))
                .findFirst();
    }

    /** The key in the JSON. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What is measured, in a few words. */
    public String words() {
        return words;
    }

    /** The limit with its direction, or a dash if there is none. */
    public String limit() {
        String sign = better == Better.LOW ? "≤ " : "≥ ";
        return Double.isNaN(limit) ? "–" : sign + Figure.number(limit);
    }

    /** The limit; empty if there is none. */
    OptionalDouble limitValue() {
        return Double.isNaN(limit) ? OptionalDouble.empty() : OptionalDouble.of(limit);
    }

    Better better() {
        return better;
    }

    /** {@code ok} or {@code over}; a dash if there is no limit. */
    public String verdict(double value) {
        boolean met = better == Better.LOW ? value <= limit : value >= limit;
        return Double.isNaN(limit) ? "–" : met ? "ok" : "over";
    }

    /** Whether {@code one} is worse than {@code other}. */
    boolean isWorse(double one, double other) {
        return better == Better.LOW ? one > other : one < other;
    }
}
