package io.github.tmem.tiering.store;

import io.github.tmem.api.EphemeralPool;
import io.github.tmem.api.GetMode;
import io.github.tmem.api.PageKind;
import io.github.tmem.api.PagePool;
import io.github.tmem.api.PageStore;
import io.github.tmem.api.PersistentPool;
import io.github.tmem.api.PoolClosedException;
import io.github.tmem.api.WrongKindException;
import io.github.tmem.api.config.ConfigException;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.api.config.StoreConfig;
import io.github.tmem.api.live.TierChain;
import io.github.tmem.api.spi.BackendProvider;
import io.github.tmem.api.spi.Recorder;
import io.github.tmem.api.spi.SelfChecking;
import io.github.tmem.api.stats.DirectoryStats;
import io.github.tmem.api.stats.PoolStats;
import io.github.tmem.api.stats.StoreStats;
import io.github.tmem.api.stats.TierStats;
import io.github.tmem.tiering.chain.Chain;
import io.github.tmem.tiering.chain.ChainOpener;
import io.github.tmem.tiering.chain.Lifecycle;
import io.github.tmem.tiering.chain.Maintenance;
import io.github.tmem.tiering.directory.PoolLedger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The store: chains by name, pools by name, one background thread. Thread-safe. */
final class TieredStore implements PageStore, SelfChecking {
    private final Map<String, PoolConfig> declared = new HashMap<>();
    private final Map<String, Chain> chains = new TreeMap<>();
    private final Map<String, TieredPool> pools = new HashMap<>();
    private final Lifecycle lifecycle = new Lifecycle();
    private final InFlight inFlight = new InFlight();
    private final Maintenance maintenance = new Maintenance();
    private final LongSupplier seeds;
    private Recorder recorder = Recorder.disabled(); // guarded by pools
    private boolean poolClosed; // guarded by pools

    TieredStore(StoreConfig config, Map<String, BackendProvider> providers, LongSupplier seeds) {
        this.seeds = seeds;
        config.pools().forEach(pool -> declared.put(pool.name(), pool));
        ChainOpener opener = new ChainOpener(providers, maintenance, lifecycle);
        try {
            config.chains().forEach((name, tiers) -> chains.put(name, opener.open(name, tiers, config.directory())));
        } catch (RuntimeException | Error failure) {
            chains.values().forEach(Chain::close);
            throw failure;
        }
        maintenance.start();
    }

    @Override
    public EphemeralPool ephemeral(String name) {
        return (EphemeralPool) pool(name, PageKind.EPHEMERAL, null);
    }

    @Override
    public EphemeralPool ephemeral(String name, GetMode mode) {
        return (EphemeralPool) pool(name, PageKind.EPHEMERAL, mode);
    }

    @Override
    public PersistentPool persistent(String name) {
        return (PersistentPool) pool(name, PageKind.PERSISTENT, null);
    }

    @Override
    public PersistentPool persistent(String name, GetMode mode) {
        return (PersistentPool) pool(name, PageKind.PERSISTENT, mode);
    }

    @Override
    public PagePool pool(PoolConfig settings) {
        synchronized (pools) {
            TieredPool open = pools.get(settings.name());
            if (open == null) {
                return open(settings);
            }
            checkSame(open.config(), settings);
            return (PagePool) open;
        }
    }

    private PagePool pool(String name, PageKind kind, @Nullable GetMode mode) {
        synchronized (pools) {
            TieredPool open = pools.get(name);
            PoolConfig known = open == null ? declared.get(name) : open.config();
            if (known == null) {
                PoolConfig fresh =
                        kind == PageKind.EPHEMERAL ? PoolConfig.ephemeral(name) : PoolConfig.persistent(name);
                return open(mode == null ? fresh : fresh.withGetMode(mode));
            }
            if (known.kind() != kind || (mode != null && mode != known.getMode())) {
                throw new WrongKindException("pool " + name + " is " + describe(known) + ", not " + kind.word()
                        + (mode == null ? "" : " with " + mode.word() + " gets"));
            }
            return open == null ? open(known) : (PagePool) open;
        }
    }

    private static void checkSame(PoolConfig open, PoolConfig wanted) {
        if (!open.equals(wanted)) {
            throw new WrongKindException(
                    "pool " + open.name() + " is open as " + describe(open) + ", not as " + describe(wanted));
        }
    }

    private static String describe(PoolConfig config) {
        return config.kind().word() + " with " + config.getMode().word() + " gets, pages of " + config.pageSize()
                + " bytes, chain " + config.chain() + ", weight " + config.weight()
                + (config.quota() == null ? "" : ", quota " + config.quota());
    }

