package io.github.tmem.api;

import io.github.tmem.api.config.ConfigException;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.api.config.RemoteConfig;
import io.github.tmem.api.config.Size;
import io.github.tmem.api.config.StoreConfig;
import io.github.tmem.api.config.TierConfig;
import io.github.tmem.api.live.TierChain;
import io.github.tmem.api.spi.Recorder;
import io.github.tmem.api.spi.RemoteStoreProvider;
import io.github.tmem.api.spi.StoreProvider;
import io.github.tmem.api.stats.StoreStats;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A store of pages over one or more chains of tiers.
 *
 * <p>A store starts one daemon thread, and virtual threads for {@linkplain AsyncPool asynchronous operations}. It touches
 * no network and no file unless a tier is configured that does, and gives back all memory on {@link #close()}. Thread-safe.
 */
public interface PageStore extends AutoCloseable {

    /** Opens a store with a chain that suits the machine: some heap, then some off-heap memory. */
    static PageStore open() {
        return open(StoreConfig.forThisMachine());
    }

    /**
     * Opens the store a YAML file describes.
     *
     * @throws ConfigException if the file cannot be read or is wrong, naming line, column and what is allowed
     */
    static PageStore open(Path file) {
        StoreProvider provider = StoreProvider.installed();
        return provider.open(provider.read(file));
    }

    /**
     * Opens the store that {@code config} describes.
     *
     * @throws ConfigException if a tier has no backend on the class path, or does not fit this machine
     */
    static PageStore open(StoreConfig config) {
        return StoreProvider.installed().open(config);
    }

    /**
     * Connects to the store of a node, {@code tmem://[user[:secret]@]host[:port]} or {@code tmems://} for TLS, with the
     * defaults for the rest.
     *
     * @throws ConfigException as {@link #connect(RemoteConfig)}
     */
    static PageStore connect(String address) {
        return connect(RemoteConfig.of(address));
    }

    /**
     * Connects to the store of a node, whose pools are shared with other programs by their UUIDs. The node's directory is the
     * only truth; nothing is kept here, and all laws hold between its clients as between threads.
     *
     * <p><b>No answer</b> is never taken for one. An operation that is not answered in time throws {@link
     * PageUnavailableException}, whatever it is and whatever the pool: it has taken place, or will, or never does; if it does,
     * then before any operation that is called afterwards. So a put or flush is certain when it, or a later one of the key,
     * returns. A page that an exclusive get of a persistent pool took, but did not deliver, is delivered by the next get of the
     * key here; if none comes within a third of the lease, it is in its pool again, for all, and so it is when the pool or the
     * store is closed here.
     *
     * <p><b>A node that was started anew</b>, or has not heard of this program for longer than the lease, has none of the pools
     * that were opened here. They are closed then: every use of them throws {@link PoolClosedException}, whose message says
     * so, and never misses. What is opened afterwards is new.
     *
     * <p>Pools that the node's configuration declares are opened by their names; others belong to this program, unless they
     * have a UUID. {@linkplain #blobs(String) Pools of values} belong to this program. {@link #chain}, {@link PagePool#transfer},
     * {@link PersistentPool#shrink} and {@link #record} throw {@link UnsupportedOperationException}: they are for the node's own
     * program.
     *
     * @throws ConfigException in one line, if the node cannot be reached, does not take the secret, or is none
     */
    static PageStore connect(RemoteConfig config) {
        return RemoteStoreProvider.installed().connect(config);
    }

    /** A configuration of one chain, in Java. */
    static Builder builder() {
        return new Builder();
    }

    /**
     * The ephemeral pool of this name: the one that is open, or else a new one with the settings the configuration gives
     * the name, or else with the defaults (4 KiB pages, exclusive gets, the chain {@code default}).
     *
     * @throws WrongKindException if the name belongs to a persistent pool
     * @throws UnauthorizedException if the name belongs to a shared pool that the configuration does not declare
     */
    EphemeralPool ephemeral(String name);

    /**
     * As {@link #ephemeral(String)} with a get mode.
     *
     * @throws WrongKindException if the name belongs to a pool of another kind or mode
     */
    EphemeralPool ephemeral(String name, GetMode mode);

    /**
     * The persistent pool of this name: the one that is open, or else a new one with the settings the configuration gives
     * the name, or else with the defaults (4 KiB pages, inclusive gets, the chain {@code default}).
     *
     * @throws WrongKindException if the name belongs to an ephemeral pool
     * @throws UnauthorizedException if the name belongs to a shared pool that the configuration does not declare
     */
    PersistentPool persistent(String name);

    /**
     * As {@link #persistent(String)} with a get mode.
     *
     * @throws WrongKindException if the name belongs to a pool of another kind or mode
     */
    PersistentPool persistent(String name, GetMode mode);

    /**
     * The pool of these settings: the one that is open, or else a new one. The result is an {@link EphemeralPool} or a
     * {@link PersistentPool}, as the settings say.
     *
     * <p>Settings with a {@linkplain PoolConfig#sharedAs UUID} give a new handle each time: of the pool that has this UUID,
     * or of a new one. Apart from their names, the settings of all who share a pool are the same.
     *
     * @throws WrongKindException if the name, or the UUID, belongs to a pool of other settings
     * @throws UnauthorizedException if the UUID belongs to a pool with another secret, or the name to a shared pool
     * @throws ConfigException if the settings name a chain that does not exist
     */
    PagePool pool(PoolConfig settings);

    /**
     * The pool of values of this name: the one that is open, or else a new one with the chain, weight and quota that the
     * configuration gives the name, or else with the defaults (no quota, the chain {@code default}).
     *
     * @throws WrongKindException if the name belongs to an open pool of pages
     * @throws ConfigException as {@link #blobs(PoolConfig)}, if the configuration declares the name as something else
     */
    BlobPool blobs(String name);

    /**
     * The pool of values of these settings: the one that is open, or else a new one. Name, chain, weight and quota count; its
     * weight is that of its ephemeral values, its quota one for both kinds. The kind is {@link PageKind#EPHEMERAL}, any get
     * mode will do, and the other settings are those of {@link PoolConfig#ephemeral}.
     *
     * @throws WrongKindException if the name belongs to an open pool of pages, or to one of values with other settings
     * @throws ConfigException if the settings are not for a pool of values, or name a chain that does not exist
     */
    BlobPool blobs(PoolConfig settings);

    /**
     * The tiers of a chain, to be changed while operations run.
     *
     * @throws ConfigException if there is no chain of this name, naming those there are
     */
    TierChain chain(String name);

    /**
     * What the store holds and has done.
     *
     * @throws PoolClosedException if the store is closed
     */
    StoreStats stats();

    /**
     * Attaches what is told how long operations take, or detaches it with {@link Recorder#disabled()}. The store does not
     * own it. Without one an operation pays one read of a field. Has no effect once the store is closed.
     *
     * @throws IllegalStateException if another recorder is attached
     */
    void record(Recorder recorder);

    /** Closes every pool and tier and gives their memory back. Closing again has no effect. */
    @Override
    void close();

    /** Collects the tiers of one chain, first tier first. Not thread-safe. */
    final class Builder {
        private final List<TierConfig> tiers = new ArrayList<>();
        private final List<PoolConfig> pools = new ArrayList<>();
        private Size directory = StoreConfig.DEFAULT_DIRECTORY;

        private Builder() {}

        /** Adds a tier of LZ4-compressed pages in the Java heap; capacity as in {@code "64MiB"} or {@code "25%"} of the maximum heap. */
        public Builder heap(String capacity) {
            return tier(TierConfig.of("heap", Size.parse(capacity)));
        }

        /** Adds a tier of LZ4-compressed pages outside the heap; capacity as in {@code "1GiB"} or {@code "25%"} of physical memory. */
        public Builder offHeap(String capacity) {
            return tier(TierConfig.of("offheap", Size.parse(capacity)));
        }

        /** Adds any tier. */
        public Builder tier(TierConfig tier) {
            tiers.add(tier);
            return this;
        }

        /** Declares a pool, so that opening it by name uses these settings. */
        public Builder pool(PoolConfig pool) {
            pools.add(pool);
            return this;
        }

        /** Bounds the directory; the default is {@code "5%"} of the chain's capacity. */
        public Builder directory(String size) {
            directory = Size.parse(size);
            return this;
        }

        /** The configuration collected so far. */
        public StoreConfig build() {
            return StoreConfig.ofChain(tiers, pools).withDirectory(directory);
        }

        /** Opens a store of the tiers collected. */
        public PageStore open() {
            return PageStore.open(build());
        }
    }
}
