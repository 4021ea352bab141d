package io.github.tmem.remote;

import io.github.tmem.remote.server.Server.Connection;
import io.github.tmem.remote.server.ServerAddress;
import io.github.tmem.remote.server.Unusable;
import io.github.tmem.remote.server.Waiting;
import io.lettuce.core.KeyScanCursor;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScanCursor;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One walk over the names of copies in the server, a few hundred a step, that deletes those that are dead. For one thread.
 */
final class Sweep {
    private static final int KEYS_A_STEP = 500;

    private final ServerAddress address;
    private final String pattern;
    private final Judge judge;
    private @Nullable ScanCursor cursor = ScanCursor.INITIAL;
    private long deleted;

    /** Tells the dead from the living. */
    @FunctionalInterface
    private interface Judge {
        List<byte[]> dead(Connection connection, List<byte[]> keys) throws Unusable;
    }

    private Sweep(ServerAddress address, String pattern, Judge judge) {
        this.address = address;
        this.pattern = pattern;
        this.judge = judge;
    }

    /** Deletes the copies of this session that are not in its books: their puts were given up, and arrived late. */
    static Sweep ofGhosts(ServerAddress address, CopyKeys keys, CopyBooks books) {
        return new Sweep(
                address,
                keys.allOfSession(),
                (connection, found) -> found.stream()
                        .filter(key -> isGhost(keys.copyId(key), books))
                        .toList());
    }

    private static boolean isGhost(long copyId, CopyBooks books) {
        return copyId != CopyKeys.NOT_OURS && !books.mayHold(copyId);
    }

    /**
     * Deletes the copies of all sessions that have ended: whose lease is not there, and who have no connection either, for
     * a server that evicts may have taken the lease.
     */
    static Sweep ofEndedSessions(ServerAddress address) {
        return new Sweep(address, CopyKeys.ALL_COPIES, (connection, found) -> ended(address, connection, found));
    }

    private static List<byte[]> ended(ServerAddress address, Connection connection, List<byte[]> found)
            throws Unusable {
        Map<String, List<byte[]>> sessions = new LinkedHashMap<>();
        for (byte[] key : found) {
            String lease = CopyKeys.leaseOf(key);
            if (lease != null) {
                sessions.computeIfAbsent(lease, any -> new ArrayList<>()).add(key);
            }
        }
        // asked anew for each step: a session may come back to life
        for (String lease : List.copyOf(sessions.keySet())) {
            byte[] key = lease.getBytes(StandardCharsets.US_ASCII);
            if (Waiting.get(connection.commands().exists(key), address) > 0) {
                sessions.remove(lease);
            }
        }
        if (!sessions.isEmpty()) {
            sessions.keySet().removeAll(Waiting.get(connection.names(), address));
        }
        return sessions.values().stream().flatMap(List::stream).toList();
    }

    /**
     * Goes on for one step.
     *
     * @return whether there is more to do
     */
    boolean step(Connection connection) throws Unusable {
        ScanCursor from = cursor;
        if (from == null) {
            return false;
        }
        RedisClusterAsyncCommands<byte[], byte[]> commands = connection.commands();
        KeyScanCursor<byte[]> found = Waiting.get(
                commands.scan(from, ScanArgs.Builder.matches(pattern).limit(KEYS_A_STEP)), address);
        List<byte[]> dead = judge.dead(connection, found.getKeys());
        if (!dead.isEmpty()) {
            deleted += Waiting.get(commands.unlink(dead.toArray(byte[][]::new)), address);
        }
        cursor = found.isFinished() ? null : found;
        return cursor != null;
    }

    /** How many copies have been deleted. */
    long deleted() {
        return deleted;
    }
}
