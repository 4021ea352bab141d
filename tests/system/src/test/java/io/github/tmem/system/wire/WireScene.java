package io.github.tmem.system.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.GetMode;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PageKind;
import io.github.tmem.api.PagePool;
import io.github.tmem.api.PageStore;
import io.github.tmem.api.config.FullAction;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.api.config.Promotion;
import io.github.tmem.api.config.Size;
import io.github.tmem.api.config.TierConfig;
import io.github.tmem.api.live.TierChain;
import io.github.tmem.api.stats.TierStats;
import io.github.tmem.kit.Aside;
import io.github.tmem.kit.Gate;
import io.github.tmem.kit.PageKey;
import io.github.tmem.kit.Pages;
import io.github.tmem.kit.Shape;
import io.github.tmem.kit.StoreExtension;
import io.github.tmem.kit.process.PeerProcess;
import io.github.tmem.kit.process.WireProxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * A store with one pool over a peer, or over memory and a peer below it, and a proxy on the wire. The points of its gate are
 * those of {@link WirePoints}. Ephemeral pages go down at once, by the background; persistent ones when a put needs their
 * room. Verbs may be called by any thread; the scene is set up and closed by one, and leaves nothing in the peer.
 */
final class WireScene extends WirePages implements AutoCloseable {
    private static final ObjectId FILLERS = ObjectId.of(1000);
    private static final int FILLERS_MAX = 30;
    private static final String HEAP = "heap";

    private static final int PAGE = 64 << 10;

    /** Six pages: a slab of a tier this small holds a quarter of one, and two slabs hold the heads. */
    private static final long HEAP_BYTES = (4 * 6 + 2) * 16_448;

    private final PeerProcess peer;
    private final WirePoints points = new WirePoints();
    private final WireProxy proxy;
    private final PageKind kind;
    private final PageStore store;
    private final PagePool pool;
    private final List<CompletableFuture<?>> tasks = new ArrayList<>();
    private long fillers;

    /** What a scene is made of. */
    record Settings(PageKind kind, GetMode mode, boolean memory, Promotion promote, String timeout) {
        /** The peer alone. */
        static Settings alone(PageKind kind, GetMode mode) {
            return new Settings(kind, mode, false, Promotion.NEVER, "10s");
        }

        /** Memory, and the peer below it. */
        static Settings below(PageKind kind, GetMode mode) {
            return new Settings(kind, mode, true, Promotion.NEVER, "10s");
        }

        /** With a tier that waits no longer for an answer than so. */
        Settings waiting(String most) {
            return new Settings(kind, mode, memory, promote, most);
        }

        /** With pages that move up at every hit. */
        Settings promoting() {
            return new Settings(kind, mode, memory, Promotion.ALWAYS, timeout);
        }
    }

    private WireScene(PeerProcess peer, Settings settings) {
        this.peer = peer;
        kind = settings.kind();
        proxy = WireProxy.to(peer.port(), points);
        PageStore.Builder builder = PageStore.builder();
        if (settings.memory()) {
            int mark = settings.promote() == Promotion.NEVER && kind == PageKind.EPHEMERAL ? 1 : 100;
            builder.tier(TierConfig.of(HEAP, Size.ofBytes(HEAP_BYTES))
                    .withWatermarks(mark, mark)
                    .withWhenFull(FullAction.DEMOTE, FullAction.DEMOTE));
        }
        store = builder.tier(TierConfig.of("remote", Size.parse("2MiB")) // so little that all pages are in one shard
                        .withCodec("none")
                        .withPromote(settings.promote())
                        .withSettings(
                                Map.of("uri", proxy.uri(), "timeout", settings.timeout(), "persistent", "accept-loss")))
                .open();
        PoolConfig config = kind == PageKind.EPHEMERAL ? PoolConfig.ephemeral("pool") : PoolConfig.persistent("pool");
        pool = store.pool(config.withGetMode(settings.mode()).withPageSize(PAGE));
    }

    static WireScene of(PeerProcess peer, Settings settings) {
        return new WireScene(peer, settings);
    }

    WireProxy proxy() {
        return proxy;
    }

