package io.github.tmem.bench.remote;

import io.github.tmem.bench.work.PageSet;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SslOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.protocol.ProtocolVersion;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * What one would do without tmem: raw pages to a server by Lettuce, under ready-made names, without a time to live, without a
 * checksum, and without a timer for each command, which Lettuce leaves out unless told otherwise.
 */
public final class LettuceWire implements PageWire {
    private static final int SECONDS_MAX = 30;
    private static final int REMOVED_AT_ONCE = 512;

    private final RedisClient client;
    private final StatefulRedisConnection<byte[], byte[]> connection;
    private final RedisAsyncCommands<byte[], byte[]> commands;
    private final byte[][] pages;
    private final byte[][] names;

    /**
     * A connection to the server, with names for {@code keys} keys.
     *
     * @param trust who has signed the server's certificate; null if it speaks plain text
     */
    public LettuceWire(LocalServer server, @Nullable Path trust, PageSet set, int keys) {
        client = RedisClient.create(RedisURI.create(server.uri()));
        client.setOptions(options(trust));
        connection = client.connect(ByteArrayCodec.INSTANCE);
        commands = connection.async();
        pages = set.toArray();
        names = new byte[keys][];
        Arrays.setAll(names, key -> ("page:" + key).getBytes(StandardCharsets.US_ASCII));
    }

    private static ClientOptions options(@Nullable Path trust) {
        ClientOptions.Builder options = ClientOptions.builder()
                .autoReconnect(false)
                .protocolVersion(ProtocolVersion.RESP2)
                .maintNotificationsConfig(MaintNotificationsConfig.disabled())
                .socketOptions(SocketOptions.builder().tcpNoDelay(true).build());
        if (trust != null) {
            options.sslOptions(SslOptions.builder()
                    .jdkSslProvider()
                    .protocols("TLSv1.3")
                    .trustManager(trust.toFile())
                    .build());
        }
        return options.build();
    }

    @Override
    public String name() {
        return "Lettuce";
    }

    @Override
    public int lengthMax() {
        return pages[0].length;
    }

    private byte[] page(int key) {
        return pages[key % pages.length];
    }

    /** Not by the synchronous commands, which cost a reflective call more. */
    private static <T> T await(Future<T> answer) {
        try {
            return answer.get(SECONDS_MAX, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void put(int key) {
        await(commands.set(names[key], page(key)));
    }

    @Override
    public void get(int key, Slot slot) {
        String complaint = compare(key, await(commands.get(names[key])), null);
        if (complaint != null) {
            throw new IllegalStateException(complaint);
        }
    }

    private @Nullable String compare(int key, byte @Nullable [] value, @Nullable Throwable failure) {
        if (failure != null) {
            return "a get failed: " + failure;
        }
        return Arrays.equals(page(key), value) ? null : "page " + key + " came back changed, or not at all";
    }

    @Override
    public void putAsync(int key, Slot slot) {
        CompletionStage<Void> ending = commands.set(names[key], page(key)).handle((ok, failure) -> {
            slot.landed(failure == null ? null : "a put failed: " + failure);
            return null;
        });
        assert ending != null;
    }

    @Override
    public void getAsync(int key, Slot slot) {
        CompletionStage<Void> ending = commands.get(names[key]).handle((value, failure) -> {
            slot.landed(compare(key, value, failure));
            return null;
        });
        assert ending != null;
    }

    @Override
    public void remove(int fromKey, int toKey) {
        for (int from = fromKey; from < toKey; from += REMOVED_AT_ONCE) {
            await(commands.unlink(Arrays.copyOfRange(names, from, Math.min(toKey, from + REMOVED_AT_ONCE))));
        }
    }

    @Override
    public void close() {
        try {
            remove(0, names.length);
        } finally {
            connection.close();
            client.shutdown(0, 2, TimeUnit.SECONDS);
        }
    }
}
