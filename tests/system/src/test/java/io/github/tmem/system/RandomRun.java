package io.github.tmem.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.PageKind;
import io.github.tmem.api.PageStore;
import io.github.tmem.api.spi.Recorder;
import io.github.tmem.api.spi.SelfChecking;
import io.github.tmem.api.stats.StoreStats;
import io.github.tmem.kit.StatsLaws;
import io.github.tmem.kit.StoreExtension;
import io.github.tmem.kit.contract.PoolSort;
import io.github.tmem.kit.model.ModelPool;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/** Random operations on a few keys of eight pools of one store, each result held against the oracle. One thread. */
final class RandomRun implements AutoCloseable {
    /** Small pages need less work, so that more of them can be had in the same time. */
    static final int[] SMALL_PAGES = {512, 4096, 512, 1024, 2048, 512, 1024, 512};

    static final int[] LARGE_PAGES = {4096, 512, 16384, 65536, 4096, 1024, 8192, 32768};

    /** The most pages that one ephemeral put may push out of their tier or out of the chain (L10). */
    private static final int VICTIMS_MAX = 2;

    /** One put in so many has its victims counted. */
    private static final int PUTS_PER_COUNT = 16;

    private final PageStore store;
    private final Rules rules;
    private final SplittableRandom random;
    private final Arena arena = Arena.ofConfined();
    private final List<OraclePool> pools = new ArrayList<>();
    private final Map<Operation, Long> counts = new EnumMap<>(Operation.class);
    private long mostVictims;

    /** What a run may do, and what it can rely on. */
    enum Rules {
        /** Pools are never destroyed, so that what tiers and pools counted can be compared. */
        POOLS_STAY,
        /** Pools are destroyed and opened anew. */
        POOLS_COME_AND_GO
    }

    /** What can happen, and how often of a thousand times. */
    enum Operation {
        PUT(380),
        FILL(10),
        GET(396),
        CONTAINS(50),
        FLUSH(60),
        PUT_ALL(30),
        GET_ALL(30),
        FLUSH_OBJECT(8),
        PAGE_COUNT(15),
        STATS(10),
        STORE_STATS(2),
        OPEN_AGAIN(3),
        WRONG_BUFFER(2),
        RECORD(1),
        REOPEN(3);

        private static final Operation[] ALL = values();

        private final int perMille;

        Operation(int perMille) {
            this.perMille = perMille;
        }

        static Operation draw(SplittableRandom random) {
            int left = random.nextInt(1000);
            for (Operation operation : ALL) {
                left -= operation.perMille;
                if (left < 0) {
                    return operation;
                }
            }
            throw new AssertionError("the shares do not add up to a thousand");
        }
    }

    RandomRun(PageStore store, long seed, int[] pageSizes, Rules rules) {
        this.store = store;
        this.rules = rules;
        random = new SplittableRandom(seed);
        for (int i = 0; i < pageSizes.length; i++) {
            PoolSort sort = PoolSort.values()[i % PoolSort.values().length];
            pools.add(new OraclePool(store, sort.pool("pool-" + i).withPageSize(pageSizes[i]), random, arena));
        }
    }

    void tellOracles(Consumer<ModelPool> message) {
        pools.forEach(pool -> message.accept(pool.model()));
    }

    void step() {
        OraclePool pool = pools.get(random.nextInt(pools.size()));
        Operation operation = Operation.draw(random);
        counts.merge(operation, 1L, Long::sum);
        switch (operation) {
            case PUT -> pool.put();
            case FILL -> pool.fill();
            case GET -> pool.get();
            case CONTAINS -> pool.contains();
            case FLUSH -> pool.flush();
            case PUT_ALL -> pool.putAll();
            case GET_ALL -> pool.getAll();
            case FLUSH_OBJECT -> pool.flushObject();
            case PAGE_COUNT -> pool.pageCount();
            case STATS -> pool.stats();
            case STORE_STATS -> assertThat(store.stats().pools()).hasSameSizeAs(pools);
            case OPEN_AGAIN -> pool.openAgain();
            case WRONG_BUFFER -> pool.useWrongBuffer();
            case RECORD -> record();
            case REOPEN -> reopen(pool);
        }
    }

    /** As {@link #step}; of some puts the victims are counted. Only where nothing moves in the background. */
    void stepWithinBounds() {
        if (random.nextInt(PUTS_PER_COUNT) > 0) {
            step();
            return;
        }
        OraclePool pool = pools.get(random.nextInt(pools.size()));
        long before = pushedOut(store.stats());
        counts.merge(Operation.PUT, 1L, Long::sum);
        pool.put();
        long victims = pushedOut(store.stats()) - before;
        if (pool.kind() == PageKind.EPHEMERAL) {
            assertThat(victims).as("pages pushed out by one ephemeral put").isLessThanOrEqualTo(VICTIMS_MAX);
            mostVictims = Math.max(mostVictims, victims);
        }
    }

    private static long pushedOut(StoreStats stats) {
        return stats.tiers().stream()
                        .mapToLong(tier -> tier.evicted() + tier.demotedOut())
                        .sum()
                + stats.directories().stream()
                        .mapToLong(directory -> directory.evicted())
                        .sum();
    }

    private void record() {
        store.record((operation, chain, tier, nanos) -> assertThat(nanos).isNotNegative());
        for (int i = 0; i < 64; i++) {
            pools.get(random.nextInt(pools.size())).get();
        }
        store.record(Recorder.disabled());
    }

    private void reopen(OraclePool pool) {
        switch (rules) {
            case POOLS_STAY -> pool.openAgain();
            case POOLS_COME_AND_GO -> pool.reopen();
        }
    }

    void getEveryPage() {
        pools.forEach(OraclePool::getEveryPage);
    }

    /** Gets every page, so that those whose copy has gone are found; false while a move may have hidden one. */
    boolean knowsAllLosses() {
        getEveryPage();
        return isSound(store);
    }

    static boolean isSound(PageStore store) {
        try {
            StoreExtension.verify(store);
            return true;
        } catch (AssertionError e) {
            return false;
        }
    }

    /** Once every page can be reached: compares all counters, walks the store, and closes the pools. */
    void end() {
        getEveryPage();
        StoreExtension.verify(store);
        pools.forEach(OraclePool::stats);
        store.stats().pools().forEach(StatsLaws::check);
        pools.forEach(OraclePool::close);
    }

    void addTo(Tally tally) {
        counts.forEach((operation, count) -> tally.add(operation.name(), count));
        tally.atLeast("most victims of an ephemeral put", mostVictims);
        tally.atLeast("longest hold", ((SelfChecking) store).longestHold());
    }

    @Override
    public void close() {
        arena.close();
    }
}
