package io.github.tmem.tiering.policy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/** A chain of tiers ruled by a real policy. */
final class PolicyCache implements TestCache {
    /** Whether hits remove pages. */
    enum Gets {
        KEEP,
        REMOVE
    }

    private final PlainQueues queues = new PlainQueues();
    private final EvictionPolicy policy;
    private final Gets gets;
    private final long[] capacities;
    private final long[] used;
    private final Map<Long, Integer> entries = new HashMap<>();
    private final Map<Integer, Long> keys = new HashMap<>();
    private final List<Event> events = new ArrayList<>();
    private int lastEntry;

    PolicyCache(Function<Queues, EvictionPolicy> policy, Gets gets, long... capacities) {
        this.policy = policy.apply(queues);
        this.gets = gets;
        this.capacities = capacities;
        this.used = new long[capacities.length];
    }

    static PolicyCache s3Fifo(long... capacities) {
        return new PolicyCache(S3Fifo::new, Gets.KEEP, capacities);
    }

    static PolicyCache twoFifo(long... capacities) {
        return new PolicyCache(TwoFifo::new, Gets.REMOVE, capacities);
    }

    @Override
    public boolean get(long key) {
        long hash = KeyStream.hash(key);
        Integer entry = entries.get(key);
        if (entry == null) {
            policy.missed(hash);
            return false;
        }
        int standing = queues.standing(entry);
        if (gets == Gets.REMOVE) {
            remove(key);
            policy.taken(hash, standing);
        } else {
            queues.standing(entry, policy.hit(standing));
        }
        return true;
    }

    private void remove(long key) {
        Integer entry = entries.remove(key);
        if (entry != null) {
            used[queues.tier(entry)] -= queues.length(entry);
            queues.remove(entry);
            keys.remove(entry);
        }
    }

    @Override
    public void put(long key, int length) {
        Integer older = entries.get(key);
        if (older != null) {
            queues.standing(older, policy.replace(queues.standing(older)));
            return;
        }
        int standing = policy.admit(KeyStream.hash(key), length);
        events.add(new Event(Step.ADMITTED, key, standing));
        makeRoom(0, length);
        int entry = ++lastEntry;
        queues.add(entry, 0, PageClass.of(standing), length, standing);
        used[0] += length;
        entries.put(key, entry);
        keys.put(entry, key);
    }

    private void makeRoom(int tier, int length) {
        while (used[tier] + length > capacities[tier]) {
            int victim = policy.victim(tier, length);
            long key = Objects.requireNonNull(keys.get(victim));
            int standing = queues.standing(victim);
            if (tier == capacities.length - 1) {
                events.add(new Event(Step.EVICTED, key, standing));
                remove(key);
                policy.evicted(KeyStream.hash(key), standing);
            } else {
                events.add(new Event(Step.DEMOTED, key, standing));
                makeRoom(tier + 1, queues.length(victim));
                used[tier] -= queues.length(victim);
                queues.move(victim, tier + 1, Standing.withCredit(standing, 0));
                used[tier + 1] += queues.length(victim);
            }
        }
    }

    @Override
    public void flush(long key) {
        remove(key);
    }

    @Override
    public List<Event> events() {
        List<Event> since = List.copyOf(events);
        events.clear();
        return since;
    }
}