    private PagePool open(PoolConfig config) {
        if (lifecycle.isClosed()) {
            throw new PoolClosedException("the store is closed");
        }
        Chain chain = chains.get(config.chain());
        if (chain == null) {
            throw new ConfigException("pool " + config.name() + " names chain \"" + config.chain()
                    + "\", which does not exist; allowed: " + String.join(", ", chains.keySet()));
        }
        PoolLedger ledger = chain.open(config, seeds.getAsLong());
        if (config.kind() == PageKind.EPHEMERAL) {
            TieredEphemeralPool pool = new TieredEphemeralPool(ledger, this);
            pools.put(config.name(), pool);
            return pool;
        }
        TieredPersistentPool pool = new TieredPersistentPool(ledger, this);
        pools.put(config.name(), pool);
        return pool;
    }

    Chain chainOf(String name) {
        Chain chain = chains.get(name);
        assert chain != null : name;
        return chain;
    }

    InFlight inFlight() {
        return inFlight;
    }

    Lifecycle lifecycle() {
        return lifecycle;
    }

    /** Destroys a pool. Its name is free at once; a pool opened under it meanwhile is another. */
    void destroy(TieredPool pool) {
        int ticket = lifecycle.enter();
        if (ticket == Lifecycle.CLOSED) {
            return; // the store's close has destroyed it
        }
        try {
            synchronized (pools) {
                pools.remove(pool.name(), pool);
                poolClosed = true;
            }
            pool.destroy();
        } finally {
            lifecycle.leave(ticket);
        }
    }

    @Override
    public StoreStats stats() {
        int ticket = lifecycle.enter();
        if (ticket == Lifecycle.CLOSED) {
            throw new PoolClosedException("the store is closed");
        }
        try {
            List<TierStats> tiers = new ArrayList<>();
            List<DirectoryStats> directories = new ArrayList<>();
            for (Chain chain : chains.values()) {
                tiers.addAll(chain.tierStats());
                directories.add(chain.directoryStats());
            }
            List<PoolStats> poolStats = new ArrayList<>();
            synchronized (pools) {
                pools.values().forEach(pool -> poolStats.add(pool.counted()));
            }
            poolStats.sort(Comparator.comparing(PoolStats::name));
            return new StoreStats(tiers, poolStats, directories);
        } finally {
            lifecycle.leave(ticket);
        }
    }

    @Override
    public void record(Recorder newRecorder) {
        synchronized (pools) {
            boolean attach = !(newRecorder instanceof Recorder.Disabled);
            if (attach && !(recorder instanceof Recorder.Disabled) && !newRecorder.equals(recorder)) {
                throw new IllegalStateException("the store has a recorder; detach it first");
            }
            recorder = newRecorder;
            chains.values().forEach(chain -> chain.record(newRecorder));
        }
    }

    @Override
    public TierChain chain(String name) {
        Chain chain = chains.get(name);
        if (chain == null) {
            throw new ConfigException(
                    "there is no chain \"" + name + "\"; allowed: " + String.join(", ", chains.keySet()));
        }
        return chain.changes();
    }

    @Override
    public void verify() {
        chains.values().forEach(Chain::verify);
        paused(chains.values().iterator(), () -> {
            Balance balance = new Balance(stats());
            balance.check();
            if (!tiersCameOrWent()) {
                balance.checkFlows();
                if (!aPoolWasClosed()) {
                    balance.checkSums();
                }
            }
        });
    }

    @Override
    public int longestHold() {
        return chains.values().stream().mapToInt(Chain::longestHold).max().orElse(0);
    }

    /** Runs a task while the background of all these chains rests. */
    private static void paused(Iterator<Chain> chains, Runnable task) {
        if (chains.hasNext()) {
            chains.next().paused(() -> paused(chains, task));
        } else {
            task.run();
        }
    }

    private boolean tiersCameOrWent() {
        return chains.values().stream().anyMatch(chain -> chain.wereTiersMoved());
    }

    private boolean aPoolWasClosed() {
        synchronized (pools) {
            return poolClosed;
        }
    }

    @Override
    public void close() {
        if (!lifecycle.close()) {
            return;
        }
        List<Runnable> steps = new ArrayList<>();
        steps.add(maintenance::close);
        synchronized (pools) {
            pools.values().forEach(pool -> steps.add(pool::destroy));
            pools.clear();
        }
        chains.values().forEach(chain -> steps.add(chain::close));
        Chain.runAll(steps);
    }
}
