package io.github.tmem.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tmem.api.GetMode;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PersistentPool;
import io.github.tmem.api.config.ConfigException;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.api.config.Size;
import io.github.tmem.api.live.TierChain;
import org.junit.jupiter.api.Test;

/** Tiers that are drained or become smaller: what stays, what it costs the others, and the numbers that are told of it. */
class EvacuationTest {
    private static final ObjectId FILE = ObjectId.of(1);
    private static final int PAGE = Stage.PAGE;

    private static TierChain chain(Stage stage) {
        return stage.store().chain(PoolConfig.CHAIN_DEFAULT);
    }

    private static String name(Stage stage, int tier) {
        return chain(stage).tiers().get(tier);
    }

    private static Size pages(long count) {
        return Size.ofBytes(count * PAGE);
    }

    @Test
    void aTierThatCannotBeResizedKeepsItsRoom() {
        try (Stage stage = Stage.of(4)) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            stage.hooks(0).at("resize", () -> {
                throw new ConfigException("planted");
            });
            assertThatThrownBy(() -> chain(stage).resize(name(stage, 0), pages(2)))
                    .hasMessage("planted");
            for (int index = 0; index < 4; index++) {
                assertThat(stage.put(pool, FILE, index, 1)).isTrue();
            }
            assertThat(stage.put(pool, FILE, 4, 1)).isFalse();
        }
    }
}
