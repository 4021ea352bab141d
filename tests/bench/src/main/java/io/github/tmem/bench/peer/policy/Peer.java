package io.github.tmem.bench.peer.policy;

import io.github.tmem.api.GetMode;
import java.util.function.Supplier;

/** The policies a store is compared with. */
public enum Peer {
    /** Least recently used; with exclusive gets nothing but order of arrival. */
    LRU("LRU", "lru"),
    /** {@link Sieve}; with exclusive gets the same as LRU. */
    SIEVE("SIEVE", "sieve"),
    /** {@link S3Fifo}. */
    S3_FIFO("S3-FIFO", "s3_fifo"),
    /** {@link Arc} or {@link ExclusiveArc}. */
    ARC("ARC", "arc"),
    /** {@link TinyLfu}. */
    W_TINY_LFU("W-TinyLFU", "w_tinylfu"),
    /** {@link Belady}'s, which nobody can reach who does not know what comes. */
    OPTIMUM("optimum", "optimum");

    /** So many runs of {@link TinyLfu} make the mean of four sizes of a trace vary by about a tenth of a point. */
    private static final int RUNS_OF_LOTS = 5;

    private final String words;
    private final String key;

    Peer(String words, String key) {
        this.words = words;
        this.key = key;
    }

    /** How many runs a mean takes: 1, but for a policy that draws lots. */
    public int runs() {
        return this == W_TINY_LFU ? RUNS_OF_LOTS : 1;
    }

    /** The name people know it by. */
    public String words() {
        return words;
    }

    /** The name in files of figures. */
    public String key() {
        return key;
    }

    /**
     * An empty cache with this policy.
     *
     * @param mode whether a hit keeps the page
     * @param pages pages are numbered from 0 to one below this
     * @param capacity how many it holds, at least 1
     * @param future what will be asked of it; read by the optimum alone
     */
    public PageCache open(GetMode mode, int pages, int capacity, Supplier<KnownFuture> future) {
        boolean exclusive = mode == GetMode.EXCLUSIVE;
        return switch (this) {
            case LRU -> inMode(mode, new Lru(pages, capacity));
            case SIEVE -> inMode(mode, new Sieve(pages, capacity));
            case S3_FIFO -> new S3Fifo(mode, pages, capacity);
            case ARC -> exclusive ? new ExclusiveArc(capacity) : new Arc(pages, capacity);
            case W_TINY_LFU -> inMode(mode, new TinyLfu(capacity));
            case OPTIMUM -> new Belady(mode, capacity, future.get());
        };
    }

    private static PageCache inMode(GetMode mode, PageCache keeping) {
        return mode == GetMode.EXCLUSIVE ? new HandingOver(keeping) : keeping;
    }
}
