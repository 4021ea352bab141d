package io.github.tmem.tiering.policy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The pages of a reference cache: in each tier a queue of newcomers and one of proven pages. */
final class PlainTiers {
    /** A page that is held. */
    static final class Page {
        final long key;
        final int length;
        boolean proven;
        int credit;
        private int tier;

        Page(long key, int length) {
            this.key = key;
            this.length = length;
        }

        /** In the words of the real policies. */
        int standing() {
            return proven ? Standing.proven(credit) : Standing.withCredit(Standing.NEWCOMER, credit);
        }
    }

    /** A queue, the oldest page first. */
    static final class Fifo {
        private final LinkedHashSet<Page> pages = new LinkedHashSet<>();
        private long bytes;

        boolean isEmpty() {
            return pages.isEmpty();
        }

        long bytes() {
            return bytes;
        }

        Page oldest() {
            return pages.iterator().next();
        }

        /** Of the next 16 in line the first with so little credit that is as long or up to an eighth longer, or the oldest. */
        Page oldestAbout(int length, int creditMax) {
            Iterator<Page> line = pages.iterator();
            for (int i = 0; i < 16 && line.hasNext(); i++) {
                Page page = line.next();
                if (page.credit <= creditMax && page.length >= length && page.length - length <= length / 8) {
                    return page;
                }
            }
            return oldest();
        }

        private void add(Page page) {
            pages.add(page);
            bytes += page.length;
        }

        private void remove(Page page) {
            pages.remove(page);
            bytes -= page.length;
        }
    }

    private static final class Tier {
        private final long capacity;
        private final Fifo newcomers = new Fifo();
        private final Fifo proven = new Fifo();

        Tier(long capacity) {
            this.capacity = capacity;
        }

        Fifo queueOf(Page page) {
            return page.proven ? proven : newcomers;
        }
    }

    private final List<Tier> tiers = new ArrayList<>();
    private final Map<Long, Page> pages = new HashMap<>();

    PlainTiers(long... capacities) {
        for (long capacity : capacities) {
            tiers.add(new Tier(capacity));
        }
    }

    @Nullable
    Page find(long key) {
        return pages.get(key);
    }

    boolean isLast(int tier) {
        return tier == tiers.size() - 1;
    }

    boolean fits(int tier, int length) {
        Tier in = tiers.get(tier);
        return in.newcomers.bytes + in.proven.bytes + length <= in.capacity;
    }

    Fifo newcomers(int tier) {
        return tiers.get(tier).newcomers;
    }

    Fifo proven(int tier) {
        return tiers.get(tier).proven;
    }

    /** A page enters a tier, youngest of its queue. */
    void enter(int tier, Page page) {
        page.tier = tier;
        tiers.get(tier).queueOf(page).add(page);
        pages.put(page.key, page);
    }

    /** A page leaves its queue. */
    void leave(Page page) {
        tiers.get(page.tier).queueOf(page).remove(page);
        pages.remove(page.key);
    }

    /** A page is given a new place at the young end, and this standing. */
    void spare(Page page, boolean proven, int credit) {
        leave(page);
        page.proven = proven;
        page.credit = credit;
        enter(page.tier, page);
    }

    /** A page sinks one tier; what it was given for its hits stays behind. */
    void sink(Page page) {
        leave(page);
        page.credit = 0;
        enter(page.tier + 1, page);
    }

    /** The number of pages in all tiers. */
    int count() {
        return pages.size();
    }

    /** The mean length of all pages. */
    double mean() {
        long bytes = 0;
        for (Tier tier : tiers) {
            bytes += tier.newcomers.bytes + tier.proven.bytes;
        }
        return bytes / (double) count();
    }
}
