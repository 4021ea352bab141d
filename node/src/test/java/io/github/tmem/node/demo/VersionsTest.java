package io.github.tmem.node.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VersionsTest {
    @ParameterizedTest
    @ValueSource(longs = {2, 3, 89, 127, 7919, 7920, 2 * 7919, 7919L * 7920 * 7921})
    void versionsOfAPageAreOfDifferentPlacesInTheSource(long pages) {
        long stride = VerifiedPool.stride(pages);
        assertThat(stride).isGreaterThanOrEqualTo(7919);
        assertThat(LongStream.range(0, Math.min(pages, 127)).map(version -> version * stride % pages))
                .doesNotHaveDuplicates();
    }
}
