package io.github.tmem.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tmem.api.EphemeralPool;
import io.github.tmem.api.GetMode;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PageKind;
import io.github.tmem.api.PageLostException;
import io.github.tmem.api.PagePool;
import io.github.tmem.api.PersistentPool;
import io.github.tmem.api.config.FullAction;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.api.config.Promotion;
import io.github.tmem.api.config.TierConfig;
import io.github.tmem.api.live.TierChain;
import io.github.tmem.api.spi.Capabilities;
import io.github.tmem.api.spi.Capabilities.Addressing;
import io.github.tmem.api.spi.Capabilities.Latency;
import io.github.tmem.api.spi.CodecProvider;
import io.github.tmem.api.spi.PageCodec;
import io.github.tmem.kit.PageKey;
import io.github.tmem.kit.Pages;
import io.github.tmem.kit.Race;
import io.github.tmem.kit.Shape;
import io.github.tmem.kit.backend.KeyedTestBackend;
import io.github.tmem.kit.codec.CodecFault;
import io.github.tmem.kit.codec.CodecScript;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.function.LongFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Chains whose tiers have different codecs: a page that moves is kept under the codec of the tier it comes to. */
class RecodeTest {
    private static final ObjectId FILE = ObjectId.of(1);
    private static final int PAGE = Stage.PAGE;
    private static final int PAGES = 6;

    private static UnaryOperator<TierConfig> codecs(String upper, String lower) {
        Iterator<String> names = List.of(upper, lower).iterator();
        return tier -> tier.withCodec(names.next())
                .withPromote(Promotion.ALWAYS)
                .withWhenFull(FullAction.DEMOTE, FullAction.DEMOTE);
    }

    /** A tier of one page above one of sixteen. */
    private static Stage stage(String upper, String lower) {
        return Stage.over(codecs(upper, lower), KeyedTestBackend.local(PAGE), KeyedTestBackend.local(16 * PAGE));
    }

    /** A tier that takes nothing longer than half a page. */
    private static KeyedTestBackend ofShortCopies(Latency latency) {
        return new KeyedTestBackend(
                16 * PAGE, new Capabilities(Addressing.KEYED, latency, EnumSet.allOf(PageKind.class), PAGE / 2));
    }

    private static byte[] page(long index) {
        return Pages.make(new PageKey(FILE, index), 1, Shape.COMPRESSIBLE, PAGE);
    }

    private static void put(PagePool pool, long index) {
        assertThat(pool.put(FILE, index, page(index)).stored())
                .as("page %d", index)
                .isTrue();
    }

    /** What a tier with this codec should hold of a page. */
    private static ByteBuffer encoded(String codec, long index) {
        byte[] page = page(index);
        if (codec.equals("none")) {
            return ByteBuffer.wrap(page);
        }
        CodecProvider provider = ServiceLoader.load(CodecProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(one -> one.name().equals(codec))
                .findFirst()
                .orElseThrow();
        byte[] encoded = new byte[PAGE * 2];
        try (PageCodec open = provider.open()) {
            int length = open.encode(page, 0, PAGE, encoded, PAGE);
            assertThat(length).isBetween(1, PAGE * 7 / 8);
            return ByteBuffer.wrap(Arrays.copyOf(encoded, length));
        }
    }

    private static Set<ByteBuffer> held(Stage stage, int tier) {
        return stage.tier(tier).contents().values().stream()
                .map(ByteBuffer::wrap)
                .collect(Collectors.toSet());
    }

    private static void assertAllEncoded(Stage stage, int tier, String codec) {
        assertAllHeld(stage, tier, index -> encoded(codec, index));
    }

    private static void assertAllHeld(Stage stage, int tier, LongFunction<ByteBuffer> form) {
        Set<ByteBuffer> expected = new HashSet<>();
        for (int i = 0; i < PAGES; i++) {
            expected.add(form.apply(i));
        }
        assertThat(expected).containsAll(held(stage, tier));
    }

    /** What the lower tier should hold of a page that came from the upper. */
    private static ByteBuffer cameDown(String upper, String lower, long index) {
        ByteBuffer above = encoded(upper, index);
        ByteBuffer below = encoded(lower, index);
        return below.remaining() < above.remaining() || lower.equals("none") ? below : above;
    }

    /** The codecs of the upper and the lower tier. */
    @ParameterizedTest
    @CsvSource({
        "lz4,none",
        "none,lz4",
        "lz4,zstd",
        "zstd,lz4",
        "lz4,test-runs",
        "test-runs,lz4",
        "test-runs,none",
        "lz4,lz4"
    })
    @Retention(RetentionPolicy.RUNTIME)
    private @interface CodecPairs {}

    @CodecPairs
    void aPageThatGoesDownIsKeptUnderTheCodecBelow(String upper, String lower) {
        try (Stage stage = stage(upper, lower)) {
            for (PagePool pool : List.of(stage.ephemeral(GetMode.EXCLUSIVE), stage.persistent(GetMode.EXCLUSIVE))) {
                for (int i = 0; i < PAGES; i++) {
                    put(pool, i);
                }
                assertThat(stage.copies(1)).isGreaterThanOrEqualTo(PAGES / 2);
                assertThat(stage.copies()).isEqualTo(PAGES);
                assertAllEncoded(stage, 0, upper);
                assertAllHeld(stage, 1, index -> cameDown(upper, lower, index));
                for (int i = 0; i < PAGES; i++) {
                    assertThat(stage.get(pool, FILE, i)).isEqualTo(1);
                }
            }
            assertThat(stage.stats(0).demotedOut()).isEqualTo(stage.stats(1).demotedIn());
            if (upper.equals(lower)) {
                assertThat(stage.stats(1).recoded()).isZero();
            } else if (lower.equals("none")) {
                assertThat(stage.stats(1).recoded())
                        .isGreaterThanOrEqualTo(stage.stats(1).demotedIn());
            }
        }
    }

    @CodecPairs
    void aPageThatGoesUpIsKeptUnderTheCodecAbove(String upper, String lower) {
        try (Stage stage = stage(upper, lower)) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            for (int i = 0; i < PAGES; i++) {
                put(pool, i);
            }
            for (int i = 0; i < PAGES; i++) {
                if (held(stage, 0).contains(encoded(upper, i))) {
                    pool.flush(FILE, i);
                }
            }
            assertThat(stage.copies(0)).isZero();
            int promoted = 0;
            for (int i = 0; i < PAGES; i++) {
                if (pool.contains(FILE, i)) {
                    assertThat(stage.get(pool, FILE, i)).isEqualTo(1);
                    assertThat(held(stage, 0)).containsExactly(encoded(upper, i));
                    assertThat(stage.get(pool, FILE, i)).isEqualTo(1);
                    assertThat(stage.stats(0).hits()).isEqualTo(++promoted);
                    pool.flush(FILE, i);
                }
            }
            assertThat(promoted).isGreaterThanOrEqualTo(PAGES / 2);
            assertThat(stage.stats(0).promotedIn()).isEqualTo(promoted);
            assertThat(stage.stats(1).promotedOut()).isEqualTo(promoted);
        }
    }

