package io.github.tmem.bench.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.tmem.api.PageKind;
import java.util.BitSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ChurnedTierTest {
    private static final long CAPACITY = 1 << 20;

    private final PageSet set = PageSet.samples(256).getFirst();

    @ParameterizedTest
    @EnumSource
    void aFlushTakesItsShareAndAFreshTierGetsTheRest(PageKind kind) {
        BitSet kept;
        double before;
        try (ChurnedTier tier = new ChurnedTier("offheap", kind, CAPACITY)) {
            tier.fill(set.pages());
            before = tier.density();
            long full = tier.pages();
            kept = tier.flushAtRandom(70);
            assertThat(tier.pages()).isBetween(full * 25 / 100, full * 35 / 100);
            assertThat(kept.cardinality())
                    .as("one was refused, or pushed out at most two")
                    .isBetween((int) tier.pages(), (int) tier.pages() + 2);
            assertThat(tier.density()).as("sparse").isLessThan(before * 3 / 4);
        }
        try (ChurnedTier tier = new ChurnedTier("offheap", kind, CAPACITY)) {
            tier.putOnly(kept, set.pages());
            assertThat(tier.pages()).isEqualTo(kept.cardinality());
            tier.fill(set.pages());
            assertThat(tier.density()).as("as full as at first").isCloseTo(before, within(before / 20));
        }
    }
}
