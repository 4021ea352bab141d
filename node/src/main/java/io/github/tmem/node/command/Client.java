package io.github.tmem.node.command;

import io.github.tmem.node.config.NodeUser;
import io.github.tmem.node.resp.Protocol;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One connection as the commands see it. Its requests run one after the other, never two at a time, though not always on the
 * same thread; what others ask of it is volatile.
 */
public final class Client {
    private final long id;
    private final String address;
    private final long since;
    private final Runnable end;
    private final OpenPools pools = new OpenPools();
    private final CompletableFuture<Void> rest = new CompletableFuture<>();
    private final CompletableFuture<Void> cut = new CompletableFuture<>();
    private volatile String name = "";
    private volatile String library = "";
    private volatile String libraryVersion = "";
    private volatile String command = "";
    private volatile Protocol protocol = Protocol.RESP2;
    private volatile @Nullable NodeUser user;
    private @Nullable Values values;
    private @Nullable Session session;
    private int wrongSecrets;
    private volatile boolean leaving;

    /**
     * A client who is nobody yet.
     *
     * @param address where it comes from
     * @param since when it came, in milliseconds
     * @param end ends its connection, from any thread
     */
    public Client(long id, String address, long since, Runnable end) {
        this.id = id;
        this.address = address;
        this.since = since;
        this.end = end;
    }

    long id() {
        return id;
    }

    /** Where it comes from. */
    public String address() {
        return address;
    }

    long since() {
        return since;
    }

    String name() {
        return name;
    }

    void rename(String newName) {
        name = newName;
    }

    String library() {
        return library;
    }

    String libraryVersion() {
        return libraryVersion;
    }

    void library(String newLibrary) {
        library = newLibrary;
    }

    void libraryVersion(String version) {
        libraryVersion = version;
    }

    String command() {
        return command;
    }

    void running(String commandName) {
        command = commandName;
    }

    Protocol protocol() {
        return protocol;
    }

    void speak(Protocol form) {
        protocol = form;
    }

    /** Who it is; null before the login. */
    public @Nullable NodeUser user() {
        return user;
    }

    /** Logs in. What was opened as somebody else is left. */
    void login(NodeUser newUser, Values itsValues) {
        leavePools();
        user = newUser;
        values = itsValues;
    }

    void logout() {
        leavePools();
        user = null;
        values = null;
    }

    /** The values of its user. */
    Values values() {
        if (values == null) {
            throw new IllegalStateException("before the login");
        }
        return values;
    }

    NodeUser knownUser() {
        NodeUser known = user;
        if (known == null) {
            throw new IllegalStateException("before the login");
        }
        return known;
    }

    /** Counts a wrong secret; returns how many there have been. */
    int wrongSecret() {
        return ++wrongSecrets;
    }

    /** The session it is attached to; null if none. */
    public @Nullable Session session() {
        return session;
    }

    void attach(@Nullable Session newSession) {
        session = newSession;
    }

    /**
     * Adds a pool to those of the session, or else of the connection; returns its number.
     *
     * @param wanted the number it is to have, which needs a session, or {@link OpenPools#ANY}
     */
    long open(long wanted, Supplier<? extends Opened> opener) {
        Session joined = session;
        numbers().check(wanted);
        return joined == null ? pools.add(opener.get(), OpenPools.ANY) : joined.open(wanted, opener);
    }

    /** The pool of pages that {@link #open} gave this number. */
    OpenPool pool(long number) {
        return numbers().pages(number);
    }

    /** The pool of values that {@link #open} gave this number. */
    OpenValues blobs(long number) {
        return numbers().values(number);
    }

    /** The pool that {@link #open} gave this number. */
    Opened opened(long number) {
        return numbers().get(number);
    }

    /** Gives a pool up, and its number; pages that were taken from it with these tickets and have not come are put back. */
    void close(long number, long[] undelivered) {
        Session joined = session;
        if (joined == null) {
            pools.remove(number).leave();
        } else {
            joined.close(number, undelivered);
        }
    }

    private OpenPools numbers() {
        Session joined = session;
        return joined == null ? pools : joined.pools();
    }

    private void leavePools() {
        pools.leaveAll();
        Session left = session;
        session = null;
        if (left != null) {
            left.detach(this);
        }
    }

    /** The connection is over: nothing of it runs, and nothing will. */
    public void leave() {
        try {
            leavePools();
        } finally {
            rest.complete(null);
        }
    }

    /** Completes when nothing of the connection runs any more, nor ever will. */
    CompletableFuture<Void> rest() {
        return rest;
    }

    /** After the answer to this request the connection ends. */
    void dismiss() {
        leaving = true;
    }

    /** Whether the connection ends after what has been answered. */
    public boolean isLeaving() {
        return leaving;
    }

    /** Ends the connection, with nothing further run but what runs already; from any thread. */
    void disconnect() {
        leaving = true;
        try {
            end.run();
        } finally {
            cut.complete(null);
        }
    }

    /** Completes when another connection, or the node, has ended this one; a request of it must not wait on then. */
    CompletableFuture<Void> cut() {
        return cut;
    }
}
