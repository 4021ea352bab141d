package io.github.tmem.system.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tmem.api.GetMode;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PageKind;
import io.github.tmem.api.PagePool;
import io.github.tmem.api.PoolClosedException;
import io.github.tmem.api.Refusal;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.kit.Delivery;
import io.github.tmem.kit.PageKey;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Pools that begin and end, that have the same keys, and keys at the ends of their ranges: scenarios 31 to 37. */
class PoolsTest {
    private static final ObjectId OTHER = ObjectId.of(2);

    private static PoolConfig config(String name, PageKind kind, GetMode mode) {
        PoolConfig config = kind == PageKind.EPHEMERAL ? PoolConfig.ephemeral(name) : PoolConfig.persistent(name);
        return config.withGetMode(mode).withPageSize(Scene.PAGE);
    }

    /** Whatever is under way when a pool is destroyed, nothing of the pool can be got or is left anywhere. */
    @Scenario(
            on = Shapes.TWO_TIERS_OR_MORE,
            points = {"get-done", "put", "put-done", "flush"})
    void S31_aDestroyedPoolLeavesNothing(ChainShape shape, PageKind kind, GetMode mode, String step) {
        try (Scene scene = Scene.moving(shape, kind, mode)) {
            scene.put(0, 1);
            Underway underway = Underway.in(scene, step);
            scene.pool().close();
            assertThatThrownBy(() -> scene.get(0)).isInstanceOf(PoolClosedException.class);
            assertThatThrownBy(() -> scene.put(0, 2)).isInstanceOf(PoolClosedException.class);
            underway.end();
            scene.settle();
            assertThat(scene.copies()).isZero();
        }
    }

    /** A put whose object was forgotten, because its last page went, does not go on in a pool that was destroyed. */
    @Scenario(on = Shapes.ALL)
    void S31_aPutOfAForgottenObjectEndsWithItsPool(ChainShape shape, PageKind kind, GetMode mode) {
        int last = shape.last();
        try (Scene scene = Scene.of(shape, kind, mode)) {
            scene.putInto(last, 0, 1);
            String point = last + ".put-done";
            scene.gate().shutForOne(point);
            CompletableFuture<Boolean> putting = scene.start(() -> {
                scene.putInto(last, 1, 1);
                return true;
            });
            scene.gate().awaitArrival(point);
            assertThat(scene.flush(0)).isTrue();
            scene.pool().close();
            scene.gate().open(point);
            scene.join(putting);
            scene.settle();
            assertThat(scene.copies()).isZero();
        }
    }

    /** A pool with the name and the keys of a destroyed one is another: what is still under way there does not reach it. */
    @Scenario(
            on = Shapes.TWO_TIERS_OR_MORE,
            points = {"get-done", "put", "put-done", "flush"})
    void S32_aNewPoolIsNotTouchedByTheOldOne(ChainShape shape, PageKind kind, GetMode mode, String step) {
        try (Scene scene = Scene.moving(shape, kind, mode)) {
            PagePool old = scene.pool();
            scene.put(0, 1);
            Underway underway = Underway.in(scene, step);
            old.close();
            PagePool fresh = scene.open(config(old.name(), kind, mode));
            assertThat(fresh.pageCount()).isZero();
            assertThat(Delivery.get(fresh, Scene.key(0))).isZero();
            scene.putInto(1, fresh, Scene.key(0), 7);
            assertThatThrownBy(() -> old.flush(Scene.FILE, 0)).isInstanceOf(PoolClosedException.class);
            assertThatThrownBy(() -> old.flushObject(Scene.FILE)).isInstanceOf(PoolClosedException.class);
            old.close();
            underway.end();
            scene.settle();
            assertThat(scene.versions(0)).containsExactly(7L);
            assertThat(scene.copies()).isEqualTo(1);
            assertThat(fresh.pageCount()).isEqualTo(1);
            assertThat(Delivery.get(fresh, Scene.key(0))).isEqualTo(7);
            assertThat(Delivery.get(fresh, Scene.key(Underway.PUT))).isZero();
        }
    }

