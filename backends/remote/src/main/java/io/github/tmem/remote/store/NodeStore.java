package io.github.tmem.remote.store;

import io.github.tmem.api.BlobPool;
import io.github.tmem.api.EphemeralPool;
import io.github.tmem.api.GetMode;
import io.github.tmem.api.PageKind;
import io.github.tmem.api.PagePool;
import io.github.tmem.api.PageStore;
import io.github.tmem.api.PersistentPool;
import io.github.tmem.api.PoolClosedException;
import io.github.tmem.api.TmemException;
import io.github.tmem.api.UnauthorizedException;
import io.github.tmem.api.WrongKindException;
import io.github.tmem.api.config.ConfigException;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.api.config.Sharing;
import io.github.tmem.api.live.TierChain;
import io.github.tmem.api.spi.Recorder;
import io.github.tmem.api.stats.StoreStats;
import io.lettuce.core.RedisCommandExecutionException;
import java.io.Serial;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** The store of a node as it is seen from here: pools by name. Thread-safe. */
final class NodeStore implements PageStore {
    private final Link link;
    private final Object lock = new Object(); // of which pools are open; requests about that are made under it
    private final Map<String, NodeHandle> named = new HashMap<>(); // guarded by lock
    private final Set<NodeHandle> open = new HashSet<>(); // guarded by lock
    private volatile boolean closed;

    NodeStore(Link link) {
        this.link = link;
    }

