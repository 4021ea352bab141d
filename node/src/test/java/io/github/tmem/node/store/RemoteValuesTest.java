package io.github.tmem.node.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.tmem.api.BlobPool;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PageKey;
import io.github.tmem.api.PageKind;
import io.github.tmem.api.PageStore;
import io.github.tmem.api.PageUnavailableException;
import io.github.tmem.api.PoolClosedException;
import io.github.tmem.api.Refusal;
import io.github.tmem.api.WrongKindException;
import io.github.tmem.api.config.ConfigException;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.api.config.Size;
import io.github.tmem.node.peer.RunningNode;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A pool of values of a node, as seen from another program. */
@Timeout(120)
class RemoteValuesTest {
    private static final ObjectId FILE = ObjectId.of(7);
    private static final int[] LENGTHS = {0, 1, 511, 4096, 70_000, (1 << 20) + 64, BlobPool.LENGTH_MAX - 1};

    private RunningNode node;
    private Relay relay;
    private PageStore store;
    private BlobPool pool;

    @BeforeEach
    void open() throws IOException {
        node = new RunningNode();
        relay = new Relay(node.address());
        store = Remote.connect(relay.port(), Duration.ofSeconds(3));
        pool = store.blobs("values");
    }

    @AfterEach
    void close() throws IOException {
        store.close();
        relay.close();
        node.close();
    }

    private static byte[] value(int version, int length) {
        byte[] value = new byte[length];
        new Random(version).nextBytes(value);
        return value;
    }

    private boolean put(long index, byte[] value, PageKind kind) {
        return pool.put(FILE, index, MemorySegment.ofArray(value), kind).stored();
    }

    private byte[] read(long index) {
        byte[] room = new byte[BlobPool.LENGTH_MAX];
        int length = pool.get(FILE, index, MemorySegment.ofArray(room));
        return Arrays.copyOf(room, Math.max(0, length));
    }

    /** Takes a value; an empty array if there is none. */
    private byte[] take(long index) {
        byte[] room = new byte[4096];
        int length = pool.take(FILE, index, MemorySegment.ofArray(room));
        return Arrays.copyOf(room, Math.max(0, length));
    }

    @Test
    void valuesOfEveryLengthComeBackAsTheyWere() {
        for (PageKind kind : PageKind.values()) {
            for (int i = 0; i < LENGTHS.length; i++) {
                byte[] value = value(i, LENGTHS[i]);
                assertThat(put(i, value, kind)).isTrue();
                assertThat(pool.length(FILE, i)).isEqualTo(LENGTHS[i]);
                assertThat(read(i)).isEqualTo(value);
            }
        }
        assertThat(pool.count()).isEqualTo(LENGTHS.length);
        assertThat(pool.flushAll()).isEqualTo(LENGTHS.length);
        assertThat(pool.length(FILE, 0)).isEqualTo(-1);
        assertThat(pool.get(FILE, 0, MemorySegment.ofArray(new byte[1]))).isEqualTo(-1);
        assertThat(pool.take(FILE, 0, MemorySegment.ofArray(new byte[1]))).isEqualTo(-1);
    }

