package io.github.tmem.kit.process;

import io.github.tmem.kit.Race;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A Redis cluster of real servers on this machine: three masters, each with a replica if the test asks for them. Nodes
 * declare another dead after a second. For one thread.
 */
public final class RedisCluster implements AutoCloseable {
    private static final int MASTERS = 3;
    private static final int SLOTS = 16_384;
    private static final long POLL_NANOS = 20_000_000;

    private final List<RedisServer> servers = new ArrayList<>();

    private RedisCluster(int replicas) {
        for (int i = 0; i < MASTERS * (1 + replicas); i++) {
            servers.add(RedisServer.start(
                    "--cluster-enabled",
                    "yes",
                    "--cluster-port",
                    Integer.toString(RedisServer.freePort()),
                    "--cluster-node-timeout",
                    "1000",
                    "--cluster-replica-validity-factor",
                    "0",
                    "--repl-diskless-sync-delay",
                    "0"));
        }
    }

    /**
     * Starts the servers and waits until all of them know of each other. The test is skipped where {@code redis-server} is
     * not installed.
     *
     * @param replicas of each master, 0 or 1
     */
    public static RedisCluster start(int replicas) {
        RedisCluster cluster = new RedisCluster(replicas);
        boolean formed = false;
        try {
            cluster.form(replicas);
            formed = true;
            return cluster;
        } finally {
            if (!formed) {
                cluster.close();
            }
        }
    }

    private void form(int replicas) {
        for (int i = 0; i < MASTERS; i++) {
            int first = SLOTS * i / MASTERS;
            int last = SLOTS * (i + 1) / MASTERS - 1;
            servers.get(i).command("CLUSTER", "ADDSLOTSRANGE", Integer.toString(first), Integer.toString(last));
            servers.get(i).command("CLUSTER", "SET-CONFIG-EPOCH", Integer.toString(i + 1));
        }
        for (RedisServer server : servers.subList(1, servers.size())) {
            String busPort = server.command("CONFIG", "GET", "cluster-port")
                    .lines()
                    .toList()
                    .getLast();
            servers.getFirst().command("CLUSTER", "MEET", "127.0.0.1", Integer.toString(server.port()), busPort);
        }
        for (int i = 0; i < replicas * MASTERS; i++) {
            RedisServer replica = servers.get(MASTERS + i);
            String master = servers.get(i).command("CLUSTER", "MYID");
            await(() -> replica.command("CLUSTER", "REPLICATE", master).equals("OK"));
        }
        for (RedisServer server : servers) {
            await(() -> server.command("CLUSTER", "INFO").contains("cluster_state:ok"));
        }
        for (RedisServer replica : servers.subList(MASTERS, servers.size())) {
            await(() -> replica.command("INFO", "replication").contains("master_link_status:up"));
        }
        int others = servers.size() - MASTERS;
        for (RedisServer server : servers) {
            await(() -> replicas(server.command("CLUSTER", "NODES")) >= others);
        }
    }

    private static long replicas(String nodes) {
        return nodes.lines().filter(line -> line.contains("slave ")).count();
    }

    private static void await(BooleanSupplier condition) {
        Race.until(() -> {
            boolean met = condition.getAsBoolean();
            if (!met) {
                LockSupport.parkNanos(POLL_NANOS); // the servers are to have this processor
            }
            return met;
        });
    }

    /** The addresses of the three that were masters in the beginning, as {@code host:port,host:port,host:port}. */
    public String nodes() {
        return IntStream.range(0, MASTERS)
                .mapToObj(i -> "127.0.0.1:" + servers.get(i).port())
                .collect(Collectors.joining(","));
    }

    /** The three that were masters in the beginning, then their replicas in the same order. */
    public List<RedisServer> servers() {
        return List.copyOf(servers);
    }

    @Override
    public void close() {
        servers.forEach(RedisServer::close);
    }
}
