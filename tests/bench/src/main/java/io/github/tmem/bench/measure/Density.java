package io.github.tmem.bench.measure;

import io.github.tmem.api.config.Size;
import io.github.tmem.api.config.TierConfig;
import io.github.tmem.bench.peer.EncodedSet;
import io.github.tmem.bench.peer.ZramDevice;
import io.github.tmem.bench.report.Budget;
import io.github.tmem.bench.report.Results;
import io.github.tmem.bench.timing.Spread;
import io.github.tmem.bench.work.BenchStore;
import io.github.tmem.bench.work.Keys;
import io.github.tmem.bench.work.PageSet;
import java.util.List;
import java.util.Optional;

/**
 * Page bytes by the memory that holds them, everything counted: the slabs of a tier that is just large enough, to a quarter
 * of one per cent, and the directory.
 */
record Density(Keys keys, PageSet set) {
    private static final int PERCENT_MAX = 200;

    /** Capacities are tried in steps of one per cent first, and then in steps of so small a part of it. */
    private static final int PARTS = 4;

    /** The set whose density is compared with that of others. */
    static final String SET = "fs";

    /** Adds the density of each tier, and what it is to that of the device. */
    void measure(Optional<ZramDevice> zram, Results results) {
        long raw = (long) keys.count() * PageSet.PAGE_SIZE;
        for (String tier : List.of("heap", "offheap")) {
            String of = set.name() + ", " + tier;
            long used = bytesUsed(tier);
            results.add(Budget.DENSITY, of, Spread.exactly((double) raw / used));
            zram.ifPresent(device ->
                    results.add(Budget.DENSITY_VS_ZRAM, of, Spread.exactly((double) device.bytesUsed() / used)));
        }
        zram.ifPresent(device -> results.remark(
                "density: zram holds " + raw + " page bytes in " + device.bytesUsed() + " bytes, its table included"));
    }

    private long bytesUsed(String tier) {
        long part = EncodedSet.of(set).bytesOf(keys.count()) / (100 * PARTS);
        int enough = 101 * PARTS;
        while (bytesUsed(tier, part * enough) == 0) {
            enough += PARTS;
            if (enough > PERCENT_MAX * PARTS) {
                throw new IllegalStateException(tier + " does not hold the pages in twice their encoded size");
            }
        }
        long used = 0;
        for (int parts = enough - PARTS + 1; used == 0; parts++) {
            used = bytesUsed(tier, part * parts);
        }
        return used;
    }

    /** The bytes a tier of this capacity uses together with the directory; 0 if it does not hold all pages. */
    private long bytesUsed(String tier, long capacity) {
        TierConfig only = TierConfig.of(tier, Size.ofBytes(capacity)).withWatermarks(100, 100);
        try (BenchStore store = BenchStore.open(PageSet.PAGE_SIZE, 128L * keys.count(), only)) {
            boolean all = store.offer(keys, set) == keys.count() && store.pool().pageCount() == keys.count();
            return all ? store.bytesUsed() : 0;
        }
    }
}
