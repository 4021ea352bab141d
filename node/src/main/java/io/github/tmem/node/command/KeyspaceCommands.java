package io.github.tmem.node.command;

import io.github.tmem.api.BlobPool;
import io.github.tmem.api.PageKey;
import io.github.tmem.node.command.Command.Trait;
import io.github.tmem.node.resp.Reply;
import io.github.tmem.node.resp.Request;
import io.github.tmem.node.resp.RequestException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The commands about all values of a user. */
final class KeyspaceCommands {
    private static final int SCAN_DEFAULT = 10;
    private static final int SCAN_MAX = 10_000;
    private static final int CURSOR_DIGITS = 20;

    List<Command> all() {
        return List.of(
                Command.plain(
                        "DBSIZE",
                        1,
                        1,
                        (client, request, reply) ->
                                reply.number(client.values().pool().count())),
                Command.plain("FLUSHDB", 1, 2, this::flush).with(Trait.WRITE).with(Trait.LONG),
                Command.plain("FLUSHALL", 1, 2, this::flush).with(Trait.WRITE).with(Trait.LONG),
                Command.plain("SCAN", 2, 6, this::scan).with(Trait.LONG));
    }

    private void flush(Client client, Request request, Reply reply) {
        if (request.count() == 2 && !request.is(1, "SYNC") && !request.is(1, "ASYNC")) {
            throw RequestException.syntax();
        }
        client.values().flushAll();
        reply.ok();
    }

    private void scan(Client client, Request request, Reply reply) {
        long cursor = cursor(request);
        int most = SCAN_DEFAULT;
        byte @Nullable [] pattern = null;
        for (int i = 2; i < request.count(); i += 2) {
            if (i + 1 == request.count()) {
                throw RequestException.syntax();
            }
            if (request.is(i, "COUNT")) {
                most = count(request.number(i + 1));
            } else if (request.is(i, "MATCH")) {
                pattern = request.bytes(i + 1);
            } else {
                throw RequestException.syntax();
            }
        }
        BlobPool.Scan scan = client.values().pool().scan(cursor, most);
        List<byte[]> keys = new ArrayList<>();
        for (PageKey key : scan.keys()) {
            byte[] bytes = ValueKey.bytes(key);
            if (pattern == null || Glob.matches(pattern, bytes)) {
                keys.add(bytes);
            }
        }
        reply.array(2);
        reply.bulk(Long.toUnsignedString(scan.next()));
        reply.array(keys.size());
        keys.forEach(reply::bulk);
    }

    private static int count(long number) {
        if (number < 1) {
            throw RequestException.syntax();
        }
        return (int) Math.min(number, SCAN_MAX);
    }

    private static long cursor(Request request) {
        try {
            if (request.length(1) <= CURSOR_DIGITS) {
                return Long.parseUnsignedLong(request.text(1));
            }
        } catch (NumberFormatException e) {
            throw invalidCursor();
        }
        throw invalidCursor();
    }

    private static RequestException invalidCursor() {
        return new RequestException("ERR invalid cursor");
    }
}
