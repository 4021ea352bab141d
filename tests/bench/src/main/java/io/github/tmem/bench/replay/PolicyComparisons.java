package io.github.tmem.bench.replay;

import io.github.tmem.api.GetMode;
import io.github.tmem.api.config.StoreConfig;
import io.github.tmem.bench.trace.Amount;
import io.github.tmem.bench.trace.Trace;
import io.github.tmem.node.console.Progress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The comparisons of one sort of gets: every trace at every size.
 *
 * @param mode the sort of gets
 * @param guest the size of the guest's cache; null with inclusive gets, which have none
 * @param all the comparisons, at least one
 */
record PolicyComparisons(GetMode mode, @Nullable Amount guest, List<PolicyComparison> all) {
    private static final List<String> INCLUSIVE_SIZES = List.of("1%", "5%", "10%", "30%");
    private static final List<String> EXCLUSIVE_SIZES = List.of("5%", "10%", "20%", "40%");

    PolicyComparisons {
        all = List.copyOf(all);
    }

    /** The sizes compared unless the user says otherwise: exclusive stores stand behind a guest, and so are larger. */
    static List<String> usualSizes(GetMode mode) {
        return mode == GetMode.INCLUSIVE ? INCLUSIVE_SIZES : EXCLUSIVE_SIZES;
    }

    /** Comparisons to make of all {@code traces} at all {@code sizes}. */
    static PolicyComparisons of(
            List<Trace> traces, List<Amount> sizes, @Nullable Amount guest, Map<TierShares, Stores> chains) {
        List<PolicyComparison> all = new ArrayList<>();
        for (Trace trace : traces) {
            Course course = guest == null
                    ? Course.direct(trace)
                    : Course.behindGuest(trace, guest.pagesOf(trace, ReplayCommand.GUEST));
            for (Amount size : sizes) {
                Map<String, StoreConfig> sized = new LinkedHashMap<>();
                chains.forEach((shares, stores) -> sized.put(shares.typed(), stores.holding(size, trace)));
                all.add(new PolicyComparison(course, size, size.pagesOf(trace, ReplayCommand.CAPACITY), sized));
            }
        }
        return new PolicyComparisons(guest == null ? GetMode.INCLUSIVE : GetMode.EXCLUSIVE, guest, all);
    }

    /** The accesses of all runs. */
    long accesses() {
        return all.stream()
                .mapToLong(one -> (long) one.runs() * one.course().trace().length())
                .sum();
    }

    /** Makes all runs. */
    List<Standings> run(Progress progress) {
        List<Standings> standings = new ArrayList<>();
        String phase = "";
        for (PolicyComparison one : all) {
            String next = mode.word() + " " + one.course().trace().name();
            if (!next.equals(phase)) {
                progress.phase(next);
                phase = next;
            }
            standings.add(one.run(progress));
        }
        return standings;
    }

    /** What is compared, in words. */
    String title() {
        return mode.word() + " gets" + (guest == null ? "" : ", behind a guest's page cache of " + guest.typed());
    }
}
