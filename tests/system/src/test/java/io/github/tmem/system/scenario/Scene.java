package io.github.tmem.system.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.GetMode;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PageKind;
import io.github.tmem.api.PagePool;
import io.github.tmem.api.PageStore;
import io.github.tmem.api.PutResult;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.api.config.TierConfig;
import io.github.tmem.api.live.TierChain;
import io.github.tmem.api.stats.TierStats;
import io.github.tmem.kit.Aside;
import io.github.tmem.kit.Delivery;
import io.github.tmem.kit.Gate;
import io.github.tmem.kit.PageKey;
import io.github.tmem.kit.Pages;
import io.github.tmem.kit.Race;
import io.github.tmem.kit.Shape;
import io.github.tmem.kit.StoreExtension;
import io.github.tmem.kit.backend.Fault;
import io.github.tmem.kit.backend.KeyedTestBackend;
import io.github.tmem.kit.provider.TestBackends;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * A store over a chain of one shape, and everything a scenario does to it. See the package for how to use it. The verbs
 * that name no pool are about the pages of object {@link #FILE} in the scene's own pool. Copies are told by object and
 * index, so pools that share a scene should not share objects. Verbs may be called by any thread; the scene itself is set
 * up and closed by one.
 */
final class Scene implements AutoCloseable {
    /** Bytes in a page. */
    static final int PAGE = 64 << 10;

    /** The object of the verbs that name none. */
    static final ObjectId FILE = ObjectId.of(1);

    private final ChainShape shape;
    private final SceneSettings settings;
    private final List<String> names = new ArrayList<>();
    private final Gate gate = new Gate();
    private final List<SceneTier> tiers = new ArrayList<>();
    private final List<TestBackends.Registration> registrations = new ArrayList<>();
    private final List<PagePool> pools = new ArrayList<>();
    private final List<CompletableFuture<?>> tasks = new ArrayList<>();
    private final PageStore store;
    private final PagePool pool;
    private final Fillers fillers;
    private boolean storeClosed;

    private Scene(SceneSettings settings) {
        shape = settings.shape();
        PageStore.Builder builder = PageStore.builder();
        this.settings = settings;
        for (int i = 0; i <= shape.last(); i++) {
            builder.tier(settings.configure(i, tier(i, shape.tiers().get(i))));
        }
        store = builder.open();
        names.addAll(chain().tiers());
        pool = open(settings.kind(), settings.mode());
        fillers = new Fillers(this, settings.moving());
    }

    private TierConfig tier(int number, TierSort sort) {
        TestBackends.Registration registration = TestBackends.register("wrapped", config -> {
            tiers.add(new SceneTier(number, sort, config, gate, settings));
            return tiers.getLast().backend();
        });
        registrations.add(registration);
        return registration.tier(SceneTier.capacity(sort, settings.pages(number)));
    }

    /** A scene in which pages move only when a put needs room, and none up. */
    static Scene of(ChainShape shape, PageKind kind, GetMode mode) {
        return new Scene(SceneSettings.of(shape, kind, mode));
    }

    /** A scene in which {@link #demote} works for every page that has a tier below it. */
    static Scene moving(ChainShape shape, PageKind kind, GetMode mode) {
        return new Scene(
                SceneSettings.of(shape, kind, mode).moving(kind == PageKind.EPHEMERAL && shape.movesIntoSlow()));
    }

    /** A scene as {@code change} makes it of that of {@link #of}. */
    static Scene with(ChainShape shape, PageKind kind, GetMode mode, UnaryOperator<SceneSettings> change) {
        return new Scene(change.apply(SceneSettings.of(shape, kind, mode)));
    }

    /** Opens a further pool with pages of {@link #PAGE} bytes, which the scene closes. */
    PagePool open(PageKind kind, GetMode mode) {
        return open(SceneSettings.pool("pool" + pools.size(), kind, mode));
    }

    /** Opens a further pool, which the scene closes. */
    PagePool open(PoolConfig config) {
        PagePool opened = store.pool(config);
        pools.add(opened);
        return opened;
    }

    PageStore store() {
        return store;
    }

    /** The scene's own pool. */
    PagePool pool() {
        return pool;
    }

    ChainShape shape() {
        return shape;
    }

    int lastTier() {
        return shape.last();
    }

    SceneTier tier(int number) {
        return tiers.get(number);
    }

    /** The medium of a remote tier, for its link and its contents. */
    KeyedTestBackend remote(int number) {
        return tier(number).remote();
    }

    /** What a tier says of itself, wherever it stands in the chain by now. */
    TierStats stats(int tier) {
        return store.stats().tiers().stream()
                .filter(stats -> stats.tier().equals(names.get(tier)))
                .findFirst()
                .orElseThrow();
    }

    /** The sum of a count over all tiers. */
    long sum(ToLongFunction<TierStats> count) {
        return store.stats().tiers().stream().mapToLong(count).sum();
    }

    /** The tiers, to be changed. */
    TierChain chain() {
        return store.chain(PoolConfig.CHAIN_DEFAULT);
    }

    /** The name of a tier. */
    String name(int tier) {
        return names.get(tier);
    }

    /** Attaches a tier of the size of the last one, behind the last one; returns its number in the scene. */
    int attach(TierSort sort) {
        int number = tiers.size();
        names.add(chain().attach(
                        settings.configure(number, tier(number, sort)),
                        chain().tiers().size()));
        return number;
    }

    /**
     * Where every call of every tier can be stopped. The points are the tier's number, a dot, and {@code put}, {@code
     * put-done}, {@code get}, {@code get-done}, {@code flush} or {@code flush-done}.
     */
    Gate gate() {
        return gate;
    }

    // ---- pages

    static PageKey key(long index) {
        return new PageKey(FILE, index);
    }

    static byte[] page(PageKey key, long version) {
        return Pages.make(key, version, Shape.INCOMPRESSIBLE, PAGE);
    }

    static PutResult put(PagePool pool, PageKey key, long version) {
        return pool.put(key.object(), key.index(), page(key, version));
    }

    PutResult put(long index, long version) {
        return put(pool, key(index), version);
    }

    /** The version a get delivers, or 0 on a miss. */
    long get(long index) {
        return Delivery.get(pool, key(index));
    }

    boolean contains(long index) {
        return pool.contains(FILE, index);
    }

    boolean flush(long index) {
        return pool.flush(FILE, index);
    }

    long flushObject() {
        return pool.flushObject(FILE);
    }

    /** The pages of the scene's own pool. */
    long count() {
        return pool.pageCount();
    }

    /** Puts a page into the tier {@code number}, because the tiers above decline it. */
    void putInto(int number, long index, long version) {
        putInto(number, pool, key(index), version);
    }

    /** As {@link #putInto(int, long, long)}, of any pool. */
    void putInto(int number, PagePool into, PageKey key, long version) {
        List<SceneTier> above = tiers.subList(0, number);
        above.forEach(tier -> tier.door().declineMine());
        PutResult result = put(into, key, version);
        above.forEach(tier -> tier.door().declineNobody());
        assertThat(result.stored()).as("put of %s into tier %d", key, number).isTrue();
    }

    // ---- copies

    /** The versions of a page of which a tier has copies. Dead copies whose free is owed count until {@link #settle}. */
    List<Long> versions(int tier, long index) {
        return tier(tier).versions(key(index));
    }

    /** The versions of a page of which there are copies anywhere. */
    List<Long> versions(long index) {
        return tiers.stream()
                .flatMap(tier -> tier.versions(key(index)).stream())
                .toList();
    }

    /** The number of the only tier that has a copy of the page. */
    int tierOf(long index) {
        List<Integer> holders = IntStream.rangeClosed(0, lastTier())
                .filter(tier -> !versions(tier, index).isEmpty())
                .boxed()
                .toList();
        assertThat(holders).as("tiers with a copy of page %d", index).hasSize(1);
        return holders.getFirst();
    }

    /** The number of copies in a tier, dead ones included whose free is owed. */
    int copies(int tier) {
        return tier(tier).copies();
    }

    /** The number of copies in all tiers. */
    int copies() {
        return tiers.stream().mapToInt(SceneTier::copies).sum();
    }

    /** Fills a tier up with pages of the scene's pool that are about nothing else. */
    void fill(int tier) {
        fillers.fill(tier);
    }

    /** Fills all tiers up. */
    void fillAll() {
        for (int tier = lastTier(); tier >= 0; tier--) {
            fill(tier);
        }
    }

    /** Forgets the pages that {@link #fill} and {@link #demoteUntil} put, and settles. */
    void flushFillers() {
        fillers.flush();
        settle();
    }

    /** Moves a page from its tier into the one below, by putting others into its tier until it has to go; settles. */
    void demote(long index) {
        fillers.demote(index);
    }

    /**
     * Begins to move a page into the tier below and stops the move at {@code step} of the tier it leaves ({@code get},
     * {@code get-done}, {@code flush}, {@code flush-done}) or of the tier it comes to ({@code put}, {@code put-done}).
     * Nobody else is stopped. Then open the gate at {@link #pointOf}, and {@link #join} the result.
     */
    CompletableFuture<Boolean> demoteUntil(String step, long index) {
        return fillers.demoteUntil(step, index);
    }

    /** The point of {@link #gate} at which a move out of {@code from} comes by at {@code step}. */
    static String pointOf(String step, int from) {
        return (step.startsWith("put") ? from + 1 : from) + "." + step;
    }

    // ---- faults

    /** From now on every call that {@code fault} can hit meets it, in all tiers; {@link #heal} ends it. */
    void everywhere(Fault fault) {
        tiers.forEach(tier -> tier.faults().rate(fault, 1000));
    }

    /** From now on a tier does not answer: a remote one because its link is down. {@link #heal} ends it. */
    void cutOff(int tier) {
        tier(tier).cutOff();
    }

    /** Ends all faults and brings all links up. */
    void heal() {
        tiers.forEach(SceneTier::heal);
    }

    // ---- threads

    /** Starts a task on a thread of its own. */
    <T> CompletableFuture<T> start(Supplier<T> task) {
        CompletableFuture<T> started = Aside.start(task);
        tasks.add(started);
        return started;
    }

    /** What a task returned. */
    <T> T join(CompletableFuture<T> task) {
        return Aside.join(task);
    }

    /**
     * Waits until the background has ended what it was about and every dead copy is gone, and verifies. No operation may be
     * under way, no tier out of reach, and nothing stopped.
     */
    void settle() {
        verify();
        awaitFrees();
    }

    /** Waits until every dead copy is gone. */
    void awaitFrees() {
        Race.until(() -> store.stats().tiers().stream().allMatch(tier -> tier.freesOwed() == 0));
    }

    // ---- the end

    /** Walks the store and compares it with its tiers; checks that all counts add up. No operation may be under way. */
    void verify() {
        StoreExtension.verify(store);
    }

    /** Closes the store with all that is in it. The scene's own end then only looks at native memory. */
    void closeStore() {
        storeClosed = true;
        store.close();
    }

    /**
     * Ends faults and tasks, verifies, destroys all pools, and checks that nothing is left in any tier. That native memory
     * is given back is checked after every test of this module.
     */
    @Override
    public void close() {
        heal();
        try {
            gate.close();
            tasks.stream().filter(task -> !task.isDone()).forEach(Aside::join);
            if (!storeClosed) {
                examine();
            }
        } finally {
            store.close();
            registrations.forEach(TestBackends.Registration::close);
        }
    }

    private void examine() {
        verify();
        pools.forEach(PagePool::close);
        verify();
        assertThat(store.stats().tiers())
                .as("tiers without pools")
                .allMatch(tier -> tier.freesOwed() == 0 && tier.usedBytes() == 0);
        assertThat(copies()).as("copies left").isZero();
    }
}
