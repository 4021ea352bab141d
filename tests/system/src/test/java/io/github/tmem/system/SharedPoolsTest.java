package io.github.tmem.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tmem.api.EphemeralPool;
import io.github.tmem.api.GetMode;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PagePool;
import io.github.tmem.api.PageStore;
import io.github.tmem.api.PoolClosedException;
import io.github.tmem.api.UnauthorizedException;
import io.github.tmem.api.WrongKindException;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.api.config.Secret;
import io.github.tmem.api.config.Size;
import io.github.tmem.api.config.StoreConfig;
import io.github.tmem.api.config.TierConfig;
import io.github.tmem.api.live.PoolExport;
import io.github.tmem.api.stats.PoolStats;
import io.github.tmem.kit.Aside;
import io.github.tmem.kit.Gate;
import io.github.tmem.kit.Race;
import io.github.tmem.kit.StoreExtension;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Shared pools as their owners see them; who may join, and what who leaves takes along, is in the scenarios. */
class SharedPoolsTest {
    private static final UUID IMAGES = UUID.fromString("123e4567-e89b-12d3-a456-426614174000");
    private static final UUID OTHERS = UUID.fromString("123e4567-e89b-12d3-a456-426614174001");
    private static final ObjectId FILE = ObjectId.of(1);
    private static final int PAGE = PoolConfig.PAGE_SIZE_DEFAULT;

    @RegisterExtension
    final StoreExtension stores = new StoreExtension();

    private PageStore open(PoolConfig... declared) {
        List<TierConfig> tiers = List.of(TierConfig.of("heap", Size.parse("8MiB")));
        return stores.open(new StoreConfig(
                Map.of("default", tiers, "other", tiers), List.of(declared), StoreConfig.DEFAULT_DIRECTORY));
    }

    private static PoolConfig images(String name) {
        return PoolConfig.ephemeral(name).sharedAs(IMAGES, Secret.of("sesame".toCharArray()));
    }

    private static byte[] page(int value) {
        byte[] page = new byte[PAGE];
        Arrays.fill(page, (byte) value);
        page[0] = 1; // not filled with one word
        return page;
    }

    @Test
    void eachOwnerHasAHandleOfHisOwn() {
        PageStore store = open();
        PagePool one = stores.pool(store, images("one"));
        PagePool other = stores.pool(store, images("other"));
        PagePool again = stores.pool(store, images("one"));
        assertThat(one).isNotSameAs(other).isNotSameAs(again);
        assertThat(List.of(one.name(), other.name(), again.name())).containsExactly("one", "other", "one");
        assertThat(one.getMode()).as("default of shared pools").isEqualTo(GetMode.INCLUSIVE);
        one.put(FILE, 1, page(1));
        assertThat(other.get(FILE, 1, new byte[PAGE])).isTrue();
        assertThat(again.flush(FILE, 1)).isTrue();
        assertThat(other.contains(FILE, 1)).isFalse();
        assertThat(store.stats().pools()).extracting(PoolStats::name).containsExactly("one");
        assertThat(other.stats()).isEqualTo(one.stats());
        one.close();
        assertThat(other.stats().name()).as("the name of who came first").isEqualTo("one");
    }

    @Test
    void aNameInUseIsNotThatOfAnotherPoolToo() {
        PageStore store = open();
        stores.pool(store, PoolConfig.ephemeral("mine"));
        assertThatThrownBy(() -> stores.pool(store, images("mine"))).isInstanceOf(WrongKindException.class);
        stores.pool(store, images("ours"));
        assertThatThrownBy(() -> stores.pool(store, PoolConfig.ephemeral("ours").sharedAs(OTHERS)))
                .isInstanceOf(WrongKindException.class);
        assertThatThrownBy(() -> store.ephemeral("ours")).isInstanceOf(UnauthorizedException.class);
        assertThat(store.stats().pools()).hasSize(2);
    }

    @Test
    void aSharedPoolIsInOneChain() {
        PageStore store = open();
        stores.pool(store, images("one"));
        assertThatThrownBy(() -> stores.pool(store, images("two").withChain("other")))
                .isInstanceOf(WrongKindException.class)
                .hasMessageContainingAll("chain default", "chain other");
    }

    @Test
    void whoKnowsTheUuidMayJoinAPoolWithoutASecret() {
        PageStore store = open();
        PoolConfig open = PoolConfig.persistent("open").sharedAs(IMAGES);
        stores.pool(store, open);
        stores.pool(store, open.withName("too"));
        assertThatThrownBy(() -> stores.pool(store, open.sharedAs(IMAGES, Secret.of(new char[] {'x'}))))
                .isInstanceOf(UnauthorizedException.class);
    }

    @Test
    void aDeclaredPoolIsJoinedByItsName() {
        PageStore store = open(images("images"));
        EphemeralPool one = store.ephemeral("images");
        EphemeralPool other = store.ephemeral("images", GetMode.INCLUSIVE);
        assertThat(one).isNotSameAs(other);
        one.put(FILE, 1, page(1));
        assertThat(other.contains(FILE, 1)).isTrue();
        assertThatThrownBy(() -> store.persistent("images")).isInstanceOf(WrongKindException.class);
        assertThatThrownBy(() -> store.ephemeral("images", GetMode.EXCLUSIVE)).isInstanceOf(WrongKindException.class);
        one.close();
        other.close();
    }

