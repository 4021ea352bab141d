package io.github.tmem.remote.server;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SocketOptions.TcpUserTimeoutOptions;
import io.lettuce.core.SslOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.protocol.ProtocolVersion;
import io.lettuce.core.protocol.RedisCommand;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import io.netty.util.HashedWheelTimer;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How every client of this tier is set up: nothing is sent twice, nothing waits in a queue for a connection, and every
 * command has an end. Owns the threads of one tier's clients.
 */
final class Clients implements AutoCloseable {
    /** Commands under way on one connection; more fail at once. */
    static final int QUEUE_MAX = 4096;

    /** Only who opens a tier waits for it, and the background. */
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

    private static final Duration TCP_USER_TIMEOUT = Duration.ofSeconds(2);

    /** For everything that no operation waits for. */
    private static final Duration BACKGROUND_TIMEOUT = Duration.ofSeconds(2);

    private static final Pattern NAME = Pattern.compile(" name=(\\S+)");
    private static final long TIMER_TICK_MILLIS = 10;
    private static final long STOP_MILLIS_MAX = 2_000;

    /** The commands that operations wait for. */
    private static final Set<CommandType> OF_OPERATIONS =
            EnumSet.of(CommandType.SET, CommandType.GET, CommandType.UNLINK);

    private final Access access;
    private final String name;
    private final HashedWheelTimer timer = new HashedWheelTimer(
            new DefaultThreadFactory("tmem-remote-timer", true), TIMER_TICK_MILLIS, TimeUnit.MILLISECONDS);
    private final ClientResources resources;

    /** Clients whose connections have this name. */
    Clients(Access access, String name) {
        this.access = access;
        this.name = name;
        resources = DefaultClientResources.builder()
                .timer(timer)
                .ioThreadPoolSize(2)
                .computationThreadPoolSize(2)
                .build();
    }

    ClientResources resources() {
        return resources;
    }

    /** Applies what is common to all clients. */
    <B extends ClientOptions.Builder> B apply(B options) {
        options.disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)
                .requestQueueSize(QUEUE_MAX)
                .protocolVersion(ProtocolVersion.RESP2)
                .maintNotificationsConfig(MaintNotificationsConfig.disabled())
                .publishOnScheduler(false)
                .suspendReconnectOnProtocolFailure(false)
                .replayFilter(command -> true)
                .timeoutOptions(TimeoutOptions.builder()
                        .timeoutCommands()
                        .timeoutSource(new Patience(access.timeout().toNanos()))
                        .build())
                .socketOptions(SocketOptions.builder()
                        .connectTimeout(CONNECT_TIMEOUT)
                        .tcpNoDelay(true)
                        .keepAlive(true)
                        .tcpUserTimeout(TcpUserTimeoutOptions.builder()
                                .enable()
                                .tcpUserTimeout(TCP_USER_TIMEOUT)
                                .build())
                        .build())
                .sslOptions(ssl(access.trust(), access.identity()));
        return options;
    }

    private static SslOptions ssl(@Nullable Path trust, @Nullable ClientCertificate identity) {
        SslOptions.Builder ssl = SslOptions.builder().jdkSslProvider().protocols("TLSv1.3", "TLSv1.2");
        if (trust != null) {
            ssl.trustManager(trust.toFile());
        }
        if (identity != null) {
            ssl.keyManager(identity.certificate().toFile(), identity.key().toFile(), new char[0]);
        }
        return ssl.build();
    }

    /** The address of one node as the client wants it. */
    RedisURI uri(ServerAddress.Node node) {
        ServerAddress address = access.address();
        RedisURI.Builder uri = RedisURI.Builder.redis(node.host(), node.port())
                .withClientName(name)
                .withSsl(address.transport() == ServerAddress.Transport.TLS)
                .withTimeout(
                        BACKGROUND_TIMEOUT.compareTo(access.timeout()) < 0 ? access.timeout() : BACKGROUND_TIMEOUT);
        String secret = address.secret();
        if (secret != null && address.user() != null) {
            uri.withAuthentication(address.user(), secret.toCharArray());
        } else if (secret != null) {
            uri.withPassword(secret.toCharArray());
        }
        return uri.build();
    }

    /** The names of connections in the answer to CLIENT LIST. */
    static Set<String> names(String list) {
        return NAME.matcher(list).results().map(found -> found.group(1)).collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public void close() {
        resources.shutdown(0, STOP_MILLIS_MAX, TimeUnit.MILLISECONDS).awaitUninterruptibly(STOP_MILLIS_MAX);
        timer.stop();
    }

    /** How long a command may take: as the settings say if an operation waits for it, else two seconds. */
    private static final class Patience extends TimeoutOptions.TimeoutSource {
        private final long nanos;

        Patience(long nanos) {
            this.nanos = nanos;
        }

        @Override
        public long getTimeout(RedisCommand<?, ?, ?> command) {
            return command.getType() instanceof CommandType type && OF_OPERATIONS.contains(type)
                    ? nanos
                    : Math.max(nanos, BACKGROUND_TIMEOUT.toNanos());
        }

        @Override
        public TimeUnit getTimeUnit() {
            return TimeUnit.NANOSECONDS;
        }
    }
}
