package io.github.tmem.node.command;

import io.github.tmem.api.BlobPool;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PageKey;
import io.github.tmem.api.PageKind;
import io.github.tmem.api.PutResult;
import io.github.tmem.api.Refusal;
import io.github.tmem.node.command.Command.Every;
import io.github.tmem.node.command.Command.Trait;
import io.github.tmem.node.command.TakenPages.TooLong;
import io.github.tmem.node.resp.Reply;
import io.github.tmem.node.resp.Request;
import io.github.tmem.node.resp.RequestException;
import io.netty.buffer.ByteBuf;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The commands about the values of a pool that was opened. */
final class BlobCommands {
    private static final Every VALUE = Every.only(3);
    private static final int SCAN_MAX = 10_000;

    private final TakenPages taken;

    BlobCommands(NodeState node) {
        taken = node.taken();
    }

    List<Command> all() {
        return List.of(
                Command.plain("TMEM.VPUT", 7, 7, this::put).withValues(VALUE).with(Trait.WRITE),
                Command.plain("TMEM.VGET", 4, 4, this::get),
                Command.plain("TMEM.VTAKE", 5, 5, this::take).with(Trait.WRITE),
                Command.plain("TMEM.VLENGTH", 3, 3, this::length),
                Command.plain("TMEM.VFLUSH", 3, 3, this::flush).with(Trait.WRITE),
                Command.plain("TMEM.VFLUSHALL", 2, 2, this::flushAll)
                        .with(Trait.WRITE)
                        .with(Trait.LONG),
                Command.plain("TMEM.VSCAN", 4, 4, this::scan).with(Trait.LONG));
    }

    private static OpenValues pool(Client client, Request request) {
        return client.blobs(request.number(1));
    }

    private static ObjectId object(Request request) {
        return PageCommands.object(request, PageCommands.KEY_BYTES);
    }

    private static PageKind kind(Request request) {
        for (PageKind kind : PageKind.values()) {
            if (request.is(4, kind.name())) {
                return kind;
            }
        }
        throw RequestException.syntax();
    }

    private void put(Client client, Request request, Reply reply) {
        OpenValues pool = pool(client, request);
        ObjectId object = object(request);
        long index = PageCommands.index(request);
        PageKind kind = kind(request);
        if (!request.is(5, "SUM")) {
            throw RequestException.syntax();
        }
        if (request.number(6) != Integer.toUnsignedLong(PageCommands.sum(request, request.view(3)))) {
            throw new RequestException("DAMAGED the value is not the one that was sent; nothing was changed");
        }
        PutResult result = taken.change(
                pool,
                object,
                index,
                () -> {
                    if (request.length(3) > OpenValues.VALUE_MAX) {
                        pool.flush(object, index);
                        return PutResult.refused(Refusal.DECLINED);
                    }
                    return pool.pool().put(object, index, marked(request, kind), kind);
                },
                done -> true);
        PageCommands.answer(result, reply);
    }

    /** The value and the byte of its kind, which is written over the end of its line. */
    private static MemorySegment marked(Request request, PageKind kind) {
        int end = request.at(3) + request.length(3);
        request.buffer().setByte(end, OpenValues.mark(kind));
        return MemorySegment.ofBuffer(
                request.buffer().nioBuffer(request.at(3), request.length(3) + OpenValues.KIND_BYTES));
    }

    private static int room(Request request, int argument) {
        return Math.clamp(request.number(argument), 0, BlobPool.LENGTH_MAX) + OpenValues.KIND_BYTES;
    }

    private void get(Client client, Request request, Reply reply) {
        OpenValues pool = pool(client, request);
        ObjectId object = object(request);
        long index = PageCommands.index(request);
        int room = room(request, 3);
        int length = pool.length(object, index);
        while (length != Opened.NONE) {
            if (length > room) {
                reply.number(length - OpenValues.KIND_BYTES);
                return;
            }
            int value = Math.max(0, length - OpenValues.KIND_BYTES);
            int header = Reply.headerLength(value + PageCommands.SUM_BYTES);
            ByteBuf out = reply.out();
            out.ensureWritable(header + value + PageCommands.SUM_BYTES + 2);
            int at = out.writerIndex() + header;
            int found = pool.pool().get(object, index, MemorySegment.ofBuffer(out.nioBuffer(at, length)));
            if (found == length) {
                out.setInt(at + value, PageCommands.sum(request, out.nioBuffer(at, value)));
                reply.around(value + PageCommands.SUM_BYTES);
                return;
            }
            length = found; // it was replaced meanwhile
        }
        reply.nil();
    }

    private void take(Client client, Request request, Reply reply) {
        ObjectId object = object(request);
        long ticket = request.number(3);
        if (ticket < 0) {
            throw new RequestException("ERR a ticket is not negative");
        }
        pool(client, request);
        Session session = PageCommands.session(client);
        byte @Nullable [] found;
        try {
            found = taken.take(
                    session, ticket, request.number(1), object, PageCommands.index(request), room(request, 4));
        } catch (TooLong e) {
            reply.number(e.length() - OpenValues.KIND_BYTES);
            return;
        }
        if (found == null) {
            reply.nil();
            return;
        }
        int value = found.length - OpenValues.KIND_BYTES;
        byte[] answer = new byte[value + PageCommands.SUM_BYTES];
        System.arraycopy(found, 0, answer, 0, value);
        ByteBuffer.wrap(answer).putInt(value, PageCommands.sum(request, ByteBuffer.wrap(found, 0, value)));
        reply.bulk(answer);
    }

    private void length(Client client, Request request, Reply reply) {
        int length = pool(client, request).length(object(request), PageCommands.index(request));
        reply.number(length == Opened.NONE ? Opened.NONE : Math.max(0, length - OpenValues.KIND_BYTES));
    }

    private void flush(Client client, Request request, Reply reply) {
        OpenValues pool = pool(client, request);
        ObjectId object = object(request);
        long index = PageCommands.index(request);
        reply.number(taken.change(pool, object, index, () -> pool.flush(object, index), flushed -> true) ? 1 : 0);
    }

    private void flushAll(Client client, Request request, Reply reply) {
        reply.number(taken.flushAll(pool(client, request)));
    }

    /** The next cursor, and keys. */
    private void scan(Client client, Request request, Reply reply) {
        int most = Math.clamp(request.number(3), 1, SCAN_MAX);
        BlobPool.Scan scan = pool(client, request).pool().scan(request.number(2), most);
        reply.array(1 + scan.keys().size());
        reply.number(scan.next());
        for (PageKey key : scan.keys()) {
            reply.bulk(ByteBuffer.allocate(PageCommands.KEY_BYTES)
                    .putLong(key.object().high())
                    .putLong(key.object().middle())
                    .putLong(key.object().low())
                    .putLong(key.index())
                    .array());
        }
    }
}
