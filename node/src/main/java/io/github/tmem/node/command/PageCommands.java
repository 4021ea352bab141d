package io.github.tmem.node.command;

import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PutResult;
import io.github.tmem.api.Refusal;
import io.github.tmem.node.command.Command.Every;
import io.github.tmem.node.command.Command.Trait;
import io.github.tmem.node.resp.Reply;
import io.github.tmem.node.resp.Request;
import io.github.tmem.node.resp.RequestException;
import io.netty.buffer.ByteBuf;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Supplier;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** The commands about the pages of a pool that was opened. */
final class PageCommands {
    private static final Every PAGE = Every.only(3);
    private static final int OBJECT_BYTES = 24;
    static final int KEY_BYTES = 32;
    static final int SUM_BYTES = 4;

    private final TakenPages taken;

    PageCommands(NodeState node) {
        taken = node.taken();
    }

    List<Command> all() {
        return List.of(
                Command.plain("TMEM.PUT", 4, 8, this::put).withValues(PAGE).with(Trait.WRITE),
                Command.plain("TMEM.GET", 3, 4, this::get),
                Command.plain("TMEM.TAKE", 4, 4, this::take).with(Trait.WRITE),
                Command.plain("TMEM.TAKEN", 2, 1 + TakenPages.LANES, this::taken)
                        .with(Trait.WRITE),
                Command.plain("TMEM.RETURN", 2, 1 + TakenPages.LANES, this::giveBack)
                        .with(Trait.WRITE)
                        .with(Trait.LONG),
                Command.plain("TMEM.TOKEN", 3, 3, this::token),
                Command.plain("TMEM.CONTAINS", 3, 3, this::contains),
                Command.plain("TMEM.FLUSH", 3, 3, this::flush).with(Trait.WRITE),
                Command.plain("TMEM.FLUSHOBJECT", 3, 3, this::flushObject)
                        .with(Trait.WRITE)
                        .with(Trait.LONG));
    }

    private static OpenPool pool(Client client, Request request) {
        return client.pool(request.number(1));
    }

    /** The object of a key, which has this length, or is the object alone. */
    static ObjectId object(Request request, int length) {
        if (request.length(2) != length) {
            throw new RequestException("ERR a key has 24 bytes of its object and 8 of its index, an object 24");
        }
        ByteBuf buffer = request.buffer();
        int at = request.at(2);
        return new ObjectId(buffer.getLong(at), buffer.getLong(at + 8), buffer.getLong(at + 16));
    }

    /** The index of a key. */
    static long index(Request request) {
        return request.buffer().getLong(request.at(2) + OBJECT_BYTES);
    }

    /** The CRC-32C of a key and its page, which also shows that an answer is about another page. */
    static int sum(Request request, ByteBuffer page) {
        CRC32C sum = new CRC32C();
        sum.update(request.view(2));
        sum.update(page);
        return (int) sum.getValue();
    }

    /** What a put says behind the page. */
    private record Options(@Nullable Long token, @Nullable Long sum) {
        static Options of(Request request) {
            Long token = null;
            Long sum = null;
            for (int i = 4; i < request.count(); i += 2) {
                if (i + 1 < request.count() && request.is(i, "TOKEN")) {
                    token = request.number(i + 1);
                } else if (i + 1 < request.count() && request.is(i, "SUM")) {
                    sum = request.number(i + 1);
                } else {
                    throw RequestException.syntax();
                }
            }
            return new Options(token, sum);
        }
    }

    private void put(Client client, Request request, Reply reply) {
        OpenPool pool = pool(client, request);
        ObjectId object = object(request, KEY_BYTES);
        long index = index(request);
        if (request.length(3) != pool.pool().pageSize()) {
            throw new RequestException(
                    "ERR a page of this pool has " + pool.pool().pageSize() + " bytes");
        }
        Options options = request.count() == 4 ? new Options(null, null) : Options.of(request);
        if (options.sum != null && options.sum != Integer.toUnsignedLong(sum(request, request.view(3)))) {
            throw new RequestException("DAMAGED the page is not the one that was sent; nothing was changed");
        }
        MemorySegment page = MemorySegment.ofBuffer(request.view(3));
        Long token = options.token;
        PutResult result = change(
                pool,
                object,
                index,
                () -> token == null
                        ? pool.pool().put(object, index, page)
                        : pool.pool().put(object, index, page, token));
        answer(result, reply);
    }

