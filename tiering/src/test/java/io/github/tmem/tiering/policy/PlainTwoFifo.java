package io.github.tmem.tiering.policy;

import io.github.tmem.tiering.policy.PlainTiers.Fifo;
import io.github.tmem.tiering.policy.PlainTiers.Page;
import java.util.ArrayList;
import java.util.List;

/**
 * The policy for exclusive gets, written for reading. The target {@code p} of the newcomers is a part of what a tier
 * holds, so that one target serves all tiers; one mean page is the part {@code 1 / pages} of all.
 */
final class PlainTwoFifo implements TestCache {
    private static final int EVICTED = 0;
    private static final int EVICTED_PROTECTED = 1;
    private static final int GIVEN_BACK = 2;
    private static final int GIVEN_BACK_PROTECTED = 3;

    private final PlainTiers tiers;
    private final Ghosts ghosts;
    private final List<Event> events = new ArrayList<>();
    private double p = 0.10;
    private int n1 = 1;
    private int n2 = 1;

    PlainTwoFifo(Ghosts ghosts, long... capacities) {
        this.ghosts = ghosts;
        this.tiers = new PlainTiers(capacities);
    }

    @Override
    public boolean get(long key) {
        Page page = tiers.find(key);
        if (page == null) {
            miss(KeyStream.hash(key));
            return false;
        }
        tiers.leave(page);
        remember(KeyStream.hash(key), page.proven ? GIVEN_BACK_PROTECTED : GIVEN_BACK);
        return true;
    }

    private void miss(long hash) {
        int ghost = ghosts.take(hash);
        double step = 1.0 / Math.max(1, tiers.count());
        if (ghost == EVICTED) {
            p = Math.min(0.75, p + step * Math.max(1.0, n2 / (double) n1));
        }
        if (ghost == EVICTED_PROTECTED) {
            p = Math.max(0.01, p - step * Math.max(1.0, n1 / (double) n2));
        }
        if (ghost != GhostTable.ABSENT) {
            remember(hash, ghost == GIVEN_BACK_PROTECTED ? GIVEN_BACK_PROTECTED : GIVEN_BACK);
        }
    }

    private void remember(long hash, int ghost) {
        ghosts.holdAtLeast(2 * tiers.count());
        ghosts.add(hash, ghost);
    }

    @Override
    public void put(long key, int length) {
        if (tiers.find(key) != null) {
            return;
        }
        Page page = new Page(key, length);
        int ghost = ghosts.take(KeyStream.hash(key));
        page.proven = ghost != GhostTable.ABSENT;
        if (ghost == GIVEN_BACK_PROTECTED) {
            page.credit = 3;
        } else if (page.proven && (tiers.count() == 0 || length <= tiers.mean() / 2)) {
            page.credit = 1;
        }
        events.add(new Event(Step.ADMITTED, key, page.standing()));
        makeRoom(0, length);
        tiers.enter(0, page);
    }

    private void makeRoom(int tier, int length) {
        while (!tiers.fits(tier, length)) {
            Page victim = victim(tier, length);
            if (tiers.isLast(tier)) {
                events.add(new Event(Step.EVICTED, victim.key, victim.standing()));
                evict(victim);
            } else {
                events.add(new Event(Step.DEMOTED, victim.key, victim.standing()));
                makeRoom(tier + 1, victim.length);
                tiers.sink(victim);
            }
        }
    }

    private void evict(Page page) {
        tiers.leave(page);
        remember(KeyStream.hash(page.key), page.proven ? EVICTED_PROTECTED : EVICTED);
        n1 += page.proven ? 0 : 1;
        n2 += page.proven ? 1 : 0;
        if (n1 + n2 > tiers.count()) {
            n1 = Math.max(1, n1 / 2);
            n2 = Math.max(1, n2 / 2);
        }
    }

    private Page victim(int tier, int length) {
        Fifo newcomers = tiers.newcomers(tier);
        Fifo proven = tiers.proven(tier);
        Page page = null;
        for (int passes = 0; passes < 64; passes++) {
            boolean tooMany = newcomers.bytes() > p * (newcomers.bytes() + proven.bytes());
            if (proven.isEmpty() || (!newcomers.isEmpty() && tooMany)) {
                page = newcomers.oldest();
                boolean firstRound = page.credit == 0;
                if (!firstRound || page.length > tiers.mean() / 4) {
                    return newcomers.oldestAbout(length, 3);
                }
                tiers.spare(page, false, 1);
            } else {
                page = proven.oldest();
                if (page.credit == 0) {
                    return proven.oldestAbout(length, 0);
                }
                int price = page.length > 1.5 * tiers.mean() ? 2 : 1;
                tiers.spare(page, true, Math.max(0, page.credit - price));
            }
        }
        if (page == null) {
            throw new AssertionError("no page in tier " + tier);
        }
        return page;
    }

    @Override
    public void flush(long key) {
        Page page = tiers.find(key);
        if (page != null) {
            tiers.leave(page);
        }
    }

    @Override
    public List<Event> events() {
        List<Event> since = List.copyOf(events);
        events.clear();
        return since;
    }
}
