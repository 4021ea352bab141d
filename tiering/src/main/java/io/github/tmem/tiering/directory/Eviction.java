package io.github.tmem.tiering.directory;

import io.github.tmem.api.PageKind;
import io.github.tmem.tiering.policy.EvictionPolicy;
import io.github.tmem.tiering.policy.S3Fifo;
import io.github.tmem.tiering.policy.SecondChance;
import io.github.tmem.tiering.policy.TwoFifo;

/**
 * One pool's pages in one shard: who of them gives way next, by the policy of the pool's kind and get mode.
 *
 * <p>Guarded by the shard's lock, but for what says otherwise.
 */
final class Eviction {
    private final PoolLedger pool;
    private final EntryTable entries;
    private final PageQueues queues;
    private final EvictionPolicy policy;

    /** Entries linked in the shard, queued or not. */
    private int linked;

    Eviction(PoolLedger pool, EntryTable entries) {
        this.pool = pool;
        this.entries = entries;
        this.queues = new PageQueues(entries);
        this.policy = policyOf(pool, queues);
    }

    private static EvictionPolicy policyOf(PoolLedger pool, PageQueues queues) {
        if (pool.kind() == PageKind.PERSISTENT) {
            return new SecondChance(queues);
        }
        return pool.isExclusive() ? new TwoFifo(queues) : new S3Fifo(queues);
    }

    PoolLedger pool() {
        return pool;
    }

    /** How many entries of the pool are linked in the shard. */
    int linked() {
        return linked;
    }

    /** The standing of a page that the chain did not hold. */
    int admit(long hash, int length) {
        return policy.admit(hash, length);
    }

    /** The standing of a page that replaces an older one. */
    int replace(int olderStanding) {
        return policy.replace(olderStanding);
    }

    /** The standing of a page after a hit that keeps it, of which only the credit may differ. Needs no lock. */
    int hit(int standing) {
        return policy.hit(standing);
    }

    /** Learns how a page ended. */
    void ended(Ending ending, long hash, int standing) {
        if (ending == Ending.EVICTED) {
            policy.evicted(hash, standing);
        } else if (ending == Ending.TAKEN) {
            policy.taken(hash, standing);
        }
    }

    /** Learns of a miss in a pool that {@linkplain PoolLedger#learnsFromMisses learns} from it. */
    void missed(long hash) {
        policy.missed(hash);
    }

    /** Takes the memory that entries of this tier need in queues. */
    void makeRoom(int tier) {
        queues.makeRoom(tier);
    }

    /** Takes in an entry that is being linked. */
    void link(int entry) {
        queues.prepare(entry);
        linked++;
        enqueue(entry);
    }

    /** Lets go of an entry that has left its queue and is being unlinked. */
    void unlink() {
        linked--;
    }

    /** Queues an entry, unless there is nothing to be had from it. */
    void enqueue(int entry) {
        EntryState state = EntryDescriptor.state(entries.meta(entry));
        if (state == EntryState.STORED || state == EntryState.FILLED) {
            queues.add(entry);
        }
    }

    /** Takes an entry out of its queue, if it is in one, before its tier, standing or length changes. */
    void dequeue(int entry) {
        if (queues.isQueued(entry)) {
            queues.remove(entry);
        }
    }

    /** Queues an entry anew if its descriptor changes. */
    void requeue(int entry, int newMeta) {
        if (newMeta != entries.meta(entry)) {
            dequeue(entry);
            entries.meta(entry, newMeta);
            enqueue(entry);
        }
    }

    boolean isQueued(int entry) {
        return queues.isQueued(entry);
    }

    /** Notes that the length of a queued entry has changed; returns by how much. */
    int resize(int entry, int lengthBefore) {
        return queues.resize(entry, lengthBefore);
    }

    /** The page of a tier that gives way next; see {@link Shard#victim}. */
    int victim(int tier, int length, Choice choice) {
        return choice == Choice.HIDDEN ? queues.oldestHidden(tier) : policy.victim(tier, length);
    }

    /** How many pages of a tier there are to choose from; a hint without the lock. */
    int victims(int tier, Choice choice) {
        return queues.size(tier, choice);
    }

    /** The same of all tiers, pages without a copy included. */
    int victims(Choice choice) {
        return queues.size(choice);
    }

    /** The bytes of the pages of a tier there are to choose from; of pages without a copy, their number. A hint without the lock. */
    long victimBytes(int tier, Choice choice) {
        return queues.bytes(tier, choice);
    }

    /** The encoded bytes of the pool's copies that the shard's entries name; a hint without the lock. */
    long encodedBytes() {
        return queues.totalBytes();
    }

    long memoryBytes() {
        return queues.memoryBytes() + ghostBytes();
    }

    long ghostBytes() {
        return policy.ghostBytes();
    }

    int checkedTotal() {
        return queues.checkedTotal();
    }
}