    /** Two pools with the same keys, one above where the other is below, have nothing to do with each other. */
    @Scenario(on = Shapes.ALL)
    void S33_poolsWithTheSameKeysDoNotMeet(ChainShape shape, PageKind kind, GetMode mode) {
        int last = shape.last();
        try (Scene scene = Scene.with(shape, kind, mode, settings -> settings.firstPages(4))) {
            PagePool one = scene.pool();
            PagePool other = scene.open(config("other", kind, mode));
            scene.putInto(0, one, Scene.key(0), 1);
            scene.putInto(last, other, Scene.key(0), 2);
            scene.putInto(0, other, Scene.key(1), 3);
            scene.putInto(last, one, Scene.key(1), 4);
            assertThat(scene.versions(0)).containsExactlyInAnyOrder(1L, 2L);
            assertThat(Delivery.get(one, Scene.key(0))).isEqualTo(1);
            assertThat(Delivery.get(other, Scene.key(1))).isEqualTo(3);
            scene.putInto(0, one, Scene.key(0), 5);
            assertThat(one.flush(Scene.FILE, 0)).isTrue();
            assertThat(one.contains(Scene.FILE, 0)).isFalse();
            assertThat(other.contains(Scene.FILE, 0)).isTrue();
            assertThat(one.flushObject(Scene.FILE)).isEqualTo(1);
            assertThat(Delivery.get(one, Scene.key(1))).isZero();
            one.close();
            assertThat(Delivery.get(other, Scene.key(0))).isEqualTo(2);
            assertThat(other.pageCount()).isEqualTo(mode == GetMode.EXCLUSIVE ? 0 : 2);
        }
    }

    /** A tier that does not take the pages of a pool is passed by, put and move alike; other pools use it. */
    @Scenario(on = Shapes.BOTH_KINDS)
    void S34_aTierThatDoesNotServeAPoolIsPassedBy(ChainShape shape, PageKind kind, GetMode mode) {
        for (int tier = 0; tier <= shape.last(); tier++) {
            int unserving = tier;
            try (Scene scene = Scene.with(shape, kind, mode, settings -> settings.unserving(unserving))) {
                int room = IntStream.rangeClosed(0, shape.last())
                        .filter(one -> one != unserving)
                        .map(one -> scene.tier(one).pages())
                        .sum();
                List<Boolean> stored = LongStream.range(0, room + 4)
                        .mapToObj(index -> scene.put(index, 1).stored())
                        .toList();
                assertThat(scene.copies(unserving)).isZero();
                assertThat(stored.contains(true)).isEqualTo(room > 0);
                for (int index = 0; index < stored.size(); index++) {
                    long found = scene.get(index);
                    boolean sure = stored.get(index) && kind == PageKind.PERSISTENT;
                    assertThat(found).isIn(sure ? 1L : 0L, stored.get(index) ? 1L : 0L);
                }
                PageKind otherKind = kind == PageKind.EPHEMERAL ? PageKind.PERSISTENT : PageKind.EPHEMERAL;
                PagePool other = scene.open(config("other", otherKind, mode));
                scene.putInto(unserving, other, new PageKey(OTHER, 0), 1);
                assertThat(scene.copies(unserving)).isEqualTo(1);
                assertThat(Delivery.get(other, new PageKey(OTHER, 0))).isEqualTo(1);
            }
        }
    }

    /** As the test before, with a tier that takes no persistent pages by nature. */
    @Scenario(on = Shapes.WITH_CHRONICLE)
    void S34_persistentPagesPassAChronicleTierBy(ChainShape shape, GetMode mode) {
        try (Scene scene = Scene.of(shape, PageKind.PERSISTENT, mode)) {
            int chronicle = shape.tiers().indexOf(TierSort.CHRONICLE);
            PagePool ephemeral = scene.open(PageKind.EPHEMERAL, mode);
            scene.putInto(chronicle, ephemeral, new PageKey(OTHER, 0), 1);
            int room = IntStream.rangeClosed(0, shape.last())
                    .filter(tier -> tier != chronicle)
                    .map(tier -> scene.tier(tier).pages())
                    .sum();
            for (int index = 0; index < room; index++) {
                assertThat(scene.put(index, 1).stored()).as("page %d", index).isTrue();
            }
            assertThat(scene.put(room, 1).refusal()).isEqualTo(Refusal.FULL);
            assertThat(scene.copies(chronicle)).isEqualTo(1);
            for (int index = 0; index < room; index++) {
                assertThat(scene.get(index)).isEqualTo(1);
            }
            assertThat(Delivery.get(ephemeral, new PageKey(OTHER, 0))).isEqualTo(1);
        }
    }

