package io.github.tmem.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.EphemeralPool;
import io.github.tmem.api.GetMode;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PagePool;
import io.github.tmem.api.PersistentPool;
import io.github.tmem.api.Refusal;
import io.github.tmem.api.config.FullAction;
import io.github.tmem.kit.backend.KeyedTestBackend;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Room that pages of other shards of the directory have to give. A chain has a shard for each thousand pages that it may
 * hold; its tiers hold far fewer here than they say, so that a few pages fill them.
 */
class ShardsTest {
    private static final ObjectId FILE = ObjectId.of(1);
    private static final ObjectId OTHER = ObjectId.of(2);
    private static final int PAGE = Stage.PAGE;
    private static final long MANY_PAGES = 8_192L * PAGE;

    /** Of so many runs of pages hardly all fall into one shard. */
    private static final int RUNS = 40;

    private static final long RUN = 64;

    /** Tiers that hold so many pages each. */
    private static Stage of(FullAction whenFull, int... pages) {
        return Stage.of(tier -> Stage.withCapacity(tier, MANY_PAGES).withWhenFull(whenFull, FullAction.FORWARD), pages);
    }

    @Test
    void aPersistentPutTakesTheRoomOfAnEphemeralPageOfAnyShard() {
        try (Stage stage = of(FullAction.EVICT, 1)) {
            assertThat(stage.store().stats().directories().getFirst().shards()).isGreaterThan(1);
            EphemeralPool clean = stage.ephemeral(GetMode.INCLUSIVE);
            PersistentPool dirty = stage.persistent(GetMode.INCLUSIVE);
            for (int run = 0; run < RUNS; run++) {
                assertThat(stage.put(clean, FILE, RUN * run, 1)).isTrue();
                assertThat(stage.put(dirty, OTHER, RUN * run, 1)).isTrue();
                assertThat(clean.pageCount()).isZero();
                assertThat(dirty.flush(OTHER, RUN * run)).isTrue();
            }
        }
    }

    @Test
    void anEphemeralPutTakesTheRoomOfAnEphemeralPageOfAnyShard() {
        try (Stage stage = of(FullAction.EVICT, 1)) {
            EphemeralPool clean = stage.ephemeral(GetMode.INCLUSIVE);
            for (int run = 0; run < RUNS; run++) {
                assertThat(stage.put(clean, FILE, RUN * run, 1)).isTrue();
                assertThat(clean.pageCount()).isEqualTo(1);
            }
            assertThat(clean.stats().evicted()).isEqualTo(RUNS - 1);
        }
    }

    @Test
    void aPageOfAnyShardIsDemoted() {
        try (Stage stage = of(FullAction.DEMOTE, 1, RUNS)) {
            EphemeralPool clean = stage.ephemeral(GetMode.INCLUSIVE);
            for (int run = 0; run < RUNS; run++) {
                assertThat(stage.put(clean, FILE, RUN * run, 1)).isTrue();
            }
            assertThat(stage.stats(0).demotedOut()).isEqualTo(RUNS - 1);
            assertThat(clean.pageCount()).isEqualTo(RUNS);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void aFullDirectoryTakesTheEntryOfAPageOfAnyShard(int tier) {
        try (Stage stage = Stage.withDirectory(
                "1B",
                config -> Stage.withCapacity(config, MANY_PAGES),
                KeyedTestBackend.local(tier == 0 ? MANY_PAGES : 1),
                KeyedTestBackend.local(MANY_PAGES))) {
            EphemeralPool clean = stage.ephemeral(GetMode.INCLUSIVE);
            PersistentPool dirty = stage.persistent(GetMode.INCLUSIVE);
            int entries = (int) stage.store().stats().directories().getFirst().entriesMax();
            fill(dirty, entries - 1);
            for (int run = 0; run < RUNS; run++) {
                assertThat(stage.put(clean, FILE, RUN * run, 1))
                        .as("run %d", run)
                        .isTrue();
                assertThat(clean.pageCount()).isEqualTo(1);
            }
            assertThat(stage.stats(tier).evicted()).isEqualTo(RUNS - 1);
            assertThat(stage.put(dirty, OTHER, RUN * entries, 1)).isTrue();
            assertThat(clean.pageCount()).isZero();
            assertThat(dirty.put(OTHER, -1, Stage.page(OTHER, -1, 1)).refusal()).isEqualTo(Refusal.DIRECTORY_FULL);
            assertThat(stage.store().stats().directories().getFirst().evicted()).isZero();
        }
    }

    @Test
    void aFullDirectoryTakesTheEntryOfAPageWithoutACopyOfAnyShard() {
        try (Stage stage = Stage.withDirectory(
                "1B", config -> Stage.withCapacity(config, MANY_PAGES), KeyedTestBackend.local(MANY_PAGES))) {
            EphemeralPool clean = stage.ephemeral(GetMode.INCLUSIVE);
            PersistentPool dirty = stage.persistent(GetMode.INCLUSIVE);
            int entries = (int) stage.store().stats().directories().getFirst().entriesMax();
            fill(dirty, entries - 1);
            for (int run = 0; run < RUNS; run++) {
                assertThat(clean.put(FILE, RUN * run, new byte[PAGE]).stored()).isTrue();
                assertThat(clean.pageCount()).isEqualTo(1);
            }
            assertThat(stage.store().stats().directories().getFirst().evicted()).isEqualTo(RUNS - 1);
            assertThat(stage.stats(0).evicted()).isZero();
        }
    }

    private static void fill(PagePool pool, int pages) {
        for (int run = 0; run < pages; run++) {
            assertThat(pool.put(OTHER, RUN * run, Stage.page(OTHER, RUN * run, 1))
                            .stored())
                    .isTrue();
        }
    }
}
