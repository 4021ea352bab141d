package io.github.tmem.bench.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tmem.bench.peer.BareLz4;
import io.github.tmem.bench.peer.EncodedSet;
import io.github.tmem.bench.work.Keys;
import io.github.tmem.bench.work.PageSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CompressedPagesTest {
    private static final int KEYS = 512;

    private final Keys keys = new Keys(KEYS);
    private final PageSet set = set();

    /** Pages that LZ4 shrinks, and one that it does not. */
    private static PageSet set() {
        byte[] noise = new byte[PageSet.PAGE_SIZE];
        new Random(5).nextBytes(noise);
        byte[] words = new byte[PageSet.PAGE_SIZE];
        for (int i = 0; i < words.length; i++) {
            words[i] = (byte) (i % 50);
        }
        return new PageSet("two", List.of(words, noise));
    }

    private static EncodedCache open(String name) {
        return name.equals(CaffeineCache.NAME) ? new CaffeineCache(KEYS) : new EhcacheCache(16 << 20);
    }

    @ParameterizedTest
    @ValueSource(strings = {CaffeineCache.NAME, EhcacheCache.NAME})
    void aCacheHoldsWhatAStoreWouldHold(String name) {
        try (EncodedCache cache = open(name);
                BareLz4 lz4 = new BareLz4()) {
            CompressedPages pages = new CompressedPages(cache, keys, set);
            pages.puts(lz4).run(0, KEYS);
            pages.gets(lz4).run(0, KEYS);
            EncodedSet encoded = EncodedSet.of(set);
            assertThat(cache.get(keys.index(0))).isEqualTo(encoded.encoded()[0]).hasSizeLessThan(PageSet.PAGE_SIZE);
            assertThat(cache.get(keys.index(1))).isEqualTo(set.pageOf(1));
            assertThat(cache.get(keys.absentIndexAt(0))).isNull();
        }
    }

    @Test
    void aPutReallyReplacesWhatIsThere() {
        try (MapCache cache = new MapCache();
                BareLz4 lz4 = new BareLz4()) {
            CompressedPages pages = new CompressedPages(cache, keys, set);
            Map<Long, byte[]> before = Map.copyOf(cache.map);
            pages.puts(lz4).run(0, KEYS);
            assertThat(cache.map).hasSize(KEYS).allSatisfy((key, page) -> {
                assertThat(page).isNotSameAs(before.get(key)).isEqualTo(before.get(key));
            });
        }
    }

    @Test
    void aCacheThatChangesOrDropsAPageIsFoundOutBeforeAnythingIsTimed() {
        MapCache changing = new MapCache() {
            @Override
            public void put(Long key, byte[] encoded) {
                super.put(key, key.equals(keys.index(77)) ? set.pageOf(76) : encoded);
            }
        };
        assertThatThrownBy(() -> new CompressedPages(changing, keys, set)).hasMessageContaining("other bytes for 77");
        MapCache dropping = new MapCache() {
            @Override
            public void put(Long key, byte[] encoded) {
                if (!key.equals(keys.index(77))) {
                    super.put(key, encoded);
                }
            }
        };
        assertThatThrownBy(() -> new CompressedPages(dropping, keys, set)).hasMessageContaining("dropped a page");
    }

    private static class MapCache implements EncodedCache {
        private final Map<Long, byte[]> map = new HashMap<>();

        @Override
        public String name() {
            return "map";
        }

        @Override
        public void put(Long key, byte[] encoded) {
            map.put(key, encoded);
        }

        @Override
        public byte @Nullable [] get(Long key) {
            return map.get(key);
        }

        @Override
        public void close() {}
    }
}
