package io.github.tmem.tiering.directory;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PageKind;
import io.github.tmem.api.Refusal;
import io.github.tmem.api.WriteMode;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.api.stats.PoolStats;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PoolLedgerTest {
    private static final PoolConfig CONFIG = PoolConfig.persistent("pages");

    private final PoolLedger pool = new PoolLedger(CONFIG, 1, 0);

    private static PoolLedger with(PoolConfig config) {
        return new PoolLedger(config, 1, 0);
    }

    private void assertPages(long pages, long sameFilled, long lostPages) {
        PoolStats stats = pool.stats(0);
        assertThat(stats.pages()).as("pages").isEqualTo(pages);
        assertThat(stats.sameFilled()).as("same-filled").isEqualTo(sameFilled);
        assertThat(stats.lostPages()).as("lost").isEqualTo(lostPages);
    }

    @Test
    void anOverwriteCountsThePageThatComesAndTheOneThatGoes() {
        pool.countStored(true);
        assertPages(1, 1, 0);
        pool.countOverwritten(EntryState.FILLED, true);
        assertPages(1, 1, 0);
        pool.countOverwritten(EntryState.FILLED, false);
        assertPages(1, 0, 0);
        pool.countOverwritten(EntryState.STORED, false);
        assertPages(1, 0, 0);
        pool.countOverwritten(EntryState.STORED, true);
        assertPages(1, 1, 0);
        assertThat(pool.stats(0).stored()).isEqualTo(5);
        assertThat(pool.stats(0).replaced()).isEqualTo(4);
    }

    @Test
    void anOverwriteOfALostPageEndsItAsLost() {
        pool.countStored(false);
        pool.countLost();
        assertPages(1, 0, 1);
        pool.countOverwritten(EntryState.LOST, true);
        assertPages(1, 1, 0);
        assertThat(pool.stats(0).lost()).isEqualTo(1);
        assertThat(pool.stats(0).replaced()).isZero();
    }

    @Test
    void whatWasGivenUpForItsSuccessorHasEndedBefore() {
        pool.countStored(false);
        pool.countEnding(Ending.REPLACED, EntryState.STORED);
        pool.countOverwritten(EntryState.REPLACING, true);
        assertPages(1, 1, 0);
        assertThat(pool.stats(0).replaced()).isEqualTo(1);
    }

    @Test
    void refusalsAreListedByReason() {
        assertThat(pool.stats(0).refused()).isEmpty();
        pool.countRefused(Refusal.FULL);
        pool.countRefused(Refusal.FULL);
        pool.countRefused(Refusal.FROZEN);
        assertThat(pool.stats(0).refused()).isEqualTo(Map.of(Refusal.FULL, 2L, Refusal.FROZEN, 1L));
    }

    @ParameterizedTest
    @EnumSource
    void eachReasonHasOneFirstRefusal(Refusal reason) {
        for (Refusal other : Refusal.values()) {
            if (other != reason) {
                assertThat(pool.isFirstRefusal(other)).isTrue();
                assertThat(pool.isFirstRefusal(other)).isFalse();
            }
        }
        assertThat(pool.isFirstRefusal(reason)).isTrue();
        assertThat(pool.isFirstRefusal(reason)).isFalse();
    }

    @Test
    void indexesEndWhereTheSettingsSay() {
        PoolLedger small = with(CONFIG.withIndexes(10));
        assertThat(small.hasIndex(0)).isTrue();
        assertThat(small.hasIndex(9)).isTrue();
        assertThat(small.hasIndex(10)).isFalse();
        assertThat(small.hasIndex(-1)).as("the highest of all").isFalse();
        assertThat(pool.hasIndex(-1)).isTrue();
    }

    @Test
    void aPoolIsClosedOnce() {
        assertThat(pool.isClosed()).isFalse();
        assertThat(pool.markClosed()).isTrue();
        assertThat(pool.markClosed()).isFalse();
        assertThat(pool.isClosed()).isTrue();
    }

    @Test
    void pagesThatLiveBelowTooMayVanishHere() {
        PoolLedger through = with(CONFIG.withWrite(WriteMode.THROUGH));
        assertThat(through.kind()).isEqualTo(PageKind.EPHEMERAL);
        assertThat(through.write()).isEqualTo(WriteMode.THROUGH);
        assertThat(through.stats(0).kind()).isEqualTo(PageKind.PERSISTENT);
        assertThat(pool.kind()).isEqualTo(PageKind.PERSISTENT);
        assertThat(pool.write()).isEqualTo(WriteMode.BACK);
    }

    /** Or callers could choose keys that all fall into one bucket. */
    @Test
    void theSameKeyHasAnotherHashUnderAnotherSeed() {
        ObjectId id = ObjectId.of(5);
        TrackedObject one = new TrackedObject(pool, id, 0);
        TrackedObject other = new TrackedObject(new PoolLedger(CONFIG, 2, 0), id, 0);
        assertThat(one.hash()).isNotEqualTo(other.hash());
    }
}