    @ParameterizedTest
    @CsvSource({"lz4,none", "none,lz4", "lz4,zstd", "lz4,test-runs", "test-runs,lz4"})
    void aPageThatTheBackgroundMovesIsKeptUnderTheCodecBelow(String upper, String lower) {
        UnaryOperator<TierConfig> codecs = codecs(upper, lower);
        try (Stage stage = Stage.over(
                tier -> codecs.apply(tier).withWatermarks(25, 10),
                KeyedTestBackend.local(4 * PAGE),
                KeyedTestBackend.slow(16 * PAGE))) {
            EphemeralPool pool = stage.ephemeral(GetMode.EXCLUSIVE);
            for (int i = 0; i < PAGES; i++) {
                put(pool, i);
            }
            Race.until(() -> stage.stats(1).demotedIn() > 1);
            stage.verify();
            assertAllHeld(stage, 1, index -> cameDown(upper, lower, index));
            for (int i = 0; i < PAGES; i++) {
                assertThat(stage.get(pool, FILE, i)).isIn(0L, 1L);
            }
        }
    }

    /** Run lengths are longer than LZ4 for these pages, and stay behind where LZ4 was there first. */
    @Test
    void theCodecBelowMakesNoPageLonger() {
        assertThat(cameDown("lz4", "test-runs", 0)).isEqualTo(encoded("lz4", 0));
        assertThat(cameDown("test-runs", "lz4", 0)).isEqualTo(encoded("lz4", 0));
        assertThat(cameDown("lz4", "zstd", 0)).isEqualTo(encoded("zstd", 0));
    }

    /** A page that the codec above could not shorten is no lost case for the one below. */
    @ParameterizedTest
    @EnumSource(PageKind.class)
    void aPageThatStayedRawIsTriedAgainBelow(PageKind kind) {
        byte[] page = Pages.noise(1, PAGE);
        for (int i = 0; i < PAGE; i++) {
            page[i] &= 0x3f; // nothing repeats, and a quarter of each byte says nothing
        }
        try (Stage stage = stage("lz4", "zstd")) {
            PagePool pool = kind == PageKind.PERSISTENT
                    ? stage.persistent(GetMode.INCLUSIVE)
                    : stage.ephemeral(GetMode.INCLUSIVE);
            pool.put(FILE, 0, page);
            assertThat(held(stage, 0)).containsExactly(ByteBuffer.wrap(page));
            TierChain chain = stage.store().chain(PoolConfig.CHAIN_DEFAULT);
            assertThat(chain.drain(chain.tiers().getFirst()).moved()).isEqualTo(1);
            assertThat(held(stage, 1)).allMatch(copy -> copy.remaining() < PAGE * 4 / 5);
            byte[] read = new byte[PAGE];
            assertThat(pool.get(FILE, 0, read)).isTrue();
            assertThat(read).isEqualTo(page);
        }
    }