    /** Answers with what became of a put. */
    static void answer(PutResult result, Reply reply) {
        if (result.stored()) {
            reply.simple("STORED " + result.tier() + (result.writeBelow() ? " BELOW" : ""));
        } else {
            reply.simple("REFUSED " + result.refusal());
        }
    }

    private PutResult change(OpenPool pool, ObjectId object, long index, Supplier<PutResult> put) {
        return pool.handsOver()
                ? taken.change(pool, object, index, put, result -> result.refusal() != Refusal.OUTDATED)
                : put.get();
    }

    private void get(Client client, Request request, Reply reply) {
        OpenPool pool = pool(client, request);
        ObjectId object = object(request, KEY_BYTES);
        boolean summed = request.count() == 4;
        if (summed && !request.is(3, "SUM")) {
            throw RequestException.syntax();
        }
        int page = pool.pool().pageSize();
        int length = page + (summed ? SUM_BYTES : 0);
        int header = Reply.headerLength(length);
        ByteBuf out = reply.out();
        out.ensureWritable(header + length + 2);
        int at = out.writerIndex() + header;
        if (!pool.pool().get(object, index(request), MemorySegment.ofBuffer(out.nioBuffer(at, page)))) {
            reply.nil();
            return;
        }
        if (summed) {
            out.setInt(at + page, sum(request, out.nioBuffer(at, page)));
        }
        reply.around(length);
    }

    /** As a get with its sum, of a pool whose pages must not be lost with an answer. */
    private void take(Client client, Request request, Reply reply) {
        OpenPool pool = pool(client, request);
        ObjectId object = object(request, KEY_BYTES);
        long ticket = request.number(3);
        Session session = session(client);
        if (ticket < 0 || !pool.handsOver()) {
            throw new RequestException(
                    "ERR TMEM.TAKE is for exclusive pools of persistent pages, and its tickets are not negative");
        }
        byte[] page = taken.take(session, ticket, request.number(1), object, index(request), Integer.MAX_VALUE);
        if (page == null) {
            reply.nil();
            return;
        }
        int length = page.length + SUM_BYTES;
        int at = reply.out().writerIndex() + Reply.headerLength(length);
        reply.out().ensureWritable(Reply.headerLength(length) + length + 2);
        reply.out().setBytes(at, page);
        reply.out().setInt(at + page.length, sum(request, ByteBuffer.wrap(page)));
        reply.around(length);
    }

    /** The session of who takes. */
    static Session session(Client client) {
        Session session = client.session();
        if (session == null) {
            throw new RequestException("ERR TMEM.TAKE, TAKEN and RETURN need a session");
        }
        return session;
    }

    private void taken(Client client, Request request, Reply reply) {
        Session session = session(client);
        for (long ticket : TakenPages.tickets(request, 1)) {
            taken.acknowledge(session, ticket);
        }
        reply.ok();
    }

    private void giveBack(Client client, Request request, Reply reply) {
        Session session = session(client);
        long[] tickets = TakenPages.tickets(request, 1);
        reply.array(tickets.length);
        for (long ticket : tickets) {
            reply.number(taken.giveBack(session, ticket) ? 1 : 0);
        }
    }

    private void token(Client client, Request request, Reply reply) {
        ObjectId object = object(request, KEY_BYTES);
        reply.number(pool(client, request).pool().fillToken(object, index(request)));
    }

    private void contains(Client client, Request request, Reply reply) {
        ObjectId object = object(request, KEY_BYTES);
        reply.number(pool(client, request).pool().contains(object, index(request)) ? 1 : 0);
    }

    private void flush(Client client, Request request, Reply reply) {
        OpenPool pool = pool(client, request);
        ObjectId object = object(request, KEY_BYTES);
        long index = index(request);
        boolean there = pool.handsOver()
                ? taken.change(pool, object, index, () -> pool.pool().flush(object, index), flushed -> true)
                : pool.pool().flush(object, index);
        reply.number(there ? 1 : 0);
    }

    private void flushObject(Client client, Request request, Reply reply) {
        OpenPool pool = pool(client, request);
        ObjectId object = object(request, OBJECT_BYTES);
        reply.number(
                pool.handsOver() ? taken.flushObject(pool, object) : pool.pool().flushObject(object));
    }
}
