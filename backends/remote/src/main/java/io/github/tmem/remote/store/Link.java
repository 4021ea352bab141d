package io.github.tmem.remote.store;

import io.github.tmem.api.config.RemoteConfig;
import io.github.tmem.remote.server.Server;
import io.github.tmem.remote.server.Server.Connection;
import io.github.tmem.remote.server.Unusable;
import io.github.tmem.remote.server.Unusable.Fault;
import io.github.tmem.remote.server.Upkeep;
import io.github.tmem.remote.server.Waiting;
import io.lettuce.core.RedisException;
import io.lettuce.core.protocol.CommandArgs;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The way to a node: one connection, whose order is the order of this program's requests. When it is lost, the thread {@code
 * tmem-store} makes a new one, behind a fence: before it is used, the node has ended all that were before. Operations do not
 * wait for that. Thread-safe.
 */
final class Link implements Upkeep.Work, AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Link.class.getName());
    private static final Duration PAUSE_MIN = Duration.ofMillis(50);
    private static final Duration PAUSE_MAX = Duration.ofSeconds(2);
    private static final int BEATS_IN_A_LEASE = 3;
    /** So many requests are under way at most, and fewer of pages above 64 KiB. */
    private static final int WINDOW = 1024;

    private static final int PAGE_SHIFT = 16;

    private final NodeAddress address;
    private final RemoteConfig config;
    private final Server server;
    private final Semaphore window = new Semaphore(WINDOW, true);
    private final AtomicInteger generation = new AtomicInteger();
    private final Upkeep upkeep = new Upkeep("tmem-store", PAUSE_MIN, PAUSE_MAX, this);

    /** What operations use; null: there is none. */
    private volatile @Nullable Attached inUse;

    /** What it is to the node that is known. */
    private volatile @Nullable Membership membership;

    private volatile boolean broken;
    private volatile boolean doubtful;
    private long nextBeat;
    private @Nullable Attached current;
    private String lastTrouble = "";

    /** A connection to which the fence was put up, and whose it is. */
    private record Attached(Connection connection, Membership membership) {}

    Link(NodeAddress address, RemoteConfig config) {
        this.address = address;
        this.config = config;
        server = Server.of(
                address.access(config, config.trustFile()),
                "tmem-store-" + ProcessHandle.current().pid());
    }

    /**
     * Connects, and starts the background.
     *
     * @throws Unusable if there is no connection
     */
    void open() throws Unusable {
        connect();
        upkeep.start();
    }

    NodeAddress address() {
        return address;
    }

    /** How long an operation waits. */
    long timeoutNanos() {
        return config.timeout().toNanos();
    }

    /** What this program is to the node, as far as is known; null if it has lost what it was, and is nothing yet. */
    @Nullable
    Membership membership() {
        return membership;
    }

    /**
     * Waits until so few requests are under way that one more may be. One that has been given up counts until it has an end.
     */
    void admit(Call<?> call, int pageSize) {
        admit(List.of(call), pageSize);
    }

    /** As {@link #admit(Call, int)} for {@link #together} at most, all at once. */
    @SuppressWarnings("FutureReturnValueIgnored") // giving a permit back does not fail
    void admit(List<? extends Call<?>> calls, int pageSize) {
        int weight = weight(pageSize);
        window.acquireUninterruptibly(calls.size() * weight);
        calls.forEach(call -> call.answer().whenComplete((answer, failure) -> window.release(weight)));
    }

    /** How many requests may be admitted together. */
    static int together(int pageSize) {
        return Math.max(1, WINDOW / 4 / weight(pageSize));
    }

    private static int weight(int pageSize) {
        return Math.max(1, pageSize >> PAGE_SHIFT);
    }

    /** Whether there is a connection, as far as is known. */
    boolean isInUse() {
        return inUse != null;
    }

    /** Sends a request, or fails it if there is no connection. */
    void send(Membership who, Call<?> call) {
        Attached attached = inUse;
        if (attached == null || attached.membership != who) {
            call.fail(new RedisException("there is no connection"));
            return;
        }
        call.send(attached.connection.commands());
    }

    /** An answer did not come in time: asks whether any does, and gives the connection up if not. */
    void doubt() {
        doubtful = true;
        upkeep.wake();
    }

    /** An answer was none: the connection is given up. */
    void distrust() {
        broken = true;
        inUse = null;
        upkeep.wake();
    }

    private void lost(int lostGeneration) {
        if (generation.get() == lostGeneration) {
            distrust();
        }
    }

    @Override
    public void failed(Unusable unusable) {
        noteTrouble(address.text(unusable));
        drop();
    }

    @Override
    public void failed(RuntimeException failure) {
        LOG.log(Level.ERROR, "store " + address + ": the background failed; it goes on", failure);
        drop();
    }

    @Override
    public long step() throws Unusable {
        if (broken) {
            drop();
        }
        Attached attached = current;
        if (attached == null) {
            connect();
            return 0;
        }
        if (doubtful) {
            doubtful = false;
            Waiting.get(attached.connection.ping(), address.server());
            attached.membership.payCloses(this, attached.connection);
        }
        if (attached.membership.tickets().isShort() || System.nanoTime() - nextBeat >= 0) {
            beat(attached);
        }
        return Math.max(1, nextBeat - System.nanoTime());
    }

    /** Is heard by the node, and says what it is still to hear. */
    private void beat(Attached attached) throws Unusable {
        nextBeat = System.nanoTime() + config.lease().toNanos() / BEATS_IN_A_LEASE;
        Waiting.get(attached.connection.ping(), address.server());
        attached.membership.payDues(this, attached.connection);
    }

    private void connect() throws Unusable {
        broken = false;
        int mine = generation.incrementAndGet();
        Connection connection = server.connect(() -> lost(mine));
        boolean attached = false;
        try {
            admit(greet(connection));
            attached = true;
        } finally {
            if (!attached) {
                generation.incrementAndGet();
                connection.close();
            }
        }
    }

    private void admit(Attached attached) {
        current = attached;
        nextBeat = System.nanoTime() + config.lease().toNanos() / BEATS_IN_A_LEASE;
        membership = attached.membership;
        inUse = attached;
        if (broken) {
            inUse = null; // lost meanwhile
        } else if (!lastTrouble.isEmpty()) {
            LOG.log(Level.INFO, "store {0} answers again", address);
            lastTrouble = "";
        }
    }

    /** Finds out who answers, and goes on with the session there, or begins one. */
    private Attached greet(Connection connection) throws Unusable {
        String runId = hello(connection);
        Membership known = membership;
        if (known != null && !known.runId().equals(runId)) {
            lose(known, "was started anew");
            known = null;
        } else if (known != null && !keep(connection, known)) {
            lose(known, "has not heard of this program for longer than the lease");
            known = null;
        }
        Membership member = known == null ? begin(connection, runId) : known;
        member.payCloses(this, connection);
        return new Attached(connection, member);
    }

    private void lose(Membership known, String why) {
        known.end(address + " " + why);
        membership = null;
        LOG.log(Level.WARNING, "store {0} {1}; the pools that were open are closed", address, why);
    }

    private String hello(Connection connection) throws Unusable {
        List<Object> answer;
        try {
            answer = ask(connection, new Call<>(Order.HELLO, Call.arguments(), parts -> parts));
            if (Answers.number(answer, 0) != Order.VERSION) {
                throw new Unusable(
                        Fault.MISCONFIGURED,
                        address + " speaks version " + Answers.number(answer, 0)
                                + " of the TMEM commands; allowed: version " + Order.VERSION);
            }
            return Answers.text(answer, 1);
        } catch (NoAnswer e) {
            throw noNode(e);
        } catch (Unusable e) {
            throw String.valueOf(e.getMessage()).contains("unknown command") ? noNode(e) : e;
        }
    }

    private Unusable noNode(Exception cause) {
        Unusable unusable =
                new Unusable(Fault.MISCONFIGURED, address + " is no node of tmem; allowed: the peer port of a node");
        unusable.initCause(cause);
        return unusable;
    }

    /** Puts up the fence; false if the session is over. */
    private boolean keep(Connection connection, Membership known) throws Unusable {
        try {
            CommandArgs<byte[], byte[]> arguments = Call.arguments()
                    .add("KEEP")
                    .add(known.session())
                    .add("FENCE")
                    .add(known.nextTurn());
            return ask(connection, new Call<>(Order.SESSION, arguments, Answers::done));
        } catch (Unusable unusable) {
            if (String.valueOf(unusable.getMessage()).contains("\"NOSESSION ")) {
                return false;
            }
            throw unusable;
        }
    }

    private Membership begin(Connection connection, String runId) throws Unusable {
        CommandArgs<byte[], byte[]> arguments =
                Call.arguments().add("BEGIN").add(config.lease().toMillis());
        return new Membership(runId, ask(connection, new Call<>(Order.SESSION, arguments, Answers::text)), this::doubt);
    }

    /** Asks in the background. */
    <T> T ask(Connection connection, Call<T> call) throws Unusable {
        call.send(connection.commands());
        List<Object> answer = Waiting.get(call.answer(), address.server());
        try {
            return call.read(answer);
        } catch (NoAnswer e) {
            throw noNode(e);
        }
    }

    /** Logs what is wrong, unless it is what was wrong before. */
    private void noteTrouble(String trouble) {
        if (!trouble.equals(lastTrouble)) {
            LOG.log(Level.WARNING, "store {0}: {1}; its operations fail until it answers", address, trouble);
            lastTrouble = trouble;
        }
    }

    private void drop() {
        generation.incrementAndGet(); // so that its end is no loss
        broken = false;
        doubtful = false;
        inUse = null;
        Attached attached = current;
        current = null;
        if (attached != null) {
            attached.connection.close();
        }
    }

    /** Waits for what is under way; ends the session, if the node answers, and the connection. */
    @Override
    public void close() {
        window.acquireUninterruptibly(WINDOW); // every request has an end
        window.release(WINDOW);
        Attached usable = inUse;
        inUse = null;
        if (upkeep.stop()) {
            if (usable != null && usable.equals(current) && !broken) {
                end(usable);
            }
            drop();
        }
        server.close();
    }

    private void end(Attached attached) {
        CommandArgs<byte[], byte[]> arguments = Call.arguments().add("END").add(attached.membership.session());
        try {
            attached.membership.payDues(this, attached.connection);
            ask(attached.connection, new Call<>(Order.SESSION, arguments, Answers::count));
        } catch (Unusable e) {
            LOG.log(Level.DEBUG, "store " + address + ": the session ends by its lease", e);
        }
    }
}
