package io.github.tmem.bench.peer.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.GetMode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BeladyTest {
    private static final int PAGES = 5;

    /** What is done with a page. */
    private enum Verb {
        GET,
        PUT,
        FLUSH
    }

    private record Call(Verb verb, int page) {}

    /** The most hits that calls can have: all choices are tried. A cache is a set of bits, one for each page. */
    private static final class AllChoices {
        private final GetMode mode;
        private final Call[] calls;
        private final int capacity;
        private final Map<Integer, Integer> known = new HashMap<>();

        AllChoices(GetMode mode, Call[] calls, int capacity) {
            this.mode = mode;
            this.calls = calls;
            this.capacity = capacity;
        }

        int mostHits(int from, int cache) {
            if (from == calls.length) {
                return 0;
            }
            Integer before = known.get((from << PAGES) | cache);
            if (before != null) {
                return before;
            }
            int most = most(from, cache);
            known.put((from << PAGES) | cache, most);
            return most;
        }

        private int most(int from, int cache) {
            int bit = 1 << calls[from].page();
            boolean there = (cache & bit) != 0;
            return switch (calls[from].verb()) {
                case GET -> (there ? 1 : 0) + mostHits(from + 1, mode == GetMode.EXCLUSIVE ? cache & ~bit : cache);
                case FLUSH -> mostHits(from + 1, cache & ~bit);
                case PUT -> there ? mostHits(from + 1, cache) : mostAfterPut(from, cache, bit);
            };
        }

        private int mostAfterPut(int from, int cache, int bit) {
            int most = mostHits(from + 1, cache);
            if (Integer.bitCount(cache) < capacity) {
                most = Math.max(most, mostHits(from + 1, cache | bit));
            }
            for (int victim = 1; victim < 1 << PAGES; victim <<= 1) {
                if ((cache & victim) != 0) {
                    most = Math.max(most, mostHits(from + 1, (cache & ~victim) | bit));
                }
            }
            return most;
        }
    }

    /** Pages are put once they were asked for or flushed: at once where a hit keeps them, else whenever the user is done. */
    private static Call[] randomCalls(GetMode mode, Random random) {
        List<Call> calls = new ArrayList<>();
        Set<Integer> own = new HashSet<>();
        int length = 5 + random.nextInt(20);
        while (calls.size() < length) {
            int page = random.nextInt(PAGES);
            if (own.remove(page)) {
                calls.add(new Call(Verb.PUT, page));
            } else {
                calls.add(new Call(random.nextInt(8) == 0 ? Verb.FLUSH : Verb.GET, page));
                if (mode == GetMode.INCLUSIVE) {
                    calls.add(new Call(Verb.PUT, page));
                } else {
                    own.add(page);
                }
            }
        }
        return calls.toArray(Call[]::new);
    }

    private static int hits(Call[] calls, PageCache cache) {
        int hits = 0;
        for (Call call : calls) {
            switch (call.verb()) {
                case GET -> hits += cache.get(call.page()) ? 1 : 0;
                case PUT -> cache.put(call.page());
                case FLUSH -> cache.flush(call.page());
            }
        }
        return hits;
    }

    private static int beladyHits(GetMode mode, Call[] calls, int capacity) {
        KnownFuture.Recorder recorder = new KnownFuture.Recorder(PAGES);
        hits(calls, recorder);
        return hits(calls, new Belady(mode, capacity, recorder.future()));
    }

    @ParameterizedTest
    @EnumSource
    void nobodyHasMoreHits(GetMode mode) {
        Random random = new Random(mode.ordinal());
        long all = 0;
        for (int i = 0; i < 2_000; i++) {
            Call[] calls = randomCalls(mode, random);
            int capacity = 1 + random.nextInt(PAGES - 1);
            int hits = beladyHits(mode, calls, capacity);
            all += hits;
            assertThat(hits)
                    .as("run %d, %d pages", i, capacity)
                    .isEqualTo(new AllChoices(mode, calls, capacity).mostHits(0, 0));
        }
        assertThat(all).isGreaterThan(2_000);
    }

    @Test
    void ofALoopItKeepsAllButWhatDoesNotFit() {
        Call[] calls = new Call[2 * 4 * 10];
        for (int i = 0; i < calls.length; i += 2) {
            calls[i] = new Call(Verb.GET, i / 2 % 4);
            calls[i + 1] = new Call(Verb.PUT, i / 2 % 4);
        }
        // three of four pages stay for good
        assertThat(beladyHits(GetMode.INCLUSIVE, calls, 3)).isEqualTo(3 * 9);
    }
}
