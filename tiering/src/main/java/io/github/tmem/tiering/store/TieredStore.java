package io.github.tmem.tiering.store;

import io.github.tmem.api.BlobPool;
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
    private final OpenPools pools = new OpenPools();
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
            OpenPool open = pools.find(settings);
            return (PagePool) (open == null ? open(settings) : open).join(settings, this);
        }
    }

    @Override
    public BlobPool blobs(String name) {
        PoolConfig declaration = declared.get(name);
        return blobs(declaration == null ? PoolConfig.ephemeral(name) : declaration);
    }

    @Override
    public BlobPool blobs(PoolConfig settings) {
        PoolConfig config = TieredBlobPool.checked(settings);
        synchronized (pools) {
            TieredBlobPool open = pools.findBlobs(config);
            if (open == null) {
                Chain chain = chainFor(config);
                open = new TieredBlobPool(config, chain, seeds.getAsLong(), this);
                pools.add(open);
            }
            return open;
        }
    }

    private PagePool pool(String name, PageKind kind, @Nullable GetMode mode) {
        synchronized (pools) {
            PoolConfig known = known(name);
            if (known == null) {
                PoolConfig fresh =
                        kind == PageKind.EPHEMERAL ? PoolConfig.ephemeral(name) : PoolConfig.persistent(name);
                return pool(mode == null ? fresh : fresh.withGetMode(mode));
            }
            if (known.kind() != kind || (mode != null && mode != known.getMode())) {
                throw new WrongKindException("pool " + name + " is " + OpenPool.describe(known) + ", not " + kind.word()
                        + (mode == null ? "" : " with " + mode.word() + " gets"));
            }
            return pool(known);
        }
    }

    /** The settings of the pool of this name: as it is open, else as it is declared. */
    private @Nullable PoolConfig known(String name) {
        PoolConfig declaration = declared.get(name);
        OpenPool open = pools.named(name);
        boolean byUuid = declaration != null && declaration.sharing() != null;
        return open == null || open.isShared() || byUuid ? declaration : open.config();
    }

    private OpenPool open(PoolConfig config) {
        OpenPool pool = new OpenPool(chainFor(config).open(config, seeds.getAsLong()));
        pools.add(pool);
        return pool;
    }

    /** The chain that a pool which is about to be opened names. */
    private Chain chainFor(PoolConfig config) {
        if (lifecycle.isClosed()) {
            throw new PoolClosedException("the store is closed");
        }
        Chain chain = chains.get(config.chain());
        if (chain == null) {
            throw new ConfigException("pool " + config.name() + " names chain \"" + config.chain()
                    + "\", which does not exist; allowed: " + String.join(", ", chains.keySet()));
        }
        return chain;
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

    /** Closes a handle, and destroys its pool if it was the last. A pool opened once that is decided is another. */
    void leave(TieredPool handle) {
        int ticket = lifecycle.enter();
        if (ticket == Lifecycle.CLOSED) {
            return; // the store's close has destroyed it
        }
        try {
            boolean last;
            synchronized (pools) {
                if (!handle.markClosed()) {
                    return;
                }
                last = handle.pool().leave(handle);
                if (last) {
                    pools.remove(handle.pool());
                    poolClosed = true;
                }
            }
            if (last) {
                destroy(handle.pool());
            } else {
                handle.takeLeave();
            }
        } finally {
            lifecycle.leave(ticket);
        }
    }

    /** Closes a pool of values. */
    void leave(TieredBlobPool pool) {
        int ticket = lifecycle.enter();
        if (ticket == Lifecycle.CLOSED) {
            return; // the store's close has destroyed it
        }
        try {
            synchronized (pools) {
                if (!pool.markClosed()) {
                    return;
                }
                pools.remove(pool);
                poolClosed = true;
            }
            pool.destroy();
        } finally {
            lifecycle.leave(ticket);
        }
    }

    private void destroy(OpenPool pool) {
        if (pool.ledger().markClosed()) {
            chainOf(pool.config().chain()).destroy(pool.ledger());
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
                pools.all()
                        .forEach(pool ->
                                poolStats.add(chainOf(pool.config().chain()).poolStats(pool.ledger())));
                pools.allBlobs().forEach(pool -> poolStats.add(pool.stats()));
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
            pools.all().forEach(OpenPool::closeHandles);
            pools.all().forEach(pool -> steps.add(() -> destroy(pool)));
            pools.allBlobs().forEach(TieredBlobPool::markClosed);
            pools.allBlobs().forEach(pool -> steps.add(pool::destroy));
            pools.clear();
        }
        chains.values().forEach(chain -> steps.add(chain::close));
        Chain.runAll(steps);
    }
}
