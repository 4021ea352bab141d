package io.github.tmem.node.peer;

import io.github.tmem.node.command.Client;
import io.github.tmem.node.command.Command;
import io.github.tmem.node.command.Dispatcher;
import io.github.tmem.node.command.NodeState;
import io.github.tmem.node.command.Session;
import io.github.tmem.node.resp.Admission;
import io.github.tmem.node.resp.ProtocolException;
import io.github.tmem.node.resp.Reply;
import io.github.tmem.node.resp.Request;
import io.github.tmem.node.resp.RequestDecoder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/**
 * What is said on one connection, from the bytes that came to the bytes that go. It belongs to one thread at a time, which may
 * be another at each call.
 */
final class Conversation implements Admission {
    /** The most arguments of a request: 4,096 pairs. */
    static final int ARGUMENTS_MAX = 1 + 2 * 4096;

    private static final Logger LOG = System.getLogger(Conversation.class.getName());
    private static final int STRANGER_ARGUMENTS_MAX = 10;
    private static final int STRANGER_BYTES_MAX = 16 << 10;
    private static final int LINE_MAX = 4096;
    /** Answers that are longer are sent before further requests run. */
    private static final int ANSWERS_MAX = 256 << 10;

    private static final int ANSWERS_MIN = 1024;
    /** Room before the first answer, which {@link Reply} may write over. */
    private static final int LEAD = 8;

    private static final int KEPT_MAX = 64 << 10;

    private final NodeState node;
    private final Dispatcher dispatcher;
    private final Pace pace;
    private final Client client;
    private final ByteBufAllocator allocator;
    private final RequestDecoder decoder = new RequestDecoder(this);
    private final Reply reply = new Reply(Unpooled.EMPTY_BUFFER);
    private @Nullable ByteBuf in;
    private @Nullable ByteBuf out;
    private @Nullable Command command;
    private int answersLast = ANSWERS_MIN;
    private boolean broken;

    Conversation(NodeState node, Dispatcher dispatcher, Pace pace, Client client, ByteBufAllocator allocator) {
        this.node = node;
        this.dispatcher = dispatcher;
        this.pace = pace;
        this.client = client;
        this.allocator = allocator;
    }

    /** Bytes that came, which are owned from here on. */
    void hear(ByteBuf bytes) {
        if (isOver()) {
            bytes.release();
            return;
        }
        in = in == null ? bytes : ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(allocator, in, bytes);
        Session session = client.session();
        if (session != null) {
            session.hear(node.now());
        }
    }

    /** Whether nothing that comes is heard any more; the connection ends when the answers are sent. */
    boolean isOver() {
        return broken || client.isLeaving();
    }

    /** Why {@link #answer} returned. */
    enum Pause {
        /** No further request has come as a whole. */
        NOTHING_LEFT,
        /** There are answers enough to be sent first. */
        ENOUGH,
        /** The next request, which has been taken, is to {@linkplain #answerTaken run elsewhere}. */
        ELSEWHERE
    }

    /** Answers on the event loop what has come, as far as it may run there. */
    Pause answer() {
        return answer(pace);
    }

    /** Answers, on a thread that may wait, the request that was taken, and what has come behind it. */
    Pause answerTaken() {
        dispatcher.run(client, command, decoder.request(), answers());
        return answer(null);
    }

    private Pause answer(@Nullable Pace bound) {
        try {
            while (in != null && !isOver() && decoder.next(in)) {
                Request request = decoder.request();
                if (request.count() == 0) {
                    continue;
                }
                if (request.count() == 1) {
                    command = dispatcher.find(request);
                }
                if (bound != null && bound.isElsewhere(command)) {
                    return Pause.ELSEWHERE;
                }
                dispatcher.run(client, command, request, answers());
                if (answers().out().readableBytes() >= ANSWERS_MAX) {
                    return Pause.ENOUGH;
                }
            }
        } catch (ProtocolException e) {
            LOG.log(
                    Level.WARNING,
                    "event=protocol-error client=" + client.address() + " reason=\"" + e.getMessage() + '"');
            answers().error("ERR " + e.getMessage());
            broken = true;
        }
        forget();
        return Pause.NOTHING_LEFT;
    }

    private Reply answers() {
        if (out == null) {
            out = allocator.ioBuffer(answersLast + LEAD);
            out.writerIndex(LEAD).readerIndex(LEAD);
            reply.into(out);
        }
        return reply;
    }

    /** Gives up the bytes of requests that were answered. */
    private void forget() {
        if (in == null) {
            return;
        }
        decoder.leave(in);
        if (!in.isReadable() || isOver()) {
            in.release();
            in = null;
        } else if (in.readerIndex() > KEPT_MAX) {
            in.discardReadBytes();
        }
    }

    /** The answers that are to be sent, which the caller owns then; null if there are none. */
    @Nullable
    ByteBuf takeAnswers() {
        ByteBuf answers = out;
        if (answers != null) {
            out = null;
            answersLast = Math.clamp(answers.readableBytes(), ANSWERS_MIN, ANSWERS_MAX);
        }
        return answers;
    }

    /** Gives up all memory. */
    void close() {
        if (in != null) {
            in.release();
            in = null;
        }
        if (out != null) {
            out.release();
            out = null;
        }
        broken = true;
    }

    @Override
    public int countMax() {
        return isStranger() ? STRANGER_ARGUMENTS_MAX : ARGUMENTS_MAX;
    }

    @Override
    public int lengthMax(Request request, int argument) {
        if (argument == 1) {
            command = dispatcher.find(request);
        }
        return argument == 0 || command == null || isStranger() ? Command.NAME_MAX : command.lengthMax(argument);
    }

    @Override
    public int sizeMax() {
        return isStranger() ? STRANGER_BYTES_MAX : node.config().limits().request();
    }

    @Override
    public int lineMax() {
        return LINE_MAX;
    }

    private boolean isStranger() {
        return client.user() == null;
    }
}
