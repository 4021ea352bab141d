package io.github.tmem.system.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tmem.api.GetMode;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PageKind;
import io.github.tmem.api.PagePool;
import io.github.tmem.api.PoolClosedException;
import io.github.tmem.api.UnauthorizedException;
import io.github.tmem.api.WrongKindException;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.api.config.Secret;
import io.github.tmem.kit.Delivery;
import io.github.tmem.kit.PageKey;
import io.github.tmem.kit.Race;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Owners of a shared pool who come and go: scenarios 35 and 36. */
class SharersTest {
    private static final UUID SHARED = UUID.fromString("00000000-0000-4000-8000-00000000cafe");
    private static final ObjectId OURS = ObjectId.of(2);
    private static final ObjectId THEIRS = ObjectId.of(3);
    private static final ObjectId HIT = ObjectId.of(4);

    private static Secret secret(String text) {
        return Secret.of(text.toCharArray());
    }

    private static PoolConfig plain(String name, PageKind kind, GetMode mode) {
        return SceneSettings.pool(name, kind, mode);
    }

    private static PoolConfig shared(String name, PageKind kind, GetMode mode) {
        return plain(name, kind, mode).sharedAs(SHARED, secret("open sesame")).withGetMode(mode);
    }

    /** Who comes with other settings, or without the secret, gets nothing: not this pool, nor one of his own. */
    @Scenario(on = Shapes.ALL)
    void S35_whoDoesNotMatchGetsNoPool(ChainShape shape, PageKind kind, GetMode mode) {
        try (Scene scene = Scene.with(shape, kind, mode, settings -> settings.firstPages(6))) {
            PagePool first = scene.open(shared("first", kind, mode));
            scene.putInto(shape.last(), first, new PageKey(OURS, 0), 1);
            int before = scene.store().stats().pools().size();
            PageKind otherKind = kind == PageKind.EPHEMERAL ? PageKind.PERSISTENT : PageKind.EPHEMERAL;
            GetMode otherMode = mode == GetMode.EXCLUSIVE ? GetMode.INCLUSIVE : GetMode.EXCLUSIVE;
            PoolConfig right = shared("second", kind, mode);
            for (PoolConfig wrong : List.of(
                    shared("second", otherKind, mode),
                    right.withGetMode(otherMode),
                    right.withPageSize(Scene.PAGE / 2),
                    right.withIndexes(7))) {
                assertThatThrownBy(() -> scene.open(wrong))
                        .isInstanceOf(WrongKindException.class)
                        .hasMessageContainingAll(
                                "second",
                                "open as " + kind.word(),
                                "not as " + wrong.kind().word());
            }
            PoolConfig bare = plain("second", kind, mode);
            List<ThrowingCallable> intrusions = List.of(
                    () -> scene.open(
                            bare.sharedAs(SHARED, secret("open Sesame")).withGetMode(mode)),
                    () -> scene.open(bare.sharedAs(SHARED).withGetMode(mode)),
                    () -> scene.open(plain("first", kind, mode)),
                    () -> scene.store().ephemeral("first"),
                    () -> scene.store().persistent("first"));
            for (ThrowingCallable intrusion : intrusions) {
                assertThatThrownBy(intrusion)
                        .isInstanceOf(UnauthorizedException.class)
                        .hasMessageNotContainingAny("sesame", "Sesame");
            }
            assertThat(scene.store().stats().pools()).hasSize(before);
            PagePool second = scene.open(right);
            assertThat(scene.store().stats().pools()).hasSize(before);
            assertThat(Delivery.get(second, new PageKey(OURS, 0))).isEqualTo(1);
        }
    }

    /** Who leaves takes along what he touched last, if it may vanish; the rest goes with the last. */
    @Scenario(on = Shapes.ALL)
    void S36_whoLeavesTakesAlongWhatHeTouchedLast(ChainShape shape, PageKind kind, GetMode mode) {
        int last = shape.last();
        try (Scene scene = Scene.with(shape, kind, mode, settings -> settings.firstPages(8))) {
            PagePool one = scene.open(shared("one", kind, mode));
            PagePool other = scene.open(shared("other", kind, mode));
            for (int tier = 0; tier <= last; tier++) {
                scene.putInto(tier, one, new PageKey(OURS, tier), 1);
                scene.putInto(tier, one, new PageKey(THEIRS, tier), 1);
                scene.putInto(tier, one, new PageKey(HIT, tier), 1);
            }
            scene.putInto(last, other, new PageKey(THEIRS, 100), 1);
            scene.putInto(last, other, new PageKey(HIT, 100), 1);
            assertThat(Delivery.get(other, new PageKey(OURS, 200))).isZero(); // a miss touches nothing
            assertThat(Delivery.get(one, new PageKey(HIT, 100))).isEqualTo(1);
            one.close();
            assertThat(one.isClosed()).isTrue();
            assertThatThrownBy(() -> Delivery.get(one, new PageKey(THEIRS, 0))).isInstanceOf(PoolClosedException.class);
            assertThat(other.isClosed()).isFalse();
            boolean stay = kind == PageKind.PERSISTENT;
            for (int tier = 0; tier <= last; tier++) {
                assertThat(other.contains(OURS, tier)).isEqualTo(stay);
                assertThat(other.contains(THEIRS, tier)).isTrue();
                assertThat(other.contains(HIT, tier)).isEqualTo(stay);
            }
            assertThat(Delivery.get(other, new PageKey(THEIRS, 0))).isEqualTo(1);
            scene.settle();
            one.close();
            other.close();
            scene.settle();
            assertThat(scene.copies()).isZero();
        }
    }

