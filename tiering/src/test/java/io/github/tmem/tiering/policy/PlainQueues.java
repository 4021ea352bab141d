package io.github.tmem.tiering.policy;

import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;

/** Queues made of sorted sets, for any number of tiers. */
final class PlainQueues implements Queues {
    private static final Comparator<Page> BY_ARRIVAL = Comparator.comparingLong(page -> page.arrival);

    private static final class Page {
        private final int entry;
        private final int length;
        private int tier;
        private PageClass pageClass;
        private int standing;
        private long arrival;

        Page(int entry, int tier, PageClass pageClass, int length, int standing) {
            this.entry = entry;
            this.tier = tier;
            this.pageClass = pageClass;
            this.length = length;
            this.standing = standing;
        }
    }

    private record Name(int tier, PageClass pageClass) {}

    private final Map<Integer, Page> pages = new HashMap<>();
    private final Map<Name, NavigableSet<Page>> queues = new HashMap<>();
    private final Map<Name, Long> bytes = new HashMap<>();
    private final Map<PageClass, Long> totalBytes = new EnumMap<>(PageClass.class);
    private final Map<PageClass, Integer> totalPages = new EnumMap<>(PageClass.class);
    private long arrivals;
    private int requeued;

    private Page page(int entry) {
        Page page = pages.get(entry);
        if (page == null) {
            throw new AssertionError("entry " + entry + " is queued nowhere");
        }
        return page;
    }

    private NavigableSet<Page> queue(int tier, PageClass pageClass) {
        return queues.computeIfAbsent(new Name(tier, pageClass), name -> new TreeSet<>(BY_ARRIVAL));
    }

    /** Adds a page as the youngest of its queue. */
    void add(int entry, int tier, PageClass pageClass, int length, int standing) {
        enter(new Page(entry, tier, pageClass, length, standing));
    }

    private void enter(Page page) {
        page.arrival = ++arrivals;
        pages.put(page.entry, page);
        queue(page.tier, page.pageClass).add(page);
        count(page, 1);
    }

    /** Removes a page, wherever it stands. */
    void remove(int entry) {
        Page page = page(entry);
        pages.remove(entry);
        queue(page.tier, page.pageClass).remove(page);
        count(page, -1);
    }

    private void count(Page page, int sign) {
        long length = (long) sign * page.length;
        bytes.merge(new Name(page.tier, page.pageClass), length, Long::sum);
        totalBytes.merge(page.pageClass, length, Long::sum);
        totalPages.merge(page.pageClass, sign, Integer::sum);
    }

    /** Gives a page another standing in its place; its class must be the same. */
    void standing(int entry, int standing) {
        page(entry).standing = standing;
    }

    /** Moves a page to the youngest place in another tier. */
    void move(int entry, int tier, int standing) {
        Page page = page(entry);
        remove(entry);
        page.tier = tier;
        page.standing = standing;
        enter(page);
    }

    int tier(int entry) {
        return page(entry).tier;
    }

    /** How often a policy has spared a page. */
    int requeued() {
        return requeued;
    }

    @Override
    public int oldest(int tier, PageClass pageClass) {
        NavigableSet<Page> queue = queue(tier, pageClass);
        return queue.isEmpty() ? NONE : queue.first().entry;
    }

    @Override
    public int younger(int entry) {
        Page page = page(entry);
        Page next = queue(page.tier, page.pageClass).higher(page);
        return next == null ? NONE : next.entry;
    }

    @Override
    public long bytes(int tier, PageClass pageClass) {
        return bytes.getOrDefault(new Name(tier, pageClass), 0L);
    }

    @Override
    public long totalBytes(PageClass pageClass) {
        return totalBytes.getOrDefault(pageClass, 0L);
    }

    @Override
    public int totalPages(PageClass pageClass) {
        return totalPages.getOrDefault(pageClass, 0);
    }

    @Override
    public int length(int entry) {
        return page(entry).length;
    }

    @Override
    public int standing(int entry) {
        return page(entry).standing;
    }

    @Override
    public void requeue(int entry, int standing) {
        Page page = page(entry);
        remove(entry);
        page.standing = standing;
        page.pageClass = PageClass.of(standing);
        enter(page);
        requeued++;
    }
}