    Gate gate() {
        return proxy.gate();
    }

    @Override
    PagePool pool() {
        return pool;
    }

    PageStore store() {
        return store;
    }

    // ---- pages

    /** Puts a page, and returns when it is in the peer and nowhere else. */
    void putDown(long index, long version) {
        assertThat(put(index, version).stored()).isTrue();
        moveDown(index, version);
    }

    /** Returns when a page that was put is in the peer and nowhere else. */
    void moveDown(long index, long version) {
        String copy = index + ":" + version;
        push(() -> copies().contains(copy));
        flushFillers();
        await(() -> store.stats().tiers().size() == 1 || pages(memory()) == 0);
    }

    /**
     * Puts a page and stops its way into the peer at a point of its {@code SET}. Then open the gate there and {@link #join}
     * the result.
     */
    CompletableFuture<Boolean> putDownUntil(String point, long index, long version) {
        gate().shut(point);
        AtomicBoolean arrived = new AtomicBoolean();
        CompletableFuture<Boolean> putting = start(() -> {
            assertThat(put(index, version).stored()).isTrue();
            push(arrived::get);
            return true;
        });
        gate().awaitArrival(point);
        arrived.set(true);
        flushFillers(); // there is room in memory for what the test puts
        return putting;
    }

    /** Puts a page into the peer, past the memory above it. */
    void putBelow(long index, long version) {
        TierChain chain = store.chain(PoolConfig.CHAIN_DEFAULT);
        chain.freeze(HEAP);
        assertThat(put(index, version).stored()).isTrue();
        chain.thaw(HEAP);
    }

    /** Puts others until something has happened, if persistent pages need that to go down. */
    private void push(BooleanSupplier happened) {
        boolean pushing = kind == PageKind.PERSISTENT && store.stats().tiers().size() > 1;
        for (int i = 0; pushing && !happened.getAsBoolean(); i++) {
            assertThat(i).as("others put").isLessThan(FILLERS_MAX);
            long filler = fillers++;
            pool.put(FILLERS, filler, Pages.make(new PageKey(FILLERS, filler), 1, Shape.INCOMPRESSIBLE, PAGE));
        }
        await(happened);
    }

    private void flushFillers() {
        pool.flushObject(FILLERS);
    }

    // ---- copies

    /** The copies that the peer has of pages of {@link #FILE}, as {@code "0:1"} for page 0 in version 1. */
    List<String> copies() {
        return points.copies(key -> peer.command("EXISTS", key).equals("1"));
    }

    /** The key in the peer of the copy that was last sent. */
    String keyOf(String copy) {
        String key = points.key(copy);
        assertThat(key).as("key of %s", copy).isNotNull();
        return key == null ? "" : key;
    }

    TierStats remote() {
        return store.stats().tiers().getLast();
    }

    TierStats memory() {
        return store.stats().tiers().getFirst();
    }

    static long pages(TierStats tier) {
        return tier.ephemeralPages() + tier.persistentPages();
    }

    // ---- threads

    /** Starts a task on a thread of its own. */
    <T> CompletableFuture<T> start(Supplier<T> task) {
        CompletableFuture<T> started = Aside.start(task);
        tasks.add(started);
        return started;
    }

    <T> T join(CompletableFuture<T> task) {
        return Aside.join(task);
    }

    /** Flushes what was put to push others, waits until all frees are paid, and verifies. No operation may be under way. */
    void settle() {
        flushFillers();
        awaitFrees();
        StoreExtension.verify(store);
    }

    private void awaitFrees() {
        await(() -> store.stats().tiers().stream().allMatch(tier -> tier.freesOwed() == 0));
    }

    /** Heals the wire, ends tasks, and checks that the counters add up and that nothing is left in the peer. */
    @Override
    public void close() {
        proxy.heal();
        try (proxy;
                store) {
            gate().close();
            tasks.stream().filter(task -> !task.isDone()).forEach(Aside::join);
            settle();
            pool.close();
            awaitFrees();
            StoreExtension.verify(store);
            await(() -> copies().isEmpty());
        }
    }
}
