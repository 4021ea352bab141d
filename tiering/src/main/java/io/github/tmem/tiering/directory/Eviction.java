package io.github.tmem.tiering.directory;

import io.github.tmem.api.PageKind;
import io.github.tmem.tiering.directory.Directory.Choice;
import io.github.tmem.tiering.policy.EvictionPolicy;
import io.github.tmem.tiering.policy.PageClass;
import io.github.tmem.tiering.policy.S3Fifo;
import io.github.tmem.tiering.policy.Standing;
import io.github.tmem.tiering.policy.TwoFifo;

/**
 * Who of one shard's pages gives way next. Ephemeral pages are ranked by the policy of their pool's get mode; between the
 * two policies the victim comes from the one that holds more of the tier. Persistent pages move down in order of arrival,
 * but one that was hit goes round once more.
 *
 * <p>Guarded by the shard's lock.
 */
final class Eviction {
    /** How many persistent pages that were hit are passed over when one has to move down. */
    private static final int PASSES_MAX = 16;

    private static final PageClass[] CLASSES = PageClass.values();

    private final PageQueues queues;
    private final EvictionPolicy inclusive;
    private final EvictionPolicy exclusive;

    Eviction(PageQueues queues) {
        this.queues = queues;
        this.inclusive = new S3Fifo(queues);
        this.exclusive = new TwoFifo(queues);
    }

    private EvictionPolicy policyOf(PoolLedger pool) {
        return pool.isExclusive() ? exclusive : inclusive;
    }

    static PageClass classOf(PoolLedger pool, int standing) {
        return PageClass.of(pool.kind(), pool.isExclusive(), Standing.isProven(standing));
    }

    /** The standing of a page that the chain did not hold. */
    int admit(PoolLedger pool, long hash, int length) {
        return pool.kind() == PageKind.PERSISTENT
                ? Standing.NEWCOMER
                : policyOf(pool).admit(hash, length);
    }

    /** The standing of a page that replaces an older one. */
    int replace(PoolLedger pool, int olderStanding) {
        return pool.kind() == PageKind.PERSISTENT
                ? Standing.raised(olderStanding)
                : policyOf(pool).replace(olderStanding);
    }

    /** The standing of a page after a hit that keeps it. */
    int hit(PoolLedger pool, int standing) {
        return pool.kind() == PageKind.PERSISTENT
                ? Standing.raised(standing)
                : policyOf(pool).hit(standing);
    }

    /** Learns how a page ended. */
    void ended(PoolLedger pool, Ending ending, long hash, int standing) {
        if (pool.kind() == PageKind.PERSISTENT) {
            return;
        }
        if (ending == Ending.EVICTED) {
            policyOf(pool).evicted(hash, standing);
        } else if (ending == Ending.TAKEN) {
            policyOf(pool).taken(hash, standing);
        }
    }

    /** Learns of a miss in a pool that {@linkplain PoolLedger#learnsFromMisses learns} from it. */
    void missed(long hash) {
        exclusive.missed(hash);
    }

    /** The page of a tier that gives way next; see {@link Shard#victim}. */
    int victim(int tier, PageKind kind, int length, Choice choice) {
        if (choice == Choice.HIDDEN) {
            return oldestHidden(tier, kind);
        }
        if (kind == PageKind.PERSISTENT) {
            return persistentVictim(tier);
        }
        boolean inclusiveFirst =
                bytes(tier, PageClass.SMALL, PageClass.MAIN) >= bytes(tier, PageClass.PROBATION, PageClass.PROTECTED);
        int victim = (inclusiveFirst ? inclusive : exclusive).victim(tier, length);
        return victim != EntryTable.NONE ? victim : (inclusiveFirst ? exclusive : inclusive).victim(tier, length);
    }

    private long bytes(int tier, PageClass newcomers, PageClass proven) {
        return queues.bytes(tier, newcomers) + queues.bytes(tier, proven);
    }

    private int oldestHidden(int tier, PageKind kind) {
        for (PageClass pageClass : CLASSES) {
            int oldest = pageClass.isOf(kind) ? queues.oldestHidden(tier, pageClass) : EntryTable.NONE;
            if (oldest != EntryTable.NONE) {
                return oldest;
            }
        }
        return EntryTable.NONE;
    }

    private int persistentVictim(int tier) {
        int oldest = queues.oldest(tier, PageClass.PERSISTENT);
        for (int i = 0; i < PASSES_MAX && oldest != EntryTable.NONE && isHit(oldest); i++) {
            queues.requeue(oldest, PageClass.PERSISTENT, Standing.NEWCOMER);
            oldest = queues.oldest(tier, PageClass.PERSISTENT);
        }
        return oldest;
    }

    private boolean isHit(int entry) {
        return Standing.credit(queues.standing(entry)) > 0;
    }

    /** How many pages there are to choose from. */
    int victims(int tier, PageKind kind, Choice choice) {
        int count = 0;
        for (PageClass pageClass : CLASSES) {
            if (pageClass.isOf(kind)) {
                count += choice == Choice.HIDDEN ? queues.hiddenSize(tier, pageClass) : queues.size(tier, pageClass);
            }
        }
        return count;
    }

    long ghostBytes() {
        return inclusive.ghostBytes() + exclusive.ghostBytes();
    }
}