    Link link() {
        return link;
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

    private PagePool pool(String name, PageKind kind, @Nullable GetMode mode) {
        synchronized (lock) {
            NodePool known = named(name);
            if (known != null && known.config().sharing() != null) {
                throw new UnauthorizedException("pool " + name + " is shared; its UUID opens it");
            }
            NodePool pool = known == null ? declared(name) : known;
            if (pool == null) {
                PoolConfig fresh =
                        kind == PageKind.EPHEMERAL ? PoolConfig.ephemeral(name) : PoolConfig.persistent(name);
                return pool(mode == null ? fresh : fresh.withGetMode(mode));
            }
            PoolConfig config = pool.config();
            if (config.kind() != kind || (mode != null && mode != config.getMode())) {
                if (known == null) {
                    pool.close();
                }
                throw new WrongKindException("pool " + name + " is " + describe(config) + ", not " + kind.word()
                        + (mode == null ? "" : " with " + mode.word() + " gets"));
            }
            return (PagePool) pool;
        }
    }

    private static String describe(PoolConfig config) {
        return config.kind().word() + " with " + config.getMode().word() + " gets and pages of " + config.pageSize()
                + " bytes";
    }

    /** The pool of pages of this name that is open here, or null. The caller has the lock. */
    private @Nullable NodePool named(String name) {
        NodeHandle handle = handle(name);
        if (handle instanceof NodeBlobPool) {
            throw new WrongKindException("pool " + name + " is open as one of values");
        }
        return (NodePool) handle;
    }

    private @Nullable NodeHandle handle(String name) {
        NodeHandle handle = named.get(name);
        return handle == null || handle.isClosed() ? null : handle;
    }

    /** Opens the pool that the node's configuration declares; null if it declares none. The caller has the lock. */
    private @Nullable NodePool declared(String name) {
        try {
            return openPages(name, number -> Opening.declared(name, number));
        } catch (Undeclared e) {
            return null;
        }
    }

    @Override
    public PagePool pool(PoolConfig settings) {
        synchronized (lock) {
            NodePool known = named(settings.name());
            Sharing sharing = settings.sharing();
            if (known != null && sharing == null) {
                check(known.config(), settings);
                return (PagePool) known;
            }
            if (known != null
                    && (known.config().sharing() == null
                            || !isSameUuid(known.config().sharing(), sharing))) {
                throw new WrongKindException("pool " + settings.name()
                        + " is open as another pool, not as the one shared by the UUID given");
            }
            return (PagePool) openPages(settings.name(), number -> Opening.of(settings, number));
        }
    }

    private static boolean isSameUuid(@Nullable Sharing one, @Nullable Sharing other) {
        return one != null && other != null && one.uuid().equals(other.uuid());
    }

    private NodePool openPages(String name, LongFunction<Call<Opening>> request) {
        return open(
                name,
                request,
                (membership, opening) -> opening.config().kind() == PageKind.EPHEMERAL
                        ? new NodeEphemeralPool(this, membership, opening.number(), opening.config())
                        : new NodePersistentPool(this, membership, opening.number(), opening.config()));
    }

    /** Opens a pool at the node under a number of ours. The caller has the lock. */
    private <P extends NodeHandle> P open(
            String name, LongFunction<Call<Opening>> request, BiFunction<Membership, Opening, P> handle) {
        Membership membership = membership();
        sendCloses(membership); // what is opened may have the name of what was closed
        long number = membership.nextPool();
        Call<Opening> call = request.apply(number);
        link.admit(call, 1);
        link.send(membership, call);
        Opening opening;
        try {
            opening = call.await(link.timeoutNanos(), why -> refusal(name, why));
        } catch (NoAnswer unknown) {
            membership.owedCloses().add(number); // it may be open
            link.doubt();
            throw unknown;
        }
        P pool = handle.apply(membership, opening);
        open.removeIf(NodeHandle::isClosed);
        open.add(pool);
        named.put(name, pool);
        return pool;
    }

    /** Sends closes that were not answered, so that they take place before what is sent next. */
    private void sendCloses(Membership membership) {
        for (Long pool : List.copyOf(membership.owedCloses())) {
            Call<Boolean> call = membership.close(pool);
            link.admit(call, 1);
            link.send(membership, call);
        }
    }

    private Membership membership() {
        if (closed) {
            throw new PoolClosedException("the store is closed");
        }
        Membership membership = link.membership();
        if (membership == null) {
            throw new NoAnswer(link.address() + " cannot be reached");
        }
        return membership;
    }

    /** The node has no declaration of the pool. */
    private static final class Undeclared extends TmemException {
        @Serial
        private static final long serialVersionUID = 1L;

        Undeclared(String message) {
            super(message);
        }
    }

    private RuntimeException refusal(String name, Throwable why) {
        String message = String.valueOf(why.getMessage());
        if (why instanceof RedisCommandExecutionException && message.startsWith("UNDECLARED ")) {
            return new Undeclared(message);
        }
        if (why instanceof RedisCommandExecutionException && message.startsWith("ERR ")) {
            return new ConfigException("pool " + name + ": " + message.substring(4));
        }
        return failure("pool " + name, why);
    }

    private RuntimeException failure(String what, Throwable why) {
        if (why instanceof NoAnswer) {
            link.distrust();
        } else if (Call.isLate(why)) {
            link.doubt();
        }
        return Failures.of(what, link.address(), why);
    }

    /** A pool was closed. */
    void forget(NodeHandle pool) {
        synchronized (lock) {
            open.remove(pool);
            named.remove(pool.name(), pool);
        }
    }

    @Override
    public BlobPool blobs(String name) {
        synchronized (lock) {
            return handle(name) instanceof NodeBlobPool known ? known : blobs(PoolConfig.ephemeral(name));
        }
    }

    @Override
    public BlobPool blobs(PoolConfig settings) {
        String name = settings.name();
        PoolConfig plain =
                PoolConfig.ephemeral(name).withGetMode(GetMode.INCLUSIVE).withChain(settings.chain());
        PoolConfig bounded = settings.quota() == null ? plain : plain.withQuota(settings.quota());
        PoolConfig config = settings.kind() == PageKind.EPHEMERAL ? bounded.withWeight(settings.weight()) : bounded;
        if (!settings.withGetMode(GetMode.INCLUSIVE).equals(config)) {
            throw new ConfigException("pool " + name + ": of a pool of values only chain, weight and quota may be set");
        }
        synchronized (lock) {
            NodeHandle known = handle(name);
            if (known == null) {
                return open(
                        name,
                        number -> Opening.ofValues(config, number),
                        (membership, opening) -> new NodeBlobPool(this, membership, opening.number(), config));
            }
            if (known instanceof NodeBlobPool values && values.config().equals(config)) {
                return values;
            }
            throw new WrongKindException("pool " + name + " is open as one of pages, or with other settings");
        }
    }

    @Override
    public TierChain chain(String name) {
        throw new UnsupportedOperationException(
                "the tiers of a node are changed by the node's own program, not over the network");
    }

    @Override
    public StoreStats stats() {
        Membership membership = membership();
        Call<StoreStats> call = new Call<>(Order.STATS, Call.arguments(), Figures::store);
        link.admit(call, 1);
        link.send(membership, call);
        return call.await(link.timeoutNanos(), why -> failure("statistics", why));
    }

    @Override
    public void record(Recorder recorder) {
        if (!(recorder instanceof Recorder.Disabled)) {
            throw new UnsupportedOperationException("what takes time is in the node; its own program records it");
        }
    }

    @Override
    public void close() {
        List<NodeHandle> all;
        synchronized (lock) {
            if (closed) {
                return;
            }
            closed = true;
            all = List.copyOf(open);
            open.clear();
            named.clear();
        }
        all.forEach(NodeHandle::markClosed);
        all.forEach(pool -> pool.takes().end());
        link.close();
    }

    private static void check(PoolConfig open, PoolConfig wanted) {
        if (open.sharing() != null) {
            throw new UnauthorizedException("pool " + open.name() + " is shared; its UUID opens it");
        }
        if (!open.equals(wanted)) {
            throw new WrongKindException("pool " + open.name() + " is open as " + describe(open)
                    + " and other settings, not as " + describe(wanted));
        }
    }
}
