package io.github.tmem.system;

import io.github.tmem.api.PageStore;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.api.config.Size;
import io.github.tmem.api.live.Evacuated;
import io.github.tmem.api.live.TierChain;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** Changes the tiers of a store's chain at random. One thread. */
final class Rebuilder {
    private static final int TIERS_MAX = 5;
    private static final List<String> CODECS = List.of("lz4", "none", "test-runs", "zstd");

    private final TierChain chain;
    private final Chains chains;
    private final long capacity;
    private final Random random;
    private final Tally tally;

    /** A tier that stays, because what it owes when it goes could not be told from a leak; or none. */
    private final Set<String> staying;

    Rebuilder(PageStore store, Chains chains, long capacity, long seed, Tally tally) {
        this.chain = store.chain(PoolConfig.CHAIN_DEFAULT);
        this.chains = chains;
        this.capacity = capacity;
        this.random = new Random(seed);
        this.tally = tally;
        this.staying = chains.hasKeyed() ? Set.of(chain.tiers().getLast()) : Set.of();
    }

    void step() {
        switch (random.nextInt(8)) {
            case 0 -> attach();
            case 1 -> detach();
            case 2 -> count("DRAIN", drain());
            case 3 -> freezeForAWhile();
            case 4, 5 ->
                count(
                        "RESIZE",
                        chain.resize(
                                any(), Size.ofBytes(capacity * (random.nextBoolean() ? 1 : 2 + random.nextInt(3)))));
            case 6 -> reorder();
            default -> recode();
        }
    }

    private String any() {
        List<String> tiers = chain.tiers();
        return tiers.get(random.nextInt(tiers.size()));
    }

    private void attach() {
        if (chain.tiers().size() < TIERS_MAX) {
            chain.attach(chains.anyMemory(random), random.nextInt(chain.tiers().size() + 1));
            tally.add("ATTACH", 1);
        }
    }

    private void detach() {
        String tier = any();
        if (chain.tiers().size() > 1 && !staying.contains(tier)) {
            count("DETACH", chain.detach(tier));
        }
    }

    private Evacuated drain() {
        String tier = any();
        int most = random.nextInt(50);
        Evacuated drained = random.nextBoolean() ? chain.drain(tier) : chain.drain(tier, (gone, left) -> gone < most);
        chain.thaw(tier);
        return drained;
    }

    private void freezeForAWhile() {
        String tier = any();
        chain.freeze(tier);
        Thread.yield();
        chain.thaw(tier);
        tally.add("FREEZE", 1);
    }

    private void reorder() {
        List<String> order = new ArrayList<>(chain.tiers());
        Collections.shuffle(order, random);
        chain.reorder(order);
        tally.add("REORDER", 1);
    }

    private void recode() {
        chain.codec(any(), CODECS.get(random.nextInt(CODECS.size())));
        tally.add("RECODE", 1);
    }

    private void count(String change, Evacuated evacuated) {
        tally.add(change + "_" + evacuated.end(), 1);
    }
}
