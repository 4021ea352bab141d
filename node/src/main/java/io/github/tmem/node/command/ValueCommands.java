package io.github.tmem.node.command;

import io.github.tmem.api.ObjectId;
import io.github.tmem.node.command.Command.Every;
import io.github.tmem.node.command.Command.Trait;
import io.github.tmem.node.resp.Reply;
import io.github.tmem.node.resp.Request;
import io.github.tmem.node.resp.RequestException;
import java.util.List;

/** The commands about single values and lists of them. */
final class ValueCommands {
    private static final Every FIRST = Every.only(1);
    private static final Every ALL = new Every(1, -1, 1);
    private static final Every PAIRS = new Every(1, -1, 2);
    private static final long PERSISTENT = -1;
    private static final long MISSING = -2;

    private final NodeState node;

    ValueCommands(NodeState node) {
        this.node = node;
    }

    List<Command> all() {
        return List.of(
                Command.keyed("GET", 2, 2, FIRST, this::get),
                Command.keyed("GETDEL", 2, 2, FIRST, this::getDel).with(Trait.WRITE),
                Command.keyed("MGET", 2, Command.ANY, ALL, this::mget),
                Command.keyed("SET", 3, 5, FIRST, this::set)
                        .withValues(Every.only(2))
                        .with(Trait.WRITE),
                Command.keyed("MSET", 3, Command.ANY, PAIRS, this::mset)
                        .withValues(new Every(2, -1, 2))
                        .with(Trait.WRITE),
                Command.keyed("DEL", 2, Command.ANY, ALL, this::del).with(Trait.WRITE),
                Command.keyed("UNLINK", 2, Command.ANY, ALL, this::del).with(Trait.WRITE),
                Command.keyed("EXISTS", 2, Command.ANY, ALL, this::exists).with(Trait.LONG),
                Command.keyed("STRLEN", 2, 2, FIRST, this::strlen).with(Trait.LONG),
                Command.keyed("TYPE", 2, 2, FIRST, this::type).with(Trait.LONG),
                Command.keyed("EXPIRE", 3, 3, FIRST, (client, request, reply) -> expire(client, request, reply, 1000))
                        .with(Trait.WRITE)
                        .with(Trait.LONG),
                Command.keyed("PEXPIRE", 3, 3, FIRST, (client, request, reply) -> expire(client, request, reply, 1))
                        .with(Trait.WRITE)
                        .with(Trait.LONG),
                Command.keyed("TTL", 2, 2, FIRST, (client, request, reply) -> ttl(client, request, reply, 1000))
                        .with(Trait.LONG),
                Command.keyed("PTTL", 2, 2, FIRST, (client, request, reply) -> ttl(client, request, reply, 1))
                        .with(Trait.LONG));
    }

    private void get(Client client, Request request, Reply reply) {
        client.values().get(ValueKey.object(request, 1), ValueKey.index(request, 1), reply);
    }

    private void getDel(Client client, Request request, Reply reply) {
        client.values().take(ValueKey.object(request, 1), ValueKey.index(request, 1), reply);
    }

    private void mget(Client client, Request request, Reply reply) {
        int start = reply.out().writerIndex();
        reply.array(request.count() - 1);
        for (int i = 1; i < request.count(); i++) {
            client.values().get(ValueKey.object(request, i), ValueKey.index(request, i), reply);
            if (reply.out().writerIndex() - start > node.config().limits().request()) {
                throw new RequestException("ERR the values are too long for one answer; ask for fewer keys");
            }
        }
    }

    private void set(Client client, Request request, Reply reply) {
        long deadline = Values.FOREVER;
        if (request.count() != 3) {
            deadline = deadline(request);
        }
        ObjectId object = ValueKey.object(request, 1);
        client.values().put(object, ValueKey.index(request, 1), request, 2, deadline);
        reply.ok();
    }

    private long deadline(Request request) {
        boolean seconds = request.is(3, "EX");
        if (request.count() != 5 || !(seconds || request.is(3, "PX"))) {
            throw RequestException.syntax();
        }
        long time = request.number(4);
        if (time <= 0) {
            throw new RequestException("ERR invalid expire time in 'set' command");
        }
        return deadline(time, seconds ? 1000 : 1);
    }

    private long deadline(long time, long unit) {
        if (time > Long.MAX_VALUE / unit - node.now()) {
            throw new RequestException("ERR invalid expire time");
        }
        return node.now() + time * unit;
    }

    private void expire(Client client, Request request, Reply reply, long unit) {
        ObjectId object = ValueKey.object(request, 1);
        long index = ValueKey.index(request, 1);
        long time = request.number(2);
        boolean there = time > 0
                ? client.values().expire(object, index, deadline(time, unit), reply)
                : client.values().flush(object, index);
        reply.number(there ? 1 : 0);
    }

    /** Each pair is a put of its own; the first that is refused ends the command. */
    private void mset(Client client, Request request, Reply reply) {
        if (request.count() % 2 == 0) {
            throw new RequestException("ERR wrong number of arguments for 'mset' command");
        }
        for (int i = 1; i < request.count(); i += 2) {
            ObjectId object = ValueKey.object(request, i);
            client.values().put(object, ValueKey.index(request, i), request, i + 1, Values.FOREVER);
        }
        reply.ok();
    }

    private void del(Client client, Request request, Reply reply) {
        int deleted = 0;
        for (int i = 1; i < request.count(); i++) {
            boolean there = client.values().flush(ValueKey.object(request, i), ValueKey.index(request, i));
            deleted += there ? 1 : 0;
        }
        reply.number(deleted);
    }

    private void exists(Client client, Request request, Reply reply) {
        int there = 0;
        for (int i = 1; i < request.count(); i++) {
            there += deadline(client, request, i, reply) == Values.NONE ? 0 : 1;
        }
        reply.number(there);
    }

    private static long deadline(Client client, Request request, int argument, Reply reply) {
        return client.values().deadline(ValueKey.object(request, argument), ValueKey.index(request, argument), reply);
    }

    private void strlen(Client client, Request request, Reply reply) {
        reply.number(client.values().length(ValueKey.object(request, 1), ValueKey.index(request, 1), reply));
    }

    private void type(Client client, Request request, Reply reply) {
        reply.simple(deadline(client, request, 1, reply) == Values.NONE ? "none" : "string");
    }

    private void ttl(Client client, Request request, Reply reply, long unit) {
        long deadline = deadline(client, request, 1, reply);
        if (deadline == Values.NONE || deadline == Values.FOREVER) {
            reply.number(deadline == Values.NONE ? MISSING : PERSISTENT);
        } else {
            reply.number((Math.max(0, deadline - node.now()) + unit - 1) / unit);
        }
    }
}