    /** All bits of a key count: pages whose keys differ in any are different pages, in every tier. */
    @Scenario(on = Shapes.ALL)
    void S37_keysAtTheEndsOfTheirRangesAreDifferentKeys(ChainShape shape, PageKind kind, GetMode mode) {
        try (Scene scene = Scene.with(shape, kind, mode, settings -> settings.firstPages(20))) {
            List<PageKey> keys = strangeKeys();
            for (int i = 0; i < keys.size(); i++) {
                scene.putInto(i % (shape.last() + 1), scene.pool(), keys.get(i), i + 1);
            }
            assertThat(scene.count()).isEqualTo(keys.size());
            for (int i = 0; i < keys.size(); i++) {
                assertThat(Delivery.get(scene.pool(), keys.get(i)))
                        .as("%s", keys.get(i))
                        .isEqualTo(i + 1);
                Scene.put(scene.pool(), keys.get(i), 100 + i);
            }
            assertThat(scene.count()).isEqualTo(keys.size());
            List<PageKey> left = new ArrayList<>(keys);
            while (!left.isEmpty()) {
                PageKey key = left.removeLast();
                assertThat(scene.pool().flush(key.object(), key.index())).isTrue();
                assertThat(scene.pool().flush(key.object(), key.index())).isFalse();
                assertThat(left).allMatch(one -> scene.pool().contains(one.object(), one.index()));
            }
        }
    }

    /** Keys with the same index, object or lower bits as another, and with nothing but zeros and ones. */
    private static List<PageKey> strangeKeys() {
        Stream<PageKey> indexes = LongStream.of(
                        0,
                        1,
                        Integer.MAX_VALUE,
                        (1L << 32) - 1,
                        1L << 32,
                        (1L << 32) + 1,
                        Long.MAX_VALUE,
                        Long.MIN_VALUE,
                        -1)
                .mapToObj(Scene::key);
        Stream<PageKey> objects = Stream.of(
                        ObjectId.of(0),
                        ObjectId.of(1L << 32),
                        ObjectId.of(0, 1, 0),
                        ObjectId.of(1, 0, 0),
                        ObjectId.of(0, 0, -1),
                        ObjectId.of(-1, -1, -1))
                .map(object -> new PageKey(object, 1));
        return Stream.concat(indexes, objects).toList();
    }

    /** Every call of a destroyed pool says so, and changes nothing; a pool opened under its name works. */
    @Scenario(on = Shapes.ALL)
    void S37_aDestroyedPoolAnswersNothing(ChainShape shape, PageKind kind, GetMode mode) {
        try (Scene scene = Scene.of(shape, kind, mode)) {
            PagePool pool = scene.pool();
            byte[] page = Scene.page(Scene.key(0), 2);
            scene.put(0, 1);
            pool.close();
            PagePool fresh = scene.open(config(pool.name(), kind, mode));
            List<ThrowingCallable> calls = List.of(
                    () -> pool.put(Scene.FILE, 0, page),
                    () -> Delivery.get(pool, Scene.key(0)),
                    () -> pool.contains(Scene.FILE, 0),
                    () -> pool.flush(Scene.FILE, 0),
                    () -> pool.flushObject(Scene.FILE),
                    pool::pageCount,
                    pool::stats);
            for (ThrowingCallable call : calls) {
                assertThatThrownBy(call).isInstanceOf(PoolClosedException.class);
            }
            assertThat(pool.isClosed()).isTrue();
            scene.settle();
            assertThat(scene.copies()).isZero();
            assertThat(fresh.pageCount()).isZero();
            assertThat(Scene.put(fresh, Scene.key(0), 3).stored()).isTrue();
            assertThat(Delivery.get(fresh, Scene.key(0))).isEqualTo(3);
        }
    }
}
