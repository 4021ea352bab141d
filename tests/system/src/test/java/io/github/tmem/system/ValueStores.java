package io.github.tmem.system;

import io.github.tmem.api.PageStore;
import io.github.tmem.api.config.FullAction;
import io.github.tmem.api.config.Incompressible;
import io.github.tmem.api.config.Promotion;
import io.github.tmem.api.config.Size;
import io.github.tmem.api.config.TierConfig;
import io.github.tmem.api.spi.SelfChecking;
import io.github.tmem.api.stats.PoolStats;
import io.github.tmem.kit.StatsLaws;

/** Stores for values of any length, over two real tiers. */
final class ValueStores {
    private ValueStores() {}

    /** Two tiers in memory that would compress, if it were pages; the second takes no pages that do not compress. */
    static PageStore open(String first, String second) {
        return PageStore.builder()
                .tier(TierConfig.of("heap", Size.parse(first)).withWhenFull(FullAction.DEMOTE, FullAction.DEMOTE))
                .tier(TierConfig.of("offheap", Size.parse(second))
                        .withIncompressible(Incompressible.REFUSE)
                        .withPromote(Promotion.ALWAYS))
                .directory("1MiB")
                .open();
    }

    /** What the store says of its only pool. */
    static PoolStats stats(PageStore store) {
        return store.stats().pools().getFirst();
    }

    /** Walks the store and compares it with its tiers; checks that all counts add up. */
    static void verify(PageStore store) {
        ((SelfChecking) store).verify();
        StatsLaws.check(store.stats());
    }
}
