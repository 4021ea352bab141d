package io.github.tmem.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tmem.api.GetMode;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PageKind;
import io.github.tmem.api.PagePool;
import io.github.tmem.api.PageStore;
import io.github.tmem.api.config.ConfigException;
import io.github.tmem.api.config.FullAction;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.api.config.Promotion;
import io.github.tmem.api.config.Size;
import io.github.tmem.api.config.TierConfig;
import io.github.tmem.api.live.Evacuated;
import io.github.tmem.api.live.TierChain;
import io.github.tmem.api.spi.SelfChecking;
import io.github.tmem.api.stats.TierStats;
import io.github.tmem.kit.SamplePages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Real pages in a chain whose lower tier has the codec {@code zstd}: what goes down there takes less room. */
class ColdTierTest {
    private static final int PAGE = 4096;
    private static final int PAGES = 3000;
    private static final ObjectId FILE = ObjectId.of(1);
    private static final List<byte[]> CONTENT = SamplePages.mixed(PAGE, PAGES);

    private static PageStore open(String above, String below, String codecBelow, Promotion promotion) {
        return PageStore.builder()
                .tier(TierConfig.of("heap", Size.parse(above))
                        .withWatermarks(100, 100)
                        .withWhenFull(FullAction.DEMOTE, FullAction.DEMOTE))
                .tier(TierConfig.of("offheap", Size.parse(below))
                        .withWatermarks(100, 100)
                        .withCodec(codecBelow)
                        .withPromote(promotion))
                .open();
    }

    private static PagePool fill(PageStore store, PageKind kind) {
        PagePool pool = store.pool(
                kind == PageKind.PERSISTENT
                        ? PoolConfig.persistent("pages")
                        : PoolConfig.ephemeral("pages").withGetMode(GetMode.INCLUSIVE));
        for (int i = 0; i < CONTENT.size(); i++) {
            pool.put(FILE, i, CONTENT.get(i));
        }
        return pool;
    }

    /** Reads all pages; returns how many were there. */
    private static int read(PagePool pool) {
        byte[] page = new byte[PAGE];
        int hits = 0;
        for (int i = 0; i < CONTENT.size(); i++) {
            if (pool.get(FILE, i, page)) {
                assertThat(page).as("page %d", i).isEqualTo(CONTENT.get(i));
                hits++;
            }
        }
        return hits;
    }

    private static TierStats tier(PageStore store, int number) {
        return store.stats().tiers().get(number);
    }

    /** Page bytes by encoded bytes. */
    private static double ratio(TierStats tier) {
        return (double) tier.rawBytes() / tier.encodedBytes();
    }

    @ParameterizedTest
    @EnumSource(PageKind.class)
    void pagesThatGoDownTakeLessRoomAndComeBackWhole(PageKind kind) {
        try (PageStore store = open("2MiB", "32MiB", "zstd", Promotion.NEVER)) {
            PagePool pool = fill(store, kind);
            assertThat(read(pool)).isEqualTo(PAGES);
            TierStats lz4 = tier(store, 0);
            TierStats zstd = tier(store, 1);
            assertThat(lz4.codec()).startsWith("lz4 (");
            assertThat(zstd.codec()).matches("zstd \\(zstd-jni .*, level \\d+\\)");
            assertThat(zstd.demotedIn()).isGreaterThan(PAGES / 4);
            assertThat(ratio(zstd)).isGreaterThan(ratioUnderLz4(kind) * 1.1);
            ((SelfChecking) store).verify();
        }
    }

    /** Of the pages that go down: they are the same ones whatever the codec they come to. */
    private static double ratioUnderLz4(PageKind kind) {
        try (PageStore store = open("2MiB", "32MiB", "lz4", Promotion.NEVER)) {
            fill(store, kind);
            return ratio(tier(store, 1));
        }
    }

    /** The same pages, one and the same tier below: it has more of them. */
    @Test
    void theTierBelowHoldsMorePages() {
        long[] held = new long[2];
        for (String codec : List.of("lz4", "zstd")) {
            try (PageStore store = open("1MiB", "2MiB", codec, Promotion.NEVER)) {
                fill(store, PageKind.EPHEMERAL);
                held[codec.equals("zstd") ? 1 : 0] = tier(store, 1).ephemeralPages();
                ((SelfChecking) store).verify();
            }
        }
        assertThat(held[1]).isGreaterThan(held[0] * 11 / 10);
    }

    @ParameterizedTest
    @EnumSource(PageKind.class)
    void pagesThatComeUpAreUnderTheCodecAboveAgain(PageKind kind) {
        try (PageStore store = open("2MiB", "32MiB", "zstd", Promotion.ALWAYS)) {
            PagePool pool = fill(store, kind);
            TierChain chain = store.chain(PoolConfig.CHAIN_DEFAULT);
            double above = ratio(tier(store, 0));
            assertThat(chain.drain("heap").end()).isEqualTo(Evacuated.End.COMPLETE);
            assertThat(ratio(tier(store, 1))).isGreaterThan(above * 1.1);
            chain.thaw("heap");
            assertThat(read(pool)).isEqualTo(PAGES);
            TierStats heap = tier(store, 0);
            assertThat(heap.promotedIn()).isGreaterThan(PAGES / 10);
            assertThat(ratio(heap)).isLessThan(ratio(tier(store, 1)));
            assertThat(read(pool)).isEqualTo(PAGES);
            assertThat(tier(store, 0).hits()).as("read where they came to").isPositive();
            ((SelfChecking) store).verify();
        }
    }

    @Test
    void aFileNamesTheCodec(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("tmem.yaml");
        String tiers = "chains: {default: [{tier: heap, capacity: 1MiB}, {tier: offheap, capacity: 1MiB, codec: %s}]}";
        Files.writeString(file, tiers.formatted("zstd"));
        try (PageStore store = PageStore.open(file)) {
            assertThat(tier(store, 1).codec()).startsWith("zstd (");
        }
        Files.writeString(file, tiers.formatted("zstandard"));
        assertThatThrownBy(() -> PageStore.open(file))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("tmem.yaml:1:89: codec \"zstandard\" is unknown")
                .hasMessageContaining("allowed: lz4, none")
                .hasMessageEndingWith("zstd");
    }

    @ParameterizedTest
    @ValueSource(strings = {"zstandard", "ZSTD", ""})
    void aCodecThatDoesNotExistIsRefusedWithWhatIsAllowed(String codec) {
        TierConfig tier = TierConfig.of("heap", Size.parse("1MiB"));
        assertThatThrownBy(() -> PageStore.builder().tier(tier.withCodec(codec)).open())
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("\"" + codec + "\"")
                .hasMessageContaining("allowed: lz4, none")
                .hasMessageEndingWith("zstd");
    }
}