    /** Who carries the pool somewhere else hears of what went with an owner (L4). */
    @Test
    void whatWhoLeavesTakesAlongIsGoneElsewhereToo() throws IOException {
        PageStore store = open();
        PagePool stays = stores.pool(store, images("stays"));
        PagePool leaves = store.pool(images("leaves"));
        leaves.put(FILE, 1, page(1));
        PagePool elsewhere = stores.pool(open(), images("elsewhere"));
        try (PoolExport export = stays.transfer().export()) {
            carry(export, elsewhere);
            assertThat(elsewhere.contains(FILE, 1)).isTrue();
            leaves.close();
            carry(export, elsewhere);
        }
        assertThat(stays.contains(FILE, 1)).isFalse();
        assertThat(elsewhere.contains(FILE, 1)).isFalse();
    }

    private static void carry(PoolExport export, PagePool target) throws IOException {
        ByteArrayOutputStream pass = new ByteArrayOutputStream();
        export.write(pass);
        target.transfer().restore(new ByteArrayInputStream(pass.toByteArray()));
    }

    @Test
    void theEndOfTheStoreClosesAllHandles() {
        PageStore store = open();
        List<PagePool> handles = List.of(stores.pool(store, images("one")), stores.pool(store, images("other")));
        handles.getFirst().put(FILE, 1, page(1));
        stores.close(store);
        for (PagePool handle : handles) {
            assertThat(handle.isClosed()).isTrue();
            assertThatThrownBy(() -> handle.contains(FILE, 1)).isInstanceOf(PoolClosedException.class);
            handle.close();
        }
        assertThatThrownBy(() -> store.pool(images("late"))).isInstanceOf(PoolClosedException.class);
    }

    /** Whichever call puts or hits: the object is that owner's to take along. */
    @Test
    void everyPutAndEveryHitIsATouch() {
        MemorySegment segment = MemorySegment.ofArray(page(2));
        long[] index = {1};
        List<Consumer<PagePool>> touches = List.of(
                pool -> pool.put(FILE, 1, page(2)),
                pool -> pool.put(FILE, 1, segment),
                pool -> pool.put(FILE, 1, segment, pool.fillToken(FILE, 1)),
                pool -> pool.putAll(FILE, index, segment),
                pool -> pool.async()
                        .putAsync(FILE, 1, segment)
                        .toCompletableFuture()
                        .join(),
                pool -> pool.get(FILE, 1, new byte[PAGE]),
                pool -> pool.get(FILE, 1, segment),
                pool -> pool.getAll(FILE, index, segment),
                pool -> pool.async()
                        .getAsync(FILE, 1, segment)
                        .toCompletableFuture()
                        .join());
        PageStore store = open();
        PagePool stays = stores.pool(store, images("stays"));
        for (int i = 0; i < touches.size(); i++) {
            stays.put(FILE, 1, page(1));
            try (PagePool leaves = store.pool(images("leaves"))) {
                touches.get(i).accept(leaves);
                assertThat(stays.contains(FILE, 1)).isTrue();
            }
            assertThat(stays.contains(FILE, 1)).as("after touch %d", i).isFalse();
            stays.put(FILE, 1, page(1));
            try (PagePool leaves = store.pool(images("leaves"))) {
                assertThat(leaves.contains(FILE, 1)).isTrue();
                leaves.fillToken(FILE, 1);
                leaves.get(FILE, 2, new byte[PAGE]);
            }
            assertThat(stays.contains(FILE, 1)).as("after no touch").isTrue();
        }
    }

    /** A page is read from its source once, however many owners want it. */
    @Test
    void onlyOneOwnerLoadsAPage() {
        PageStore store = open();
        PagePool one = stores.pool(store, images("one"));
        PagePool other = stores.pool(store, images("other"));
        try (Gate gate = new Gate()) {
            gate.shut("load");
            CompletableFuture<Boolean> loading = Aside.start(() -> one.getOrFill(FILE, 1, new byte[PAGE], page -> {
                gate.arrive("load");
                page.copyFrom(MemorySegment.ofArray(page(3)));
            }));
            gate.awaitArrival("load");
            AtomicReference<Thread> waiter = new AtomicReference<>();
            CompletableFuture<Boolean> waiting = Aside.start(() -> {
                waiter.set(Thread.currentThread());
                return other.getOrFill(FILE, 1, new byte[PAGE], page -> {
                    throw new AssertionError("loaded twice");
                });
            });
            Race.until(() ->
                    waiting.isDone() || (waiter.get() != null && waiter.get().getState() == Thread.State.WAITING));
            gate.open("load");
            assertThat(Aside.join(loading)).isFalse();
            assertThat(Aside.join(waiting)).isTrue();
        }
    }
}
