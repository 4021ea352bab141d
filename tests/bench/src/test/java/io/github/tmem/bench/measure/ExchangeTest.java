package io.github.tmem.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.bench.peer.EncodedSet;
import io.github.tmem.bench.work.PageSet;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExchangeTest {
    private static double meanLength(List<byte[]> pages) {
        return Arrays.stream(EncodedSet.of(new PageSet("part", pages)).encoded())
                .mapToInt(encoded -> encoded.length)
                .average()
                .orElseThrow();
    }

    @Test
    void whatComesIsOfTheSameLengthsOrLongerOrShorter() {
        PageSet set = PageSet.samples(256).getFirst();
        List<Exchange> all = Exchange.of(set);
        assertThat(all).extracting(Exchange::name).containsExactly("same lengths", "longer pages", "shorter pages");
        Exchange same = all.get(0);
        assertThat(same.before()).containsExactlyElementsOf(set.pages());
        assertThat(same.after()).containsExactlyInAnyOrderElementsOf(set.pages());
        assertThat(same.after())
                .map(Arrays::hashCode)
                .isNotEqualTo(same.before().stream().map(Arrays::hashCode).toList());
        Exchange longer = all.get(1);
        assertThat(meanLength(longer.after())).isGreaterThan(meanLength(longer.before()));
        Exchange shorter = all.get(2);
        assertThat(meanLength(shorter.after())).isLessThan(meanLength(shorter.before()));
    }
}
