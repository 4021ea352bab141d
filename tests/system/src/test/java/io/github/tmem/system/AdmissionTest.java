package io.github.tmem.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tmem.api.GetMode;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PageKind;
import io.github.tmem.api.PagePool;
import io.github.tmem.api.PutResult;
import io.github.tmem.api.Refusal;
import io.github.tmem.api.config.ConfigException;
import io.github.tmem.api.config.FullAction;
import io.github.tmem.api.config.Incompressible;
import io.github.tmem.api.config.Size;
import io.github.tmem.api.config.TierConfig;
import io.github.tmem.kit.PageKey;
import io.github.tmem.kit.Pages;
import io.github.tmem.kit.Race;
import io.github.tmem.kit.Shape;
import io.github.tmem.kit.backend.Link;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tiers that take only pages that compress, and which of several tiers' reasons a refused put reports. */
class AdmissionTest {
    private static final ObjectId FILE = ObjectId.of(1);

    private static PutResult putCompressible(PagePool pool, long index) {
        return pool.put(FILE, index, Pages.make(new PageKey(FILE, index), 1, Shape.COMPRESSIBLE, Stage.PAGE));
    }

    private static PutResult putIncompressible(PagePool pool, long index) {
        return pool.put(FILE, index, Stage.page(FILE, index, 1));
    }

    private static PagePool open(Stage stage, PageKind kind) {
        return kind == PageKind.EPHEMERAL ? stage.ephemeral(GetMode.INCLUSIVE) : stage.persistent(GetMode.INCLUSIVE);
    }

    private static TierConfig refusing(TierConfig tier) {
        return tier.withIncompressible(Incompressible.REFUSE);
    }

    /** Changes the first tier of a chain, the one of {@code pages} pages. */
    private static UnaryOperator<TierConfig> first(int pages, UnaryOperator<TierConfig> change) {
        return tier -> tier.capacity().resolve(0) == (long) pages * Stage.PAGE ? change.apply(tier) : tier;
    }

    @ParameterizedTest
    @EnumSource
    void aPageThatDoesNotCompressGoesToTheNextTier(PageKind kind) {
        try (Stage stage = Stage.of(first(4, AdmissionTest::refusing), 4, 5)) {
            PagePool pool = open(stage, kind);
            assertThat(putIncompressible(pool, 0).stored()).isTrue();
            assertThat(putCompressible(pool, 1).stored()).isTrue();
            assertThat(stage.copies(0)).isEqualTo(1);
            assertThat(stage.copies(1)).isEqualTo(1);
            assertThat(stage.stats(0).incompressible()).isEqualTo(1);
            assertThat(pool.stats().refused()).isEmpty();
            assertThat(stage.get(pool, FILE, 0)).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aPageThatNoTierWantsIsRefusedForThat(PageKind kind) {
        try (Stage stage = Stage.of(AdmissionTest::refusing, 4, 5)) {
            PagePool pool = open(stage, kind);
            assertThat(putIncompressible(pool, 0).refusal()).isEqualTo(Refusal.POOR_COMPRESSION);
            assertThat(pool.stats().refused()).containsExactly(Map.entry(Refusal.POOR_COMPRESSION, 1L));
            assertThat(stage.stats(1).incompressible()).isEqualTo(1);
            byte[] filled = new byte[Stage.PAGE];
            assertThat(pool.put(FILE, 1, filled).stored())
                    .as("a page that needs no tier")
                    .isTrue();
        }
    }

    /** A page that comes down to a tier that does not want it goes, if it may; a persistent one stays. */
    @ParameterizedTest
    @EnumSource
    void aPageThatDoesNotCompressIsNotMovedThere(PageKind kind) {
        UnaryOperator<TierConfig> demoting = tier -> tier.withWhenFull(FullAction.DEMOTE, FullAction.DEMOTE);
        try (Stage stage = Stage.of(first(5, AdmissionTest::refusing).compose(demoting)::apply, 2, 5)) {
            PagePool pool = open(stage, kind);
            for (int index = 0; index < 3; index++) {
                putIncompressible(pool, index);
            }
            assertThat(stage.copies(0)).isEqualTo(2);
            assertThat(stage.copies(1)).isZero();
            assertThat(stage.stats(1).movesRefused()).isPositive();
            if (kind == PageKind.PERSISTENT) {
                assertThat(stage.get(pool, FILE, 0)).isEqualTo(1);
                assertThat(stage.get(pool, FILE, 1)).isEqualTo(1);
                assertThat(pool.stats().refused()).containsExactly(Map.entry(Refusal.FULL, 1L));
            } else {
                assertThat(pool.stats().evicted()).isEqualTo(1);
            }
        }
    }

    /** The reason that a put reports is the one that more could be done about. */
    @Test
    void ofSeveralReasonsTheFirstOfTheListIsReported() {
        UnaryOperator<TierConfig> forwarding = tier -> tier.withWhenFull(FullAction.FORWARD, FullAction.FORWARD);
        try (Stage stage = Stage.of(first(5, AdmissionTest::refusing).compose(forwarding)::apply, 1, 5)) {
            PagePool pool = open(stage, PageKind.PERSISTENT);
            String tier = stage.store().chain("default").tiers().getFirst();
            stage.store().chain("default").freeze(tier);
            assertThat(putIncompressible(pool, 0).refusal()).isEqualTo(Refusal.FROZEN);
            stage.store().chain("default").thaw(tier);
            stage.tier(0).link(Link.DOWN);
            assertThat(putIncompressible(pool, 0).refusal()).isEqualTo(Refusal.UNAVAILABLE);
            stage.tier(0).link(Link.UP);
            Race.until(() -> putIncompressible(pool, 0).stored()); // once the copy that had no answer has been freed
            assertThat(putIncompressible(pool, 1).refusal()).isEqualTo(Refusal.FULL);
        }
    }

    @Test
    void aTierWithoutACodecCannotWantPagesThatCompress() {
        TierConfig plain = TierConfig.of("heap", Size.parse("1MiB")).withCodec("none");
        assertThatThrownBy(() -> plain.withIncompressible(Incompressible.REFUSE))
                .isInstanceOf(ConfigException.class)
                .hasMessage("tier heap: incompressible \"refuse\" does not fit the codec \"none\"; allowed: accept, or"
                        + " another codec");
    }
}
