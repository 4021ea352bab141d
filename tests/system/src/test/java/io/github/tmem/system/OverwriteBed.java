package io.github.tmem.system;

import static io.github.tmem.kit.Aside.start;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.GetMode;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PagePool;
import io.github.tmem.api.PageStore;
import io.github.tmem.api.config.FullAction;
import io.github.tmem.api.config.TierConfig;
import io.github.tmem.api.spi.Backend;
import io.github.tmem.api.spi.SelfChecking;
import io.github.tmem.kit.Gate;
import io.github.tmem.kit.PageKey;
import io.github.tmem.kit.Pages;
import io.github.tmem.kit.StatsLaws;
import io.github.tmem.kit.backend.KeyedTestBackend;
import io.github.tmem.kit.backend.LocatedTestBackend;
import io.github.tmem.kit.provider.TestBackends;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** Pages of one pool in a chain whose puts can be stopped just before the backend stores the copy, or just after. */
final class OverwriteBed implements AutoCloseable {
    /** What the tiers are. */
    enum Medium {
        KEYED,
        LOCATED,
        HEAP;

        private Backend open(int pages, TierConfig tier) {
            long bytes = (long) pages * PAGE;
            return switch (this) {
                case KEYED -> KeyedTestBackend.local(bytes);
                case LOCATED -> new LocatedTestBackend(bytes);
                case HEAP -> TestBackends.installed("heap", tier);
            };
        }
    }

    /** The pages in a unit of a located tier. */
    static final int UNIT = LocatedTestBackend.UNIT_BYTES / Stage.PAGE;

    private static final ObjectId FILE = ObjectId.of(1);
    private static final int PAGE = Stage.PAGE;

    private final Gate gate = new Gate();
    private final Deque<TestBackends.Registration> registrations = new ArrayDeque<>();
    private final List<HookedBackend> tiers = new ArrayList<>();
    private final AtomicInteger puts = new AtomicInteger();
    private final PageStore store;
    private final PagePool pool;

    private OverwriteBed(
            Medium medium,
            UnaryOperator<TierConfig> change,
            Function<PageStore, PagePool> poolOf,
            String directory,
            int... pages) {
        PageStore.Builder builder = PageStore.builder().directory(directory);
        for (int i = 0; i < pages.length; i++) {
            int count = pages[i];
            int number = i;
            TestBackends.Registration registration = TestBackends.register("wrapped", tier -> {
                HookedBackend hooked = new HookedBackend(medium.open(count, tier));
                hooked.at("put", () -> {
                    puts.incrementAndGet();
                    gate.arrive(number + ".put");
                });
                hooked.at("put-done", () -> gate.arrive(number + ".put-done"));
                hooked.at("get-done", () -> gate.arrive(number + ".get-done"));
                tiers.add(hooked);
                return hooked.asBackend();
            });
            registrations.push(registration);
            builder.tier(change.apply(registration.tier((long) count * PAGE).withWatermarks(100, 100)));
        }
        store = builder.open();
        pool = poolOf.apply(store);
    }

    /** A persistent pool over one tier, whose gets keep the page. */
    static OverwriteBed persistent(Medium medium) {
        return persistent(medium, GetMode.INCLUSIVE);
    }

    /** A persistent pool over one tier. */
    static OverwriteBed persistent(Medium medium, GetMode mode) {
        return new OverwriteBed(medium, tier -> tier, store -> store.persistent("pool", mode), "5%", 64);
    }

    /** An ephemeral pool over one tier of so many pages. */
    static OverwriteBed ephemeral(Medium medium, GetMode mode, int pages) {
        return new OverwriteBed(medium, tier -> tier, store -> store.ephemeral("pool", mode), "5%", pages);
    }

    /** A persistent pool with a directory of 64 entries, the least there is, and with more room than that below it. */
    static OverwriteBed withLeastDirectory(Medium medium) {
        return new OverwriteBed(medium, tier -> tier, store -> store.persistent("pool", GetMode.INCLUSIVE), "1B", 256);
    }

    /** A persistent pool over a tier of one unit that demotes into one of two. */
    static OverwriteBed demoting(Medium medium) {
        return new OverwriteBed(
                medium,
                Stage.whenFull(FullAction.DEMOTE, FullAction.DEMOTE),
                store -> store.persistent("pool", GetMode.INCLUSIVE),
                "5%",
                UNIT,
                2 * UNIT);
    }

    /** The pool whose pages are overwritten. */
    PagePool pool() {
        return pool;
    }

    PageStore store() {
        return store;
    }

    /** Where puts and gets can be stopped: the tier's number, a dot, and {@code put}, {@code put-done} or {@code get-done}. */
    Gate gate() {
        return gate;
    }

    HookedBackend tier(int number) {
        return tiers.get(number);
    }

    /** How many copies the tiers were told to store, to be set. */
    AtomicInteger puts() {
        return puts;
    }

    boolean put(long index, long version) {
        return pool.put(FILE, index, Stage.page(FILE, index, version)).stored();
    }

    long get(long index) {
        byte[] buffer = new byte[PAGE];
        return pool.get(FILE, index, buffer) ? Pages.version(new PageKey(FILE, index), buffer) : 0;
    }

    /** Begins a put that stops at a point, once it has chosen its entry. */
    CompletableFuture<Boolean> putUntil(String point, long index, long version) {
        int arrived = gate.waiting(point);
        gate.shut(point);
        CompletableFuture<Boolean> putting = start(() -> put(index, version));
        gate.awaitArrivals(point, arrived + 1);
        return putting;
    }

    void verify() {
        ((SelfChecking) store).verify();
        StatsLaws.check(store.stats());
    }

    long copies() {
        return tiers.stream().mapToLong(tier -> tier.usage().copies()).sum();
    }

    @Override
    public void close() {
        gate.close();
        verify();
        pool.close();
        verify();
        long left = copies();
        store.close();
        registrations.forEach(TestBackends.Registration::close);
        assertThat(left).as("copies left behind").isZero();
    }
}
