package io.github.tmem.node.command;

import io.github.tmem.api.PagePool;
import io.github.tmem.node.config.NodeUser;
import io.github.tmem.node.resp.Protocol;
import io.github.tmem.node.resp.RequestException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One connection as the commands see it. Its requests run one after the other, never two at a time, though not always on the
 * same thread; what others ask of it is volatile.
 */
public final class Client {
    private static final int POOLS_MAX = 1024;

    private final long id;
    private final String address;
    private final long since;
    private final Runnable end;
    private final List<PagePool> pools = new ArrayList<>();
    private final List<PagePool> own = new ArrayList<>();
    private volatile String name = "";
    private volatile String library = "";
    private volatile String libraryVersion = "";
    private volatile String command = "";
    private volatile Protocol protocol = Protocol.RESP2;
    private volatile @Nullable NodeUser user;
    private @Nullable Values values;
    private @Nullable Session session;
    private int wrongSecrets;
    private boolean leaving;

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

    /** Adds a pool; returns its number. {@code handle} is closed when the client leaves; null if it is not its own. */
    int open(PagePool pool, @Nullable PagePool handle) {
        if (pools.size() == POOLS_MAX) {
            throw new RequestException("ERR too many pools; allowed: " + POOLS_MAX + " in a connection");
        }
        pools.add(pool);
        if (handle != null) {
            own.add(handle);
        }
        return pools.size() - 1;
    }

    PagePool pool(long number) {
        if (number < 0 || number >= pools.size()) {
            throw new RequestException("ERR no pool has this number; TMEM.OPEN gives one");
        }
        return pools.get((int) number);
    }

    private void leavePools() {
        pools.clear();
        own.forEach(PagePool::close);
        own.clear();
        Session left = session;
        session = null;
        if (left != null) {
            left.detach(this);
        }
    }

    /** The connection is over. */
    public void leave() {
        leavePools();
    }

    /** After the answer to this request the connection ends. */
    void dismiss() {
        leaving = true;
    }

    /** Whether the connection ends after what has been answered. */
    public boolean isLeaving() {
        return leaving;
    }

    /** Ends the connection; from any thread. */
    void disconnect() {
        end.run();
    }
}
