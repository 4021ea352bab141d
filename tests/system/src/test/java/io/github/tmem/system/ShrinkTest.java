package io.github.tmem.system;

import static io.github.tmem.kit.Aside.join;
import static io.github.tmem.kit.Aside.start;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tmem.api.GetMode;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PageLostException;
import io.github.tmem.api.PageStore;
import io.github.tmem.api.PersistentPool;
import io.github.tmem.api.PoolClosedException;
import io.github.tmem.kit.PageKey;
import io.github.tmem.kit.Pages;
import io.github.tmem.kit.Race;
import io.github.tmem.kit.Shape;
import io.github.tmem.kit.StoreExtension;
import io.github.tmem.kit.backend.Link;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Persistent pools that hand pages back: each page once, as it was, and no other. */
class ShrinkTest {
    private static final ObjectId FILE = ObjectId.of(1);
    private static final int PAGE = Stage.PAGE;

    /** A page that was handed back. */
    private record Returned(PageKey key, long version) {}

    private static List<Returned> shrink(PersistentPool pool, int pages) {
        MemorySegment destination = MemorySegment.ofArray(new byte[pages * pool.pageSize()]);
        List<Returned> returned = new ArrayList<>();
        for (var name : pool.shrink(destination)) {
            PageKey key = new PageKey(name.object(), name.index());
            long at = (long) returned.size() * pool.pageSize();
            returned.add(new Returned(key, Pages.version(key, destination.asSlice(at, pool.pageSize()))));
        }
        return returned;
    }

    private static Returned returned(long index, long version) {
        return new Returned(new PageKey(FILE, index), version);
    }