    /** A pool opened once it is decided that the last has left is another, however much of the old one is still there. */
    @Scenario(on = Shapes.ALL)
    void S36_whoComesAfterTheLastHasLeftGetsANewPool(ChainShape shape, PageKind kind, GetMode mode) {
        String point = "0.flush";
        try (Scene scene = Scene.with(shape, kind, mode, settings -> settings.firstPages(6))) {
            PagePool old = scene.open(shared("old", kind, mode));
            scene.putInto(0, old, new PageKey(OURS, 0), 1);
            scene.putInto(0, old, new PageKey(OURS, 1), 1);
            scene.gate().shutForOne(point);
            CompletableFuture<Boolean> leaving = scene.start(() -> {
                old.close();
                return true;
            });
            scene.gate().awaitArrival(point);
            PagePool fresh = scene.open(shared("fresh", kind, mode));
            assertThat(fresh.pageCount()).isZero();
            assertThat(Delivery.get(fresh, new PageKey(OURS, 1))).isZero();
            scene.putInto(shape.last(), fresh, new PageKey(OURS, 1), 2);
            scene.gate().open(point);
            scene.join(leaving);
            scene.settle();
            assertThat(scene.copies()).isEqualTo(1);
            assertThat(Delivery.get(fresh, new PageKey(OURS, 1))).isEqualTo(2);
        }
    }

    /** A pool that somebody opened before the other left lives on, also while what that one took along is still going. */
    @Scenario(on = Shapes.ALL)
    void S36_whoComesBeforeTheLastHasLeftKeepsThePool(ChainShape shape, PageKind kind, GetMode mode) {
        String point = "0.flush";
        try (Scene scene = Scene.with(shape, kind, mode, settings -> settings.firstPages(6))) {
            PagePool old = scene.open(shared("old", kind, mode));
            scene.putInto(0, old, new PageKey(OURS, 0), 1);
            PagePool joined = scene.open(shared("joined", kind, mode));
            scene.putInto(shape.last(), joined, new PageKey(THEIRS, 0), 2);
            if (kind == PageKind.EPHEMERAL) { // else nothing goes
                scene.gate().shutForOne(point);
            }
            CompletableFuture<Boolean> leaving = scene.start(() -> {
                old.close();
                return true;
            });
            if (kind == PageKind.EPHEMERAL) {
                scene.gate().awaitArrival(point);
            } else {
                scene.join(leaving);
            }
            assertThat(joined.contains(OURS, 0)).isEqualTo(kind == PageKind.PERSISTENT);
            assertThat(Delivery.get(joined, new PageKey(THEIRS, 0))).isEqualTo(2);
            PagePool third = scene.open(shared("third", kind, mode));
            scene.putInto(shape.last(), third, new PageKey(OURS, 0), 3);
            joined.close();
            assertThat(third.contains(OURS, 0)).isTrue();
            scene.gate().open(point);
            scene.join(leaving);
            scene.settle();
            assertThat(Delivery.get(third, new PageKey(OURS, 0))).isEqualTo(3);
        }
    }

    /** The last may leave while what another took along is still going. */
    @Scenario(on = Shapes.ALL, kinds = PageKind.EPHEMERAL)
    void S36_theLastLeavesWhileAnotherIsLeaving(ChainShape shape, PageKind kind, GetMode mode) {
        String point = "0.flush";
        try (Scene scene = Scene.with(shape, kind, mode, settings -> settings.firstPages(6))) {
            PagePool one = scene.open(shared("one", kind, mode));
            PagePool other = scene.open(shared("other", kind, mode));
            scene.putInto(0, one, new PageKey(OURS, 0), 1);
            scene.putInto(0, one, new PageKey(OURS, 1), 1);
            scene.putInto(shape.last(), other, new PageKey(THEIRS, 0), 1);
            scene.gate().shutForOne(point);
            CompletableFuture<Boolean> leaving = scene.start(() -> {
                one.close();
                return true;
            });
            scene.gate().awaitArrival(point);
            other.close();
            scene.gate().open(point);
            scene.join(leaving);
            scene.settle();
            assertThat(scene.copies()).isZero();
        }
    }

    /** However many come and go at once: whoever is in has a pool that is open, and nothing is left of it at the end. */
    @Scenario(on = Shapes.ONE_TIER)
    void S36_manyComeAndGo(ChainShape shape, PageKind kind, GetMode mode) {
        try (Scene scene = Scene.with(shape, kind, mode, settings -> settings.firstPages(6))) {
            int before = scene.store().stats().pools().size();
            AtomicInteger joined = new AtomicInteger();
            new Race()
                    .with(3, number -> {
                        PageKey key = new PageKey(ObjectId.of(10 + number), 0);
                        for (int round = 1; round <= 60; round++) {
                            try (PagePool pool = scene.store().pool(shared("sharer" + number, kind, mode))) {
                                Scene.put(pool, key, round);
                                long found = Delivery.get(pool, key);
                                assertThat(found).isIn((long) round, 0L);
                                joined.incrementAndGet();
                            }
                        }
                    })
                    .run();
            assertThat(joined.get()).isEqualTo(3 * 60);
            scene.settle();
            assertThat(scene.store().stats().pools()).hasSize(before);
            assertThat(scene.copies()).isZero();
        }
    }
}
