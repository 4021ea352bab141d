package io.github.tmem.tiering.directory;

import io.github.tmem.api.PageKind;
import org.jspecify.annotations.Nullable;

/**
 * Which pool gives the next victim: of the pools of a kind the one that is furthest above its share of what is short, that
 * is, holds most of it by its weight. Nobody is kept from taking what others leave unused; a share counts only when
 * something has to go.
 *
 * <p>With several pools the sums over all shards, with very many those over some, are read without locks, and the answer
 * serves for a few victims.
 * Thread-safe.
 */
public final class PoolRanking {
    /** In the place of a tier: the entries of the directory. */
    public static final int ENTRIES = PageQueues.NO_TIER + 1;

    /** The most victims that an answer serves for. */
    private static final int VICTIMS_MAX = 16;

    /** How many sums may be read for a victim, on average, as long as an answer serves for fewer than the most. */
    private static final int READS_PER_VICTIM = 8;

    /** How many sums are read for an answer; with more pools and shards some shards stand for all, unless they have nothing. */
    private static final int READS_MAX = 2048;

    private static final int KINDS = PageKind.values().length;
    private static final int CHOICES = Choice.values().length;

    private final Shard[] shards;
    private final PoolSlots pools;

    /** The last answers, and how many victims each still serves for. Races only make one serve for a few more or less. */
    private final @Nullable PoolLedger[] answers = new @Nullable PoolLedger[(ENTRIES + 1) * KINDS * CHOICES];

    private final int[] left = new int[answers.length];

    PoolRanking(Shard[] shards, PoolSlots pools) {
        this.shards = shards;
        this.pools = pools;
    }

    /**
     * The pool to take a victim from; null if there is none for sure. It may turn out to have no victim: then ask for the
     * {@link #next}.
     *
     * @param tier a tier number, {@link Directory#WITHOUT_COPY}, or {@link #ENTRIES}
     */
    public @Nullable PoolLedger first(int tier, PageKind kind, Choice choice) {
        PoolLedger[] candidates = pools.pools(kind);
        if (candidates.length <= 1) {
            return candidates.length == 0 ? null : candidates[0];
        }
        int at = (tier * KINDS + kind.ordinal()) * CHOICES + choice.ordinal();
        PoolLedger answer = answers[at];
        if (answer != null && left[at] > 0) {
            left[at]--;
            return answer;
        }
        answer = highest(candidates, tier, kind, choice);
        answers[at] = answer;
        left[at] = Math.min(VICTIMS_MAX, candidates.length * shards.length / READS_PER_VICTIM) - 1;
        return answer;
    }

    /** The pool to take a victim from when the one named before had none; null if none seems to have one. */
    public @Nullable PoolLedger next(int tier, PageKind kind, Choice choice) {
        PoolLedger[] candidates = pools.pools(kind);
        return candidates.length <= 1 ? null : highest(candidates, tier, kind, choice);
    }

    private @Nullable PoolLedger highest(PoolLedger[] candidates, int tier, PageKind kind, Choice choice) {
        int step = Math.min(shards.length, Math.ceilDiv(candidates.length * shards.length, READS_MAX));
        PoolLedger highest = highest(candidates, tier, choice, step);
        return highest == null && step > 1 && isHeld(tier, kind) ? any(candidates, tier, choice) : highest;
    }

    /** Whether any shard has pages of a tier, of one kind: most often there are none where none was found. */
    private boolean isHeld(int tier, PageKind kind) {
        for (Shard shard : shards) {
            if (tier == ENTRIES
                    ? shard.holdings().hasAny(kind)
                    : shard.holdings().has(tier, kind)) {
                return true;
            }
        }
        return false;
    }

    /** A pool that has a victim, perhaps in a shard for which others have stood. */
    private @Nullable PoolLedger any(PoolLedger[] candidates, int tier, Choice choice) {
        for (PoolLedger pool : candidates) {
            if (held(pool, tier, choice, 1) > 0) {
                return pool;
            }
        }
        return null;
    }

    private @Nullable PoolLedger highest(PoolLedger[] candidates, int tier, Choice choice, int step) {
        PoolLedger highest = null;
        double most = 0;
        for (PoolLedger pool : candidates) {
            double held = (double) held(pool, tier, choice, step) / pool.weight();
            if (held > most) {
                most = held;
                highest = pool;
            }
        }
        return highest;
    }

    private long held(PoolLedger pool, int tier, Choice choice, int step) {
        long sum = 0;
        for (int shard = 0; shard < shards.length; shard += step) {
            Eviction tenant = shards[shard].tenants().find(pool);
            if (tenant != null) {
                sum += tier == ENTRIES ? tenant.victims(choice) : tenant.victimBytes(tier, choice);
            }
        }
        return sum;
    }
}
