package io.github.tmem.system;

import io.github.tmem.api.config.FullAction;
import io.github.tmem.api.config.Promotion;
import io.github.tmem.api.config.TierConfig;
import io.github.tmem.kit.StoreExtension;
import io.github.tmem.kit.backend.Fault;
import io.github.tmem.kit.backend.FaultyBackend;
import io.github.tmem.kit.backend.KeyedTestBackend;
import io.github.tmem.kit.provider.BackendFactory;
import io.github.tmem.kit.provider.TestBackends;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongFunction;

/** Tiny chains of checked and breakable tiers, so that eviction, demotion and refusal happen all the time. */
final class Chains {

    private static final long CAPACITY = 256 << 10;
    private static final int FAULTS_PER_MILLE = 5;

    private final StoreExtension stores;
    private final long seed;
    private final long capacity;
    private final List<FaultyBackend> faulty = new CopyOnWriteArrayList<>();
    private final List<KeyedTestBackend> keyed = new ArrayList<>();

    Chains(StoreExtension stores, long seed) {
        this(stores, seed, CAPACITY);
    }

    /** Chains whose tiers hold {@code capacity} bytes each. */
    Chains(StoreExtension stores, long seed, long capacity) {
        this.stores = stores;
        this.seed = seed;
        this.capacity = capacity;
    }

    /** The shapes of chains that random runs go through. */
    enum Shape {
        HEAP,
        OFFHEAP,
        HEAP_DEMOTE_OFFHEAP,
        HEAP_FORWARD_OFFHEAP,
        HEAP_EVICT_OFFHEAP,
        HEAP_KEYED,
        HEAP_SLOW,
        SLOW,
        HEAP_OFFHEAP_KEYED,
        HEAP_OFFHEAP_SLOW;

        /** Whether no page is moved or dropped in the background, so that each operation answers for what happens in it. */
        boolean movesInOperationsOnly() {
            return switch (this) {
                case HEAP, OFFHEAP, HEAP_FORWARD_OFFHEAP, HEAP_EVICT_OFFHEAP, SLOW, HEAP_OFFHEAP_KEYED -> true;
                case HEAP_DEMOTE_OFFHEAP, HEAP_KEYED, HEAP_SLOW, HEAP_OFFHEAP_SLOW -> false;
            };
        }
    }

    List<TierConfig> tiers(Shape shape) {
        return switch (shape) {
            case HEAP -> List.of(heap());
            case OFFHEAP -> List.of(offHeap());
            case HEAP_DEMOTE_OFFHEAP ->
                List.of(
                        heap().withWhenFull(FullAction.DEMOTE, FullAction.DEMOTE)
                                .withWatermarks(60, 40),
                        offHeap().withPromote(Promotion.ALWAYS).withCodec("zstd"));
            case HEAP_FORWARD_OFFHEAP ->
                List.of(heap().withWhenFull(FullAction.FORWARD, FullAction.FORWARD), offHeap());
            case HEAP_EVICT_OFFHEAP ->
                List.of(
                        heap().withWhenFull(FullAction.EVICT, FullAction.DEMOTE),
                        offHeap().withPromote(Promotion.NEVER).withCodec("test-runs"));
            case HEAP_KEYED -> List.of(heap(), keyed(KeyedTestBackend::local).withPromote(Promotion.ALWAYS));
            case HEAP_SLOW -> List.of(heap().withWatermarks(60, 40), keyed(KeyedTestBackend::slow));
            case SLOW -> List.of(keyed(KeyedTestBackend::slow));
            case HEAP_OFFHEAP_KEYED ->
                List.of(
                        heap().withWatermarks(100, 100),
                        offHeap().withWatermarks(100, 100),
                        keyed(KeyedTestBackend::local));
            case HEAP_OFFHEAP_SLOW ->
                List.of(
                        heap().withWatermarks(60, 40),
                        offHeap().withWatermarks(60, 40),
                        keyed(KeyedTestBackend::slow).withPromote(Promotion.ALWAYS));
        };
    }

    /** Makes calls of every tier go wrong from now on. */
    void breakTiers() {
        for (FaultyBackend backend : faulty) {
            Set<Fault> faults = EnumSet.allOf(Fault.class);
            if (backend.asBackend() != backend) {
                faults.removeIf(Fault::keyedOnly);
            }
            faults.forEach(fault -> backend.rate(fault, FAULTS_PER_MILLE));
        }
    }

    /** Ends all faults. */
    void heal() {
        faulty.forEach(FaultyBackend::heal);
    }

    /** What goes wrong with the tiers of the chain. */
    Weather weather(Weather.Sort sort) {
        return new Weather(sort, seed, faulty, keyed);
    }

    /** Whether a chain has been made whose last tier is a keyed one. */
    boolean hasKeyed() {
        return !keyed.isEmpty();
    }

    /** A tier in memory, for a chain that is in use. */
    TierConfig anyMemory(Random random) {
        FullAction[] actions = FullAction.values();
        return (random.nextBoolean() ? heap() : offHeap())
                .withWhenFull(
                        actions[random.nextInt(actions.length)],
                        random.nextBoolean() ? FullAction.DEMOTE : FullAction.FORWARD)
                .withPromote(Promotion.values()[random.nextInt(Promotion.values().length)]);
    }

    private TierConfig heap() {
        return breakable(tier -> TestBackends.installed("heap", tier));
    }

    private TierConfig offHeap() {
        return breakable(tier -> TestBackends.installed("offheap", tier));
    }

    private TierConfig keyed(LongFunction<KeyedTestBackend> medium) {
        return breakable(tier -> {
            KeyedTestBackend backend = medium.apply(capacity);
            keyed.add(backend);
            return backend;
        });
    }

    private TierConfig breakable(BackendFactory factory) {
        return stores.checked(
                tier -> {
                    FaultyBackend backend = new FaultyBackend(factory.open(tier), seed);
                    faulty.add(backend);
                    return backend.asBackend();
                },
                capacity);
    }
}
