package io.github.tmem.node.peer;

import io.github.tmem.node.command.Client;
import io.github.tmem.node.command.NodeState;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.timeout.IdleStateEvent;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * A connection on its event loop. While a request runs elsewhere, nothing is read and the conversation is not touched; while
 * the client does not take its answers, nothing is read and nothing runs.
 */
@SuppressWarnings("FutureReturnValueIgnored") // what fails to be sent or closed is closed already
final class PeerHandler extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = System.getLogger(PeerHandler.class.getName());

    private final NodeState node;
    private final Conversation conversation;
    private final Client client;
    private final Executor elsewhere;
    /** What was already read when a request went elsewhere. */
    private final Queue<ByteBuf> later = new ArrayDeque<>();

    private boolean away;
    private boolean stopping;
    private boolean ending;
    private boolean gone;
    private long fullTurns;

    PeerHandler(NodeState node, Client client, Conversation conversation, Executor elsewhere) {
        this.node = node;
        this.client = client;
        this.conversation = conversation;
        this.elsewhere = elsewhere;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        node.welcome(client);
        if (client.user() == null) {
            long login = node.config().limits().login().toMillis();
            context.executor().schedule(() -> checkLogin(context), login, TimeUnit.MILLISECONDS);
        }
    }

    private void checkLogin(ChannelHandlerContext context) {
        if (!gone && client.user() == null) {
            end(context, "no-login");
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        if (gone || stopping || ending) {
            bytes.release();
        } else if (away || !context.channel().isWritable()) {
            later.add(bytes);
        } else {
            conversation.hear(bytes);
            answer(context);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (!away) {
            send(context);
            context.flush();
            checkRoom(context);
        }
    }

    /** Answers as long as there are requests, and room for answers. */
    private void answer(ChannelHandlerContext context) {
        Conversation.Pause pause = conversation.answer();
        while (pause == Conversation.Pause.ENOUGH && context.channel().isWritable()) {
            send(context);
            context.flush();
            pause = context.channel().isWritable() ? conversation.answer() : pause;
        }
        if (pause == Conversation.Pause.ELSEWHERE) {
            away = true;
            context.channel().config().setAutoRead(false);
            send(context);
            context.flush();
            elsewhere.execute(() -> answerElsewhere(context));
        }
    }

    private void answerElsewhere(ChannelHandlerContext context) {
        @Nullable Throwable failure = null;
        try {
            conversation.answerTaken();
        } catch (Throwable e) {
            failure = e;
        }
        @Nullable Throwable found = failure;
        context.executor().execute(() -> comeBack(context, found));
    }

    private void comeBack(ChannelHandlerContext context, @Nullable Throwable failure) {
        away = false;
        if (failure != null) {
            fail(context, failure);
        }
        if (gone) {
            dispose();
        } else if (failure == null) {
            goOn(context);
        }
    }

    /** A request has no answer: ends the connection, or the next answer would be taken for it. */
    private void fail(ChannelHandlerContext context, Throwable failure) {
        LOG.log(Level.ERROR, "event=internal-error client=" + client.address(), failure);
        ending = true;
        if (!away) {
            conversation.close();
        }
        context.close();
    }

    /** After a time in which nothing was heard: first what came meanwhile, then what will come. */
    private void goOn(ChannelHandlerContext context) {
        try {
            talk(context);
        } catch (Throwable e) {
            fail(context, e);
        }
    }

    private void talk(ChannelHandlerContext context) {
        send(context);
        context.flush();
        while (!away && context.channel().isWritable() && !later.isEmpty()) {
            conversation.hear(later.remove());
            answer(context);
        }
        if (!away && context.channel().isWritable() && later.isEmpty()) {
            answer(context);
        }
        if (away) {
            return;
        }
        send(context);
        context.flush();
        checkRoom(context);
        if (stopping && context.channel().isWritable()) {
            end(context);
        }
    }

    private void send(ChannelHandlerContext context) {
        ByteBuf answers = conversation.takeAnswers();
        if (answers != null) {
            context.write(answers);
        }
        if (conversation.isOver()) {
            end(context);
        }
    }

    /** Reads on if the client takes its answers; if not, it has some time for it. */
    private void checkRoom(ChannelHandlerContext context) {
        boolean writable = context.channel().isWritable();
        boolean reads = writable && !stopping && !gone;
        if (context.channel().config().isAutoRead() != reads) {
            context.channel().config().setAutoRead(reads);
            if (!writable) {
                long turn = ++fullTurns;
                long stalled = node.config().limits().stalled().toMillis();
                context.executor().schedule(() -> checkStalled(context, turn), stalled, TimeUnit.MILLISECONDS);
            }
        }
    }

    private void checkStalled(ChannelHandlerContext context, long turn) {
        if (!gone && fullTurns == turn && !context.channel().isWritable()) {
            end(context, "slow-reader");
            context.close();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (context.channel().isWritable()) {
            fullTurns++;
            if (!away && !gone) {
                context.executor().execute(() -> resume(context));
            }
        }
        context.fireChannelWritabilityChanged();
    }

    private void resume(ChannelHandlerContext context) {
        if (!away && !gone && context.channel().isWritable()) {
            goOn(context);
        }
    }

    /** Finishes what has been read, sends it, and ends the connection. On the event loop. */
    void stop(ChannelHandlerContext context) {
        stopping = true;
        if (!away && !gone) {
            goOn(context);
        }
    }

    private void end(ChannelHandlerContext context, String reason) {
        LOG.log(Level.WARNING, "event=connection-ended client=" + client.address() + " reason=" + reason);
        end(context);
    }

    /** Ends the connection behind what was sent. */
    private void end(ChannelHandlerContext context) {
        if (ending) {
            return;
        }
        ending = true;
        context.writeAndFlush(context.alloc().buffer(0)).addListener(ChannelFutureListener.CLOSE);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        gone = true;
        if (!away) {
            dispose();
        }
    }

    private void dispose() {
        try {
            conversation.close();
            later.forEach(ByteBuf::release);
            later.clear();
        } finally {
            elsewhere.execute(() -> node.farewell(client));
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof IdleStateEvent) {
            end(context, "idle");
            context.close();
        }
        context.fireUserEventTriggered(event);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
        @Nullable Throwable cause = failure.getCause() instanceof SSLException ? failure.getCause() : failure;
        if (cause instanceof SSLException) {
            // The message of the first quotes what came, which may be a secret.
            String reason = cause instanceof NotSslRecordException ? "plain text on a TLS port" : cause.getMessage();
            LOG.log(Level.WARNING, "event=tls-failed client=" + client.address() + " reason=\"" + reason + '"');
        } else if (cause instanceof IOException) {
            LOG.log(Level.DEBUG, "event=connection-broken client=" + client.address());
        } else {
            fail(context, failure);
            return;
        }
        context.close();
    }
}
