package io.github.tmem.system;

import static io.github.tmem.kit.Aside.join;
import static io.github.tmem.kit.Aside.start;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.EphemeralPool;
import io.github.tmem.api.GetMode;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PageStore;
import io.github.tmem.kit.Gate;
import io.github.tmem.kit.PageKey;
import io.github.tmem.kit.Pages;
import io.github.tmem.kit.Shape;
import io.github.tmem.kit.backend.KeyedTestBackend;
import io.github.tmem.kit.codec.CodecScript;
import io.github.tmem.kit.provider.TestBackends;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * No lock is held during encode, decode or a backend call: while one operation stands still inside each of these, every
 * operation on the very same key, object and pool goes through. The store is so small that its directory has one shard,
 * so a lock held anywhere in it would stop them.
 */
class NoLockHeldTest {
    private static final ObjectId FILE = ObjectId.of(1);

    private static byte[] page(long index, long version) {
        return Pages.make(new PageKey(FILE, index), version, Shape.COMPRESSIBLE, Stage.PAGE);
    }

    private static boolean put(EphemeralPool pool, long index, long version) {
        return pool.put(FILE, index, page(index, version)).stored();
    }

    private static long get(EphemeralPool pool, long index) {
        byte[] buffer = new byte[Stage.PAGE];
        return pool.get(FILE, index, buffer) ? Pages.version(new PageKey(FILE, index), buffer) : 0;
    }

    /** Every operation, on the key that the stopped one is about and on a neighbour. */
    private static void everythingElseGoesOn(EphemeralPool pool) {
        join(start(() -> {
            assertThat(pool.contains(FILE, 0)).isIn(true, false);
            assertThat(put(pool, 1, 7)).isTrue();
            assertThat(get(pool, 1)).isEqualTo(7);
            assertThat(pool.flush(FILE, 1)).isTrue();
            assertThat(put(pool, 0, 9)).isTrue();
            assertThat(get(pool, 0)).isEqualTo(9);
            assertThat(pool.flush(FILE, 0)).isTrue();
            assertThat(put(pool, 2, 3)).isTrue();
            assertThat(pool.flushObject(FILE)).isPositive();
            return pool.pageCount();
        }));
    }

    @ParameterizedTest
    @ValueSource(strings = {"encode", "encode-done"})
    void duringEncode(String step) {
        stopped(step, "test-gated", pool -> start(() -> put(pool, 0, 2)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"decode", "decode-done"})
    void duringDecode(String step) {
        stopped(step, "test-gated", pool -> start(() -> get(pool, 0) >= 0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"put", "put-done"})
    void duringABackendPut(String step) {
        stopped(step, "lz4", pool -> start(() -> put(pool, 0, 2)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"get", "get-done"})
    void duringABackendGet(String step) {
        stopped(step, "lz4", pool -> start(() -> get(pool, 0) >= 0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"flush", "flush-done"})
    void duringABackendFlush(String step) {
        stopped(step, "lz4", pool -> start(() -> pool.flush(FILE, 0)));
    }

    private interface Operation {
        CompletableFuture<Boolean> begin(EphemeralPool pool);
    }

    private static void stopped(String step, String codec, Operation operation) {
        KeyedTestBackend backend = KeyedTestBackend.local(64 * Stage.PAGE);
        try (CodecScript script = CodecScript.start();
                TestBackends.Registration tier = TestBackends.register("test-keyed", config -> backend);
                PageStore store = PageStore.builder()
                        .tier(tier.tier(64 * Stage.PAGE).withCodec(codec))
                        .open()) {
            Gate gate = codec.equals("test-gated") ? script.gate() : backend.gate();
            EphemeralPool pool = store.ephemeral("pages", GetMode.INCLUSIVE);
            assertThat(put(pool, 0, 1)).isTrue();
            gate.shutForOne(step);
            CompletableFuture<Boolean> stopped = operation.begin(pool);
            gate.awaitArrival(step);
            everythingElseGoesOn(pool);
            assertThat(stopped).isNotDone();
            gate.open(step);
            assertThat(join(stopped)).isTrue();
        }
    }
}
