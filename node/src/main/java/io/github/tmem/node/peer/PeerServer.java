package io.github.tmem.node.peer;

import io.github.tmem.api.config.ConfigException;
import io.github.tmem.node.command.Client;
import io.github.tmem.node.command.Dispatcher;
import io.github.tmem.node.command.NodeState;
import io.github.tmem.node.config.PeerLimits;
import io.github.tmem.node.config.PeerTls;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** The peer port of a node: takes connections until it is stopped. Thread-safe. */
@SuppressWarnings("FutureReturnValueIgnored") // what fails to be sent or closed is closed already
public final class PeerServer {
    private static final Logger LOG = System.getLogger(PeerServer.class.getName());
    private static final int READ_FIRST = 16 << 10;
    private static final int READ_MAX = 256 << 10;
    private static final int BACKLOG = 511;
    private static final int KEEPALIVE_SECONDS = 60;
    private static final int KEEPALIVE_INTERVAL_SECONDS = 10;
    private static final int KEEPALIVE_COUNT = 3;
    private static final int UNACKNOWLEDGED_MILLIS = 30_000;
    private static final long SWEEP_MILLIS = 500;
    private static final byte[] TOO_MANY = "-ERR max number of clients reached\r\n".getBytes(StandardCharsets.US_ASCII);

    private final NodeState node;
    private final Dispatcher dispatcher;
    private final Pace pace;
    private final EventLoopGroup loops;
    private final ExecutorService elsewhere = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("tmem-peer-", 0).factory());
    private final ChannelGroup connections = new DefaultChannelGroup("tmem-peer", GlobalEventExecutor.INSTANCE, true);
    private final AtomicLong ids = new AtomicLong();
    private final Channel listening;

    private PeerServer(NodeState node, Pace pace) {
        this.node = node;
        this.pace = pace;
        dispatcher = new Dispatcher(node);
        loops = new MultiThreadIoEventLoopGroup(
                Runtime.getRuntime().availableProcessors(),
                new DefaultThreadFactory("tmem-peer", true),
                Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
        listening = listen();
        node.listensAt(address().getPort());
        loops.scheduleWithFixedDelay(
                () -> elsewhere.execute(node.sessions()::sweep), SWEEP_MILLIS, SWEEP_MILLIS, TimeUnit.MILLISECONDS);
    }

    /**
     * Opens the port of a node.
     *
     * @throws ConfigException if it cannot be opened, naming address and reason
     */
    public static PeerServer start(NodeState node, Pace pace) {
        return new PeerServer(node, pace);
    }

    /** The address it listens at, with the port it was given if any was to be taken. */
    public InetSocketAddress address() {
        return (InetSocketAddress) listening.localAddress();
    }

    private Channel listen() {
        InetSocketAddress bind = node.config().bind();
        PeerLimits limits = node.config().limits();
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(loops)
                .channel(Epoll.isAvailable() ? EpollServerSocketChannel.class : NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childOption(
                        ChannelOption.RECVBUF_ALLOCATOR, new AdaptiveRecvByteBufAllocator(1024, READ_FIRST, READ_MAX))
                .childOption(
                        ChannelOption.WRITE_BUFFER_WATER_MARK,
                        new WriteBufferWaterMark(limits.output() / 2, limits.output()))
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        accept(channel);
                    }
                });
        if (Epoll.isAvailable()) {
            bootstrap
                    .childOption(EpollChannelOption.TCP_KEEPIDLE, KEEPALIVE_SECONDS)
                    .childOption(EpollChannelOption.TCP_KEEPINTVL, KEEPALIVE_INTERVAL_SECONDS)
                    .childOption(EpollChannelOption.TCP_KEEPCNT, KEEPALIVE_COUNT)
                    .childOption(EpollChannelOption.TCP_USER_TIMEOUT, unacknowledgedMillis(limits));
        }
        ChannelFuture bound = bootstrap.bind(bind).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            loops.shutdownGracefully(0, 0, TimeUnit.SECONDS);
            elsewhere.shutdown();
            throw new ConfigException(
                    "cannot listen at " + bind.getHostString() + " port " + bind.getPort() + ": "
                            + reason(bound.cause()) + "; allowed: a free port, or 0 for any",
                    bound.cause());
        }
        return bound.channel();
    }

    /** The kernel's patience ends a connection whose client takes nothing, too: it must not come before ours. */
    private static int unacknowledgedMillis(PeerLimits limits) {
        return Math.clamp(2 * limits.stalled().toMillis(), UNACKNOWLEDGED_MILLIS, Integer.MAX_VALUE);
    }

    private static String reason(Throwable cause) {
        return String.valueOf(cause.getMessage());
    }

    private void accept(Channel channel) {
        PeerTls tls = node.config().tls();
        if (connections.size() >= node.config().limits().connections()) {
            node.reject();
            LOG.log(Level.WARNING, "event=connection-refused client=" + text(channel) + " reason=too-many");
            if (tls == null) {
                channel.writeAndFlush(channel.alloc().buffer().writeBytes(TOO_MANY))
                        .addListener(io.netty.channel.ChannelFutureListener.CLOSE);
            } else {
                channel.close();
            }
            return;
        }
        connections.add(channel);
        if (tls != null) {
            channel.pipeline().addLast(tls.context().newHandler(channel.alloc()));
        }
        Duration idle = node.config().limits().idle();
        if (!idle.isZero()) {
            channel.pipeline().addLast(new IdleStateHandler(idle.toMillis(), 0, 0, TimeUnit.MILLISECONDS));
        }
        Client client = new Client(ids.incrementAndGet(), text(channel), node.now(), channel::close);
        Conversation conversation = new Conversation(node, dispatcher, pace, client, channel.alloc());
        channel.pipeline().addLast(new PeerHandler(node, client, conversation, elsewhere));
    }

    private static String text(Channel channel) {
        return channel.remoteAddress() instanceof InetSocketAddress remote
                ? remote.getAddress().getHostAddress() + ":" + remote.getPort()
                : "unknown";
    }

    /**
     * Takes no further connection, finishes what the others have sent, and ends them. The store may be closed then.
     *
     * @param most how long that may take; what is not finished then is cut off
     * @return whether all was finished
     */
    public boolean stop(Duration most) {
        long end = System.nanoTime() + most.toNanos();
        listening.close().awaitUninterruptibly();
        for (Channel connection : connections) {
            ChannelHandlerContext context = connection.pipeline().context(PeerHandler.class);
            if (context != null) {
                connection.eventLoop().execute(() -> ((PeerHandler) context.handler()).stop(context));
            }
        }
        boolean finished =
                connections.newCloseFuture().awaitUninterruptibly(Math.max(1, (end - System.nanoTime()) / 1_000_000));
        connections.close().awaitUninterruptibly(1000);
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2000);
        elsewhere.shutdown();
        try {
            boolean rested =
                    elsewhere.awaitTermination(Math.max(1_000_000, end - System.nanoTime()), TimeUnit.NANOSECONDS);
            return finished && rested;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