    private static Returned[] pages(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> returned(i, i + 1)).toArray(Returned[]::new);
    }

    @ParameterizedTest
    @EnumSource
    void everyPageComesBackOnce(GetMode mode) {
        try (Stage stage = Stage.of(4, 200)) {
            PersistentPool pool = stage.persistent(mode);
            PersistentPool other = stage.persistent(mode);
            for (int index = 0; index < 150; index++) {
                stage.put(pool, FILE, index, index + 1);
            }
            stage.put(other, FILE, 0, 1);
            List<Returned> all = new ArrayList<>();
            for (int i = 0; i < 21; i++) {
                List<Returned> some = shrink(pool, 7);
                assertThat(some).hasSize(7);
                all.addAll(some);
                if (i == 10) {
                    stage.put(pool, FILE, 150, 151);
                }
            }
            all.addAll(shrink(pool, 7));
            assertThat(all).containsExactlyInAnyOrder(pages(0, 151));
            assertThat(shrink(pool, 1)).isEmpty();
            assertThat(pool.pageCount()).isZero();
            assertThat(pool.stats().taken()).isEqualTo(151);
            assertThat(stage.get(other, FILE, 0)).as("the page of another pool").isEqualTo(1);
        }
    }

    @Test
    void whatIsBehindTheLastPageIsUntouched() {
        try (Stage stage = Stage.of(8);
                Arena arena = Arena.ofShared()) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            stage.put(pool, FILE, 0, 1);
            pool.put(FILE, 1, new byte[PAGE]);
            MemorySegment destination = arena.allocate(3 * PAGE + 100).fill((byte) 7);
            assertThat(pool.shrink(destination)).hasSize(2);
            assertThat(destination.asSlice(2 * PAGE).toArray(java.lang.foreign.ValueLayout.JAVA_BYTE))
                    .containsOnly(7);
            stage.put(pool, FILE, 0, 1);
            assertThat(pool.shrink(MemorySegment.ofArray(new byte[PAGE - 1]))).isEmpty();
            assertThat(pool.pageCount()).isEqualTo(1);
            assertThatThrownBy(() -> pool.shrink(destination.asReadOnly()))
                    .isInstanceOf(IllegalArgumentException.class);
            pool.close();
            assertThatThrownBy(() -> pool.shrink(destination)).isInstanceOf(PoolClosedException.class);
        }
    }

    @Test
    void pagesThatAreLostOrOutOfReachStay() {
        try (Stage stage = Stage.aboveSlow(2, 8)) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            for (int index = 0; index < 4; index++) {
                stage.put(pool, FILE, index, index + 1);
            }
            stage.tier(0).restart(Map.of());
            stage.tier(1).link(Link.DOWN);
            assertThat(shrink(pool, 4)).isEmpty();
            assertThat(pool.pageCount()).isEqualTo(4);
            stage.tier(1).link(Link.UP);
            assertThat(shrink(pool, 4)).containsExactlyInAnyOrder(pages(2, 4));
            assertThatThrownBy(() -> stage.get(pool, FILE, 0)).isInstanceOf(PageLostException.class);
        }
    }

    @Test
    void whatWasTakenBeforeAnErrorIsHandedOver() {
        try (Stage stage = Stage.of(8)) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            stage.put(pool, FILE, 0, 1);
            stage.put(pool, FILE, 1, 2);
            AtomicInteger gets = new AtomicInteger();
            stage.hooks(0).at("get-done", () -> {
                if (gets.incrementAndGet() > 1) {
                    throw new IllegalStateException("planted");
                }
            });
            List<Returned> first = shrink(pool, 2);
            assertThat(first).hasSize(1);
            assertThatThrownBy(() -> shrink(pool, 2)).hasMessage("planted");
            stage.hooks(0).heal();
            first.addAll(shrink(pool, 2));
            assertThat(first).containsExactlyInAnyOrder(pages(0, 2));
        }
    }

    /** The page is read, and then replaced or flushed: what was read is not handed out. */
    @ParameterizedTest
    @EnumSource
    void aPageThatChangesWhileItIsReadIsHandedBackAsItIsThen(GetMode mode) {
        try (Stage stage = Stage.of(8)) {
            PersistentPool pool = stage.persistent(mode);
            for (boolean flush : new boolean[] {false, true}) {
                stage.put(pool, FILE, 0, 1);
                stage.tier(0).gate().shutForOne("get-done");
                CompletableFuture<List<Returned>> shrinking = start(() -> shrink(pool, 2));
                stage.tier(0).gate().awaitArrival("get-done");
                if (flush) {
                    assertThat(pool.flush(FILE, 0)).isTrue();
                } else {
                    stage.put(pool, FILE, 0, 2);
                }
                stage.tier(0).gate().open("get-done");
                assertThat(join(shrinking)).isEqualTo(flush ? List.of() : List.of(returned(0, 2)));
                assertThat(pool.pageCount()).isZero();
            }
        }
    }

    /** Keys of one thread, which therefore knows what each must be unless a shrink took it. */
    private static final class Owner {
        private final PersistentPool pool;
        private final int number;
        private final SplittableRandom random;
        private final Map<PageKey, Long> held = new HashMap<>();
        private final List<Returned> vanished = new ArrayList<>();
        private final List<Returned> ended = new ArrayList<>();
        private long version;

        Owner(PersistentPool pool, int number) {
            this.pool = pool;
            this.number = number;
            this.random = new SplittableRandom(number);
        }

        void work(int steps) {
            for (int i = 0; i < steps; i++) {
                PageKey key = PageKey.of(number, random.nextInt(40));
                switch (random.nextInt(8)) {
                    case 0 -> end(key, pool.flush(key.object(), key.index()));
                    case 1 -> get(key);
                    default -> put(key);
                }
            }
        }

        private void put(PageKey key) {
            version++;
            byte[] page = Pages.make(key, version, Shape.at(random.nextInt()), PAGE);
            boolean stored = pool.put(key.object(), key.index(), page).stored();
            held.remove(key); // a shrink may have been faster, which nobody can tell
            if (stored) {
                held.put(key, version);
            }
        }

        private void get(PageKey key) {
            byte[] page = new byte[PAGE];
            if (pool.get(key.object(), key.index(), page)) {
                assertThat(Pages.version(key, page)).isEqualTo(held.get(key));
                if (pool.getMode() == GetMode.EXCLUSIVE) {
                    end(key, true);
                }
            } else {
                end(key, false);
            }
        }

        private void end(PageKey key, boolean here) {
            Long was = held.remove(key);
            if (was != null) {
                (here ? ended : vanished).add(new Returned(key, was));
            } else {
                assertThat(here).as("page of %s, which nobody put", key).isFalse();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    @Tag("not-mutated")
    void whileOthersPutGetAndFlushEachPageEndsOnce(GetMode mode) {
        try (PageStore store = PageStore.builder().heap("1MiB").offHeap("4MiB").open()) {
            PersistentPool pool = store.persistent("pool", mode);
            List<Owner> owners =
                    IntStream.range(0, 2).mapToObj(i -> new Owner(pool, i)).toList();
            List<List<Returned>> taken = List.of(new ArrayList<>(), new ArrayList<>());
            AtomicInteger working = new AtomicInteger(owners.size());
            new Race()
                    .with(owners.size(), number -> {
                        owners.get(number).work(20_000);
                        working.decrementAndGet();
                    })
                    .with(taken.size(), number -> {
                        while (working.get() > 0) {
                            taken.get(number).addAll(shrink(pool, 5));
                        }
                    })
                    .run();
            List<Returned> all = new ArrayList<>(taken.get(0));
            all.addAll(taken.get(1));
            assertThat(all).doesNotHaveDuplicates().hasSizeGreaterThan(100);
            for (Owner owner : owners) {
                owner.held.keySet().stream().toList().forEach(owner::get);
                assertThat(all).containsAll(owner.vanished).doesNotContainAnyElementsOf(owner.ended);
            }
            StoreExtension.verify(store);
        }
    }
}