    /** Of two tiers with one codec the upper had another before: its older copies become what the lower wants. */
    @ParameterizedTest
    @EnumSource(PageKind.class)
    void aCopyMadeUnderAnEarlierCodecIsKeptUnderTheCodecBelow(PageKind kind) {
        try (Stage stage = stage("none", "lz4")) {
            PagePool pool = kind == PageKind.PERSISTENT
                    ? stage.persistent(GetMode.INCLUSIVE)
                    : stage.ephemeral(GetMode.INCLUSIVE);
            put(pool, 0);
            TierChain chain = stage.store().chain(PoolConfig.CHAIN_DEFAULT);
            chain.codec(chain.tiers().getFirst(), "lz4");
            assertThat(held(stage, 0)).containsExactly(encoded("none", 0));
            assertThat(chain.drain(chain.tiers().getFirst()).moved()).isEqualTo(1);
            assertThat(held(stage, 1)).containsExactly(encoded("lz4", 0));
            assertThat(stage.get(pool, FILE, 0)).isEqualTo(1);
        }
    }

    /** A page that a tier with another codec had no room for is offered to the next in the form that one keeps. */
    @Test
    void aPageThatIsOfferedToSeveralTiersIsKeptAsEachWants() {
        Iterator<String> names = List.of("lz4", "none", "lz4").iterator();
        try (Stage stage = Stage.over(
                tier -> tier.withCodec(names.next()),
                KeyedTestBackend.local(PAGE),
                KeyedTestBackend.local(PAGE),
                KeyedTestBackend.local(PAGE))) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            put(pool, 0);
            stage.put(pool, FILE, 1, 1); // into the second tier, and fills it
            TierChain chain = stage.store().chain(PoolConfig.CHAIN_DEFAULT);
            assertThat(chain.drain(chain.tiers().getFirst()).moved()).isEqualTo(1);
            assertThat(held(stage, 2)).containsExactly(encoded("lz4", 0));
            assertThat(stage.get(pool, FILE, 0)).isEqualTo(1);
        }
    }

    /** Under the codec below the page is too long for the tier below: an ephemeral one goes, a persistent one stays. */
    @ParameterizedTest
    @EnumSource(Latency.class)
    void aPageThatIsTooLongUnderTheCodecBelowStaysOrGoes(Latency latency) {
        UnaryOperator<TierConfig> codecs = codecs("lz4", "none");
        try (Stage stage = Stage.over(codecs, KeyedTestBackend.local(PAGE), ofShortCopies(latency))) {
            EphemeralPool clean = stage.ephemeral(GetMode.INCLUSIVE);
            for (int i = 0; i < PAGES; i++) {
                put(clean, i);
            }
            assertThat(stage.get(clean, FILE, PAGES - 1)).isEqualTo(1);
            assertThat(stage.copies(1)).isZero();
            assertThat(clean.stats().evicted())
                    .isEqualTo(PAGES - clean.pageCount())
                    .isPositive();
            PersistentPool dirty = stage.persistent(GetMode.INCLUSIVE);
            int stored = 0;
            while (dirty.put(FILE, stored, page(stored)).stored()) {
                stored++;
            }
            assertThat(stored).isPositive();
            for (int i = 0; i < stored; i++) {
                assertThat(stage.get(dirty, FILE, i)).isEqualTo(1);
            }
            assertThat(stage.copies(1)).isZero();
        }
    }

    @Test
    void aPageThatIsTooLongUnderTheCodecAboveIsNotPromoted() {
        UnaryOperator<TierConfig> codecs = codecs("none", "lz4");
        try (Stage stage = Stage.over(codecs, ofShortCopies(Latency.LOCAL), KeyedTestBackend.local(16 * PAGE))) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            put(pool, 0);
            assertThat(stage.get(pool, FILE, 0)).isEqualTo(1);
            assertThat(stage.get(pool, FILE, 0)).isEqualTo(1);
            assertThat(stage.stats(0).movesRefused()).isEqualTo(2);
            assertThat(stage.stats(0).unanswered()).isZero();
            assertThat(stage.copies(0)).isZero();
        }
    }

    /** The checksum is right, and yet the codec does not know its own bytes: another read would not help. */
    @ParameterizedTest
    @EnumSource(PageKind.class)
    void aPageThatDoesNotDecodeOnItsWayDownIsDamaged(PageKind kind) {
        try (Stage stage = stage("test-gated", "none");
                CodecScript script = CodecScript.start()) {
            PagePool pool = kind == PageKind.PERSISTENT
                    ? stage.persistent(GetMode.INCLUSIVE)
                    : stage.ephemeral(GetMode.INCLUSIVE);
            put(pool, 0);
            script.next(CodecFault.DECODE_MALFORMED);
            boolean second = pool.put(FILE, 1, page(1)).stored(); // page 0 has to go down
            if (kind == PageKind.PERSISTENT) {
                assertThatThrownBy(() -> stage.get(pool, FILE, 0)).isInstanceOf(PageLostException.class);
            } else {
                assertThat(stage.get(pool, FILE, 0)).isZero();
            }
            assertThat(stage.stats(0).corrupt()).isEqualTo(1);
            assertThat(stage.copies()).isEqualTo(second ? 1 : 0);
            assertThat(stage.get(pool, FILE, 1)).isEqualTo(second ? 1 : 0);
        }
    }
}
