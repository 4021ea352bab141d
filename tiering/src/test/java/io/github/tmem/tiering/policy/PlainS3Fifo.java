package io.github.tmem.tiering.policy;

import io.github.tmem.tiering.policy.PlainTiers.Fifo;
import io.github.tmem.tiering.policy.PlainTiers.Page;
import java.util.ArrayList;
import java.util.List;

/**
 * S3-FIFO, written for reading: small queue of a tenth, two hits to leave it for the main queue, a counter up to 3 that
 * buys rounds there, ghosts of newcomers for four fifths of the pages.
 */
final class PlainS3Fifo implements TestCache {
    private final PlainTiers tiers;
    private final Ghosts ghosts;
    private final List<Event> events = new ArrayList<>();

    PlainS3Fifo(Ghosts ghosts, long... capacities) {
        this.ghosts = ghosts;
        this.tiers = new PlainTiers(capacities);
    }

    @Override
    public boolean get(long key) {
        Page page = tiers.find(key);
        if (page == null) {
            return false;
        }
        page.credit = Math.min(3, page.credit + 1);
        return true;
    }

    @Override
    public void put(long key, int length) {
        if (get(key)) {
            return; // a put of a page that is there is a use of it
        }
        Page page = new Page(key, length);
        page.proven = ghosts.take(KeyStream.hash(key)) != GhostTable.ABSENT;
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
        if (!page.proven) {
            ghosts.holdAtLeast(tiers.count() - tiers.count() / 5);
            ghosts.add(KeyStream.hash(page.key), 0);
        }
    }

    private Page victim(int tier, int length) {
        Fifo small = tiers.newcomers(tier);
        Fifo main = tiers.proven(tier);
        Page page = null;
        for (int passes = 0; passes < 64; passes++) {
            long tenth = (small.bytes() + main.bytes() + 9) / 10;
            if (main.isEmpty() || (!small.isEmpty() && small.bytes() >= tenth)) {
                page = small.oldest();
                if (page.credit < 2) {
                    return small.oldestAbout(length, 1);
                }
                tiers.spare(page, true, 0);
            } else {
                page = main.oldest();
                if (page.credit == 0) {
                    return main.oldestAbout(length, 0);
                }
                tiers.spare(page, true, page.credit - 1);
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