    @Test
    void aValueThatIsTooLongIsRefusedAndLeavesNoOlderOne() {
        put(1, value(1, 10), PageKind.PERSISTENT);
        assertThat(pool.put(FILE, 1, MemorySegment.ofArray(new byte[BlobPool.LENGTH_MAX]), PageKind.PERSISTENT)
                        .refusal())
                .isEqualTo(Refusal.DECLINED);
        assertThat(pool.length(FILE, 1)).isEqualTo(-1);
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> put(1, new byte[BlobPool.LENGTH_MAX + 1], PageKind.PERSISTENT));
    }

    @Test
    void whoHasTooLittleRoomIsToldAndTakesNothing() {
        byte[] value = value(1, 100);
        put(1, value, PageKind.PERSISTENT);
        byte[] room = new byte[99];
        assertThat(pool.get(FILE, 1, MemorySegment.ofArray(room))).isEqualTo(100);
        assertThat(pool.take(FILE, 1, MemorySegment.ofArray(room))).isEqualTo(100);
        assertThat(room).containsOnly(0);
        byte[] more = new byte[101];
        more[100] = 7;
        assertThat(pool.take(FILE, 1, MemorySegment.ofArray(more))).isEqualTo(100);
        assertThat(Arrays.copyOf(more, 100)).isEqualTo(value);
        assertThat(more[100]).isEqualTo((byte) 7);
        assertThat(pool.take(FILE, 1, MemorySegment.ofArray(more))).isEqualTo(-1);
    }

    @Test
    void scansMeetEveryKey() {
        Set<PageKey> keys = new HashSet<>();
        for (int i = 0; i < 1000; i++) {
            ObjectId object = new ObjectId(i, -i, 3);
            pool.put(object, -i, MemorySegment.ofArray(new byte[3]), PageKind.EPHEMERAL);
            keys.add(new PageKey(object, -i));
        }
        Set<PageKey> met = new HashSet<>();
        long cursor = 0;
        do {
            BlobPool.Scan scan = pool.scan(cursor, 100);
            met.addAll(scan.keys());
            cursor = scan.next();
        } while (cursor != 0);
        assertThat(met).isEqualTo(keys);
    }

    @Test
    void namesAndSettingsAreChecked() {
        assertThat(store.blobs("values")).isSameAs(pool);
        assertThatExceptionOfType(WrongKindException.class).isThrownBy(() -> store.persistent("values"));
        store.persistent("pages");
        assertThatExceptionOfType(WrongKindException.class).isThrownBy(() -> store.blobs("pages"));
        PoolConfig small = PoolConfig.ephemeral("values").withQuota(Size.parse("1MiB"));
        assertThatExceptionOfType(WrongKindException.class).isThrownBy(() -> store.blobs(small));
        BlobPool bounded = store.blobs(small.withName("small"));
        assertThat(bounded.put(FILE, 1, MemorySegment.ofArray(value(1, (1 << 20) + 64)), PageKind.PERSISTENT)
                        .refusal())
                .isEqualTo(Refusal.OVER_QUOTA);
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> store.blobs(PoolConfig.persistent("other")))
                .withMessageContaining("only chain, weight and quota");
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> store.blobs(PoolConfig.ephemeral("other").withPageSize(512)))
                .withMessageContaining("only chain, weight and quota");
        pool.close();
        assertThatExceptionOfType(PoolClosedException.class).isThrownBy(() -> pool.length(FILE, 1));
        assertThat(store.blobs("values").count()).isZero();
    }

    /** Takes value 1, and the answer is lost with the connection. */
    private void takeInVain() {
        relay.hold();
        CompletableFuture<byte[]> take = CompletableFuture.supplyAsync(() -> take(1), Thread::startVirtualThread);
        relay.awaitAnswer();
        relay.lose();
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(take::get)
                .withCauseInstanceOf(PageUnavailableException.class);
        assertThat(Remote.answered(pool::count)).as("it was taken").isZero();
        assertThatExceptionOfType(PageUnavailableException.class)
                .as("it is not missed: it may come back")
                .isThrownBy(() -> pool.length(FILE, 1))
                .withMessageContaining("had no answer");
        assertThatExceptionOfType(PageUnavailableException.class)
                .isThrownBy(() -> pool.get(FILE, 1, MemorySegment.ofArray(new byte[100])));
    }

    @Test
    void aValueWhoseAnswerIsLostIsDeliveredOnce() {
        put(1, value(1, 100), PageKind.PERSISTENT);
        takeInVain();
        assertThat(pool.take(FILE, 1, MemorySegment.ofArray(new byte[10]))).isEqualTo(100);
        assertThat(take(1)).isEqualTo(value(1, 100));
        assertThat(take(1)).isEmpty();
    }

    @Test
    void whatWasPutOrFlushedSinceIsNotFollowedByWhatWasTaken() {
        put(1, value(1, 100), PageKind.PERSISTENT);
        takeInVain();
        put(1, value(2, 50), PageKind.EPHEMERAL);
        assertThat(take(1)).isEqualTo(value(2, 50));
        assertThat(take(1)).isEmpty();
        put(1, value(3, 100), PageKind.PERSISTENT);
        takeInVain();
        pool.flushAll();
        assertThat(take(1)).isEmpty();
    }

    @Test
    void aValueThatNobodyAsksForAgainIsBack() {
        try (PageStore talkative = Remote.connect(relay.port(), Duration.ofSeconds(30), Duration.ofSeconds(1))) {
            BlobPool own = talkative.blobs("own");
            byte[] value = value(1, 100);
            Arrays.fill(value, (byte) 'Z');
            own.put(FILE, 1, MemorySegment.ofArray(value), PageKind.PERSISTENT);
            relay.change(answer -> answer.replace("ZZZ", "ZZY"));
            assertThatExceptionOfType(PageUnavailableException.class)
                    .isThrownBy(() -> own.take(FILE, 1, MemorySegment.ofArray(new byte[100])));
            relay.change(answer -> answer);
            Remote.await(() -> Remote.answered(() -> own.length(FILE, 1)) == 100);
            byte[] found = new byte[100];
            assertThat(own.get(FILE, 1, MemorySegment.ofArray(found))).isEqualTo(100);
            assertThat(found).isEqualTo(value);
        }
    }
}
