package io.github.tmem.node.command;

import io.github.tmem.node.command.Command.Trait;
import io.github.tmem.node.resp.Reply;
import io.github.tmem.node.resp.Request;
import io.github.tmem.node.resp.RequestException;
import java.util.List;

/** {@code TMEM.SESSION}: what a client program leaves behind when it dies is reclaimed after a lease. */
final class SessionCommands {
    private static final long LEASE_MIN = 100;
    private static final long LEASE_MAX = 86_400_000;

    private final NodeState node;

    SessionCommands(NodeState node) {
        this.node = node;
    }

    List<Command> all() {
        return List.of(Command.plain("TMEM.SESSION", 3, 5, this::session)
                .with(Trait.WRITE)
                .with(Trait.LONG));
    }

    private void session(Client client, Request request, Reply reply) {
        if (request.is(1, "BEGIN") && request.count() <= 4) {
            reply.bulk(begin(client, request).id());
        } else if (request.is(1, "KEEP") && request.count() == 3) {
            node.sessions().keep(client, request.text(2));
            reply.ok();
        } else if (request.is(1, "KEEP") && request.count() == 5 && request.is(3, "FENCE")) {
            node.sessions().fence(client, request.text(2), request.number(4));
            reply.ok();
        } else if (request.is(1, "END") && request.count() == 3) {
            reply.number(node.sessions().end(client, request.text(2)));
        } else {
            throw RequestException.syntax();
        }
    }

    private Session begin(Client client, Request request) {
        long lease = request.number(2);
        if (lease < LEASE_MIN || lease > LEASE_MAX) {
            throw new RequestException(
                    "ERR a lease is a number of milliseconds from " + LEASE_MIN + " to " + LEASE_MAX);
        }
        byte[] prefix = request.count() == 4 ? request.bytes(3) : new byte[0];
        if (prefix.length > ValueKey.LENGTH_MAX) {
            throw new RequestException("ERR key too long");
        }
        return node.sessions().begin(client, prefix, lease);
    }
}
