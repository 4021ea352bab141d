package io.github.tmem.node.command;

import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PagePool;
import io.github.tmem.api.PutResult;
import io.github.tmem.api.UnauthorizedException;
import io.github.tmem.api.WrongKindException;
import io.github.tmem.api.config.ConfigException;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.node.command.Command.Every;
import io.github.tmem.node.command.Command.Trait;
import io.github.tmem.node.resp.Reply;
import io.github.tmem.node.resp.Request;
import io.github.tmem.node.resp.RequestException;
import io.netty.buffer.ByteBuf;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;

/** The commands about pools of pages. A pool is named once, and then goes by its number in the connection. */
final class PoolCommands {
    private static final Every PAGE = Every.only(3);
    private static final int OBJECT_BYTES = 24;
    private static final int KEY_BYTES = 32;

    private final NodeState node;

    PoolCommands(NodeState node) {
        this.node = node;
    }

    List<Command> all() {
        return List.of(
                Command.plain("TMEM.OPEN", 2, Command.ANY, this::open).with(Trait.LONG),
                Command.plain("TMEM.PUT", 4, 4, this::put).withValues(PAGE).with(Trait.WRITE),
                Command.plain("TMEM.GET", 3, 3, this::get),
                Command.plain("TMEM.FLUSH", 3, 3, this::flush).with(Trait.WRITE),
                Command.plain("TMEM.FLUSHOBJECT", 3, 3, this::flushObject)
                        .with(Trait.WRITE)
                        .with(Trait.LONG),
                Command.plain("TMEM.STATS", 2, 2, this::stats).with(Trait.LONG));
    }

    private void open(Client client, Request request, Reply reply) {
        String name = name(client, request);
        Optional<PoolConfig> declared = node.declared().stream()
                .filter(pool -> pool.name().equals(name))
                .findFirst();
        if (declared.isPresent() && request.count() > 2) {
            throw new RequestException(
                    "ERR the pool is declared by the node's configuration; open it by its name alone");
        }
        try {
            int number = declared.map(settings -> open(client, settings))
                    .orElseGet(() -> openUndeclared(client, PoolSettings.read(name, request)));
            PagePool pool = client.pool(number);
            reply.array(4);
            reply.number(number);
            reply.bulk(pool.kind().word());
            reply.bulk(pool.getMode().word());
            reply.number(pool.pageSize());
        } catch (UnauthorizedException e) {
            throw new RequestException("NOPERM " + e.getMessage());
        } catch (ConfigException | WrongKindException e) {
            throw new RequestException("ERR " + e.getMessage());
        }
    }

    private static String name(Client client, Request request) {
        if (request.length(1) > Information.WORD_MAX) {
            throw new RequestException("ERR name too long");
        }
        String name = request.text(1);
        if (name.startsWith(NodeState.VALUES_PREFIX) || !client.knownUser().mayUse(name)) {
            throw new RequestException("NOPERM this user may not use the pool " + Information.printable(name));
        }
        return name;
    }

    /** A shared pool has a handle for each session, or else for each connection; others are the node's. */
    private int open(Client client, PoolConfig settings) {
        Session session = client.session();
        if (settings.sharing() == null) {
            return client.open(node.store().pool(settings), null);
        }
        if (session != null) {
            return client.open(session.pool(settings, node.store()::pool), null);
        }
        PagePool handle = node.store().pool(settings);
        return client.open(handle, handle);
    }

    /** What is opened by settings in a session is its own, and goes with it. */
    private int openUndeclared(Client client, PoolConfig settings) {
        Session session = client.session();
        if (session == null || settings.sharing() != null) {
            return open(client, settings);
        }
        PoolConfig own = settings.withName(settings.name() + "@" + session.id());
        return client.open(session.pool(own, node.store()::pool), null);
    }

    private static PagePool pool(Client client, Request request) {
        return client.pool(request.number(1));
    }

    private static ObjectId object(Request request, int length) {
        if (request.length(2) != length) {
            throw new RequestException("ERR a key has 24 bytes of its object and 8 of its index, an object 24");
        }
        ByteBuf buffer = request.buffer();
        int at = request.at(2);
        return new ObjectId(buffer.getLong(at), buffer.getLong(at + 8), buffer.getLong(at + 16));
    }

    private static long index(Request request) {
        return request.buffer().getLong(request.at(2) + OBJECT_BYTES);
    }

    private void put(Client client, Request request, Reply reply) {
        PagePool pool = pool(client, request);
        ObjectId object = object(request, KEY_BYTES);
        if (request.length(3) != pool.pageSize()) {
            throw new RequestException("ERR a page of this pool has " + pool.pageSize() + " bytes");
        }
        PutResult result = pool.put(object, index(request), MemorySegment.ofBuffer(request.view(3)));
        reply.simple(result.stored() ? "STORED " + result.tier() : "REFUSED " + result.refusal());
    }

    private void get(Client client, Request request, Reply reply) {
        PagePool pool = pool(client, request);
        ObjectId object = object(request, KEY_BYTES);
        int length = pool.pageSize();
        int header = Reply.headerLength(length);
        ByteBuf out = reply.out();
        out.ensureWritable(header + length + 2);
        MemorySegment page = MemorySegment.ofBuffer(out.nioBuffer(out.writerIndex() + header, length));
        if (pool.get(object, index(request), page)) {
            reply.around(length);
        } else {
            reply.nil();
        }
    }

    private void flush(Client client, Request request, Reply reply) {
        PagePool pool = pool(client, request);
        reply.number(pool.flush(object(request, KEY_BYTES), index(request)) ? 1 : 0);
    }

    private void flushObject(Client client, Request request, Reply reply) {
        reply.number(pool(client, request).flushObject(object(request, OBJECT_BYTES)));
    }

    private void stats(Client client, Request request, Reply reply) {
        reply.bulk(Information.pool(pool(client, request).stats()));
    }
}
