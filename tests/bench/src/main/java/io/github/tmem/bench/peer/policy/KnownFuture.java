package io.github.tmem.bench.peer.policy;

import java.util.Arrays;
import org.agrona.collections.IntArrayList;

/**
 * When each page will be asked for and flushed. Gets and flushes together are numbered 0, 1, … in their order, which is
 * the time. Immutable.
 */
public final class KnownFuture {
    /** The time of what never happens. */
    static final int NEVER = -1;

    /** Where in {@link #times} those of each page begin, with one place more for the end. */
    private final int[] begins;

    /** For each page in turn the times of its gets, and the complements of those of its flushes. */
    private final int[] times;

    private KnownFuture(int[] begins, int[] times) {
        this.begins = begins;
        this.times = times;
    }

    /** A cache without pages that records what is asked of it. */
    public static final class Recorder implements PageCache {
        private final int pages;
        private final IntArrayList events = new IntArrayList();

        /** A recorder for pages from 0 to one below {@code pages}. */
        public Recorder(int pages) {
            this.pages = pages;
        }

        @Override
        public boolean get(int page) {
            events.addInt(page);
            return false;
        }

        @Override
        public void put(int page) {
            // only who asks counts
        }

        @Override
        public void flush(int page) {
            events.addInt(~page);
        }

        private int page(int time) {
            int event = events.getInt(time);
            return event < 0 ? ~event : event;
        }

        /** What was recorded. */
        public KnownFuture future() {
            int[] begins = new int[pages + 1];
            for (int time = 0; time < events.size(); time++) {
                begins[page(time) + 1]++;
            }
            for (int page = 0; page < pages; page++) {
                begins[page + 1] += begins[page];
            }
            int[] ends = Arrays.copyOf(begins, pages);
            int[] times = new int[events.size()];
            for (int time = 0; time < times.length; time++) {
                times[ends[page(time)]++] = events.getInt(time) < 0 ? ~time : time;
            }
            return new KnownFuture(begins, times);
        }
    }

    /** The pages there are: from 0 to one below this. */
    int pages() {
        return begins.length - 1;
    }

    /** The time of the get that follows on {@code past} events of a page; {@link #NEVER} if it is flushed first or not asked for. */
    int nextGet(int page, int past) {
        int place = begins[page] + past;
        return place == begins[page + 1] || times[place] < 0 ? NEVER : times[place];
    }
}
