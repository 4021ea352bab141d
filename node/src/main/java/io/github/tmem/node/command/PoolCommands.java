package io.github.tmem.node.command;

import io.github.tmem.api.UnauthorizedException;
import io.github.tmem.api.WrongKindException;
import io.github.tmem.api.config.ConfigException;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.node.command.Command.Trait;
import io.github.tmem.node.command.OpenPool.End;
import io.github.tmem.node.config.PoolNames;
import io.github.tmem.node.resp.Reply;
import io.github.tmem.node.resp.Request;
import io.github.tmem.node.resp.RequestException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The commands about pools of pages as a whole. A pool is named once, and then goes by its number. */
final class PoolCommands {
    /** The version of the commands whose names begin with TMEM; another one is not understood by the clients of this one. */
    static final int VERSION = 1;

    /** The most pools without a session or UUID that a user may have opened by settings: they stay until the node ends. */
    private static final int UNDECLARED_MAX = 1024;

    private final NodeState node;
    private final Map<String, Set<String>> undeclaredByUser = new ConcurrentHashMap<>();

    PoolCommands(NodeState node) {
        this.node = node;
    }

    List<Command> all() {
        return List.of(
                Command.plain("TMEM.HELLO", 1, 1, this::hello),
                Command.plain("TMEM.OPEN", 2, Command.ANY, this::open).with(Trait.LONG),
                Command.plain("TMEM.CLOSE", 2, 2 + TakenPages.LANES, this::close)
                        .with(Trait.LONG),
                Command.plain("TMEM.COUNT", 2, 2, this::count),
                Command.plain("TMEM.STATS", 1, 2, this::stats).with(Trait.LONG));
    }

    private void hello(Client client, Request request, Reply reply) {
        reply.array(2);
        reply.number(VERSION);
        reply.bulk(node.runId());
    }

    private void open(Client client, Request request, Reply reply) {
        String name = name(client, request);
        long wanted = wantedNumber(client, request);
        int end = request.count() - (wanted == OpenPools.ANY ? 0 : 2);
        if (PoolSettings.areOfValues(request, end)) {
            openValues(client, wanted, PoolSettings.read(name, request, end), reply);
            return;
        }
        Optional<PoolConfig> declared = node.declared(name);
        try {
            if (declared.isPresent() && end > 2) {
                checkDeclared(declared.get(), PoolSettings.read(name, request, end));
            }
            long number = declared.map(settings -> open(client, wanted, settings))
                    .orElseGet(() -> openUndeclared(client, wanted, PoolSettings.read(name, request, end)));
            OpenPool pool = client.pool(number);
            reply.array(6);
            reply.number(number);
            reply.bulk(pool.pool().kind().word());
            reply.bulk(pool.pool().getMode().word());
            reply.number(pool.pool().pageSize());
            reply.bulk(pool.settings().write().word());
            reply.bulk(pool.settings().chain());
        } catch (UnauthorizedException e) {
            throw new RequestException("NOPERM " + e.getMessage());
        } catch (WrongKindException e) {
            throw new RequestException("WRONGKIND " + e.getMessage());
        } catch (ConfigException e) {
            throw new RequestException("ERR " + e.getMessage());
        }
    }

    private void openValues(Client client, long wanted, PoolConfig settings, Reply reply) {
        Session session = client.session();
        if (session == null) {
            throw new RequestException("ERR a pool of values needs a session");
        }
        PoolConfig own = settings.withName(PoolNames.ofSession(settings.name(), session.id()));
        try {
            long number = client.open(wanted, () -> new OpenValues(node.openValues(own), own));
            reply.array(6);
            reply.number(number);
            reply.bulk("values");
            reply.bulk(settings.getMode().word());
            reply.number(0);
            reply.bulk(settings.write().word());
            reply.bulk(settings.chain());
        } catch (WrongKindException e) {
            throw new RequestException("WRONGKIND " + e.getMessage());
        } catch (ConfigException e) {
            throw new RequestException("ERR " + e.getMessage());
        }
    }

    /** The number that the pool is to have; it is the last that is said. */
    private static long wantedNumber(Client client, Request request) {
        int last = request.count() - 1;
        if (last < 3 || !request.is(last - 1, "NUMBER")) {
            return OpenPools.ANY;
        }
        long number = request.number(last);
        if (number < 0 || client.session() == null) {
            throw new RequestException("ERR a number for a pool is not negative, and needs a session");
        }
        return number;
    }

    private static void checkDeclared(PoolConfig declared, PoolConfig wanted) {
        if (!declared.equals(wanted)) {
            throw new RequestException("WRONGKIND the pool is declared by the node's configuration with other settings;"
                    + " its name alone opens it");
        }
    }

    private static String name(Client client, Request request) {
        if (request.length(1) > Information.WORD_MAX) {
            throw new RequestException("ERR name too long");
        }
        String name = request.text(1);
        if (!PoolNames.isAllowed(name)) {
            throw new RequestException("ERR the name of a pool has no control characters");
        }
        if (name.startsWith(NodeState.VALUES_PREFIX) || !client.knownUser().mayUse(name)) {
            throw new RequestException("NOPERM this user may not use the pool " + Information.printable(name));
        }
        return name;
    }

    /** A shared pool has a handle each time it is opened; others are the node's. */
    private long open(Client client, long wanted, PoolConfig settings) {
        return open(client, wanted, settings, settings.sharing() == null ? End.STAYS : End.CLOSES);
    }

    private long open(Client client, long wanted, PoolConfig settings, End end) {
        return client.open(wanted, () -> new OpenPool(node.open(settings), settings, end));
    }

    /** What is opened by settings in a session is its own, and goes with it. */
    private long openUndeclared(Client client, long wanted, PoolConfig settings) {
        Session session = client.session();
        if (settings.sharing() != null) {
            return open(client, wanted, settings);
        }
        if (session == null) {
            return openToStay(client, settings);
        }
        return open(client, wanted, settings.withName(PoolNames.ofSession(settings.name(), session.id())), End.CLOSES);
    }

    private long openToStay(Client client, PoolConfig settings) {
        Set<String> names = undeclaredByUser.computeIfAbsent(client.knownUser().name(), user -> new HashSet<>());
        synchronized (names) {
            if (names.size() >= UNDECLARED_MAX && !names.contains(settings.name())) {
                throw new RequestException("ERR too many pools; allowed: " + UNDECLARED_MAX
                        + " that a user opened by settings outside a session, which stay until the node ends");
            }
            long number = open(client, OpenPools.ANY, settings);
            names.add(settings.name());
            return number;
        }
    }

    private void close(Client client, Request request, Reply reply) {
        client.close(request.number(1), TakenPages.tickets(request, 2));
        reply.ok();
    }

    private void count(Client client, Request request, Reply reply) {
        reply.number(client.opened(request.number(1)).count());
    }

    /** Of one pool, or of the store: its tiers, directories, and the pools the user may use. */
    private void stats(Client client, Request request, Reply reply) {
        if (request.count() == 2) {
            reply.bulk(StatsText.of(client.pool(request.number(1)).pool().stats()));
            return;
        }
        List<String> texts = StatsText.of(node.stats(), client.knownUser(), client.session());
        reply.array(texts.size());
        texts.forEach(reply::bulk);
    }
}
