package io.github.tmem.node.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.GetMode;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PagePool;
import io.github.tmem.api.PageStore;
import io.github.tmem.api.PersistentPool;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.node.config.NodeUser;
import io.github.tmem.node.fake.FakeBlobs;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A page that goes back into its pool while its key is put, or its object flushed. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TakenPagesTest {
    private static final ObjectId FILE = ObjectId.of(7);
    private static final byte[] PAGE = new byte[512];
    private static final PoolConfig SETTINGS = PoolConfig.persistent("pool")
            .withPageSize(PAGE.length)
            .sharedAs(new UUID(1, 2))
            .withGetMode(GetMode.EXCLUSIVE);

    private final TakenPages taken = new TakenPages();
    private final AtomicReference<Runnable> beforePut = new AtomicReference<>(() -> {});
    private final AtomicReference<Runnable> afterFlush = new AtomicReference<>(() -> {});

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private OpenPool watched(PagePool pool) {
        PagePool watched = (PagePool) Proxy.newProxyInstance(
                TakenPagesTest.class.getClassLoader(),
                new Class<?>[] {PersistentPool.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("put")) {
                        beforePut.get().run();
                    }
                    try {
                        return method.invoke(pool, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    } finally {
                        if (method.getName().equals("flushObject")) {
                            afterFlush.get().run();
                        }
                    }
                });
        return new OpenPool(watched, SETTINGS, OpenPool.End.CLOSES);
    }

    private Session session() {
        Sessions sessions = new Sessions(() -> 0, taken);
        Client client = new Client(1, "here", 0, () -> {});
        client.login(NodeUser.everybody(), new Values(new FakeBlobs(1000), () -> 0));
        return sessions.begin(client, new byte[0], 1000);
    }

    @Test
    void whatWaitsForAPutDoesNotComeBackBehindIt() throws Exception {
        Session session = session();
        try (PageStore store = PageStore.builder().heap("4MiB").open()) {
            OpenPool pool = watched(store.pool(SETTINGS));
            long number = session.open(OpenPools.ANY, () -> pool);
            pool.pool().put(FILE, 1, PAGE);
            taken.take(session, 0, number, FILE, 1, PAGE.length);

            byte[] newer = new byte[PAGE.length];
            newer[1] = 2;
            CountDownLatch putting = new CountDownLatch(1);
            CountDownLatch waiting = new CountDownLatch(1);
            beforePut.set(() -> {
                putting.countDown();
                await(waiting);
            });
            CompletableFuture<?> put = CompletableFuture.runAsync(
                    () -> taken.change(pool, FILE, 1, () -> pool.pool().put(FILE, 1, newer), done -> true),
                    Thread::startVirtualThread);
            await(putting);
            Thread back = Thread.ofPlatform().start(() -> taken.giveBack(session, 0));
            while (back.getState() != Thread.State.BLOCKED) {
                Thread.onSpinWait();
            }
            waiting.countDown();
            put.get(20, TimeUnit.SECONDS);
            back.join();
            byte[] found = new byte[PAGE.length];
            assertThat(pool.pool().get(FILE, 1, found)).isTrue();
            assertThat(found).isEqualTo(newer);
        }
    }

    @Test
    void whatAFlushHasPassedDoesNotComeBackBehindIt() throws Exception {
        Session session = session();
        try (PageStore store = PageStore.builder().heap("4MiB").open()) {
            OpenPool pool = watched(store.pool(SETTINGS));
            long number = session.open(OpenPools.ANY, () -> pool);
            pool.pool().put(FILE, 1, PAGE);
            assertThat(taken.take(session, 0, number, FILE, 1, PAGE.length)).isEqualTo(PAGE);

            CountDownLatch putting = new CountDownLatch(1);
            CountDownLatch flushed = new CountDownLatch(1);
            beforePut.set(() -> {
                putting.countDown();
                await(flushed);
            });
            afterFlush.set(flushed::countDown);
            CompletableFuture<Boolean> back =
                    CompletableFuture.supplyAsync(() -> taken.giveBack(session, 0), Thread::startVirtualThread);
            await(putting);
            CompletableFuture<Long> flush =
                    CompletableFuture.supplyAsync(() -> taken.flushObject(pool, FILE), Thread::startVirtualThread);
            assertThat(back.get(20, TimeUnit.SECONDS)).isTrue();
            flush.get(20, TimeUnit.SECONDS);
            assertThat(pool.pool().contains(FILE, 1)).isFalse();
            assertThat(taken.bytes()).isZero();
        }
    }
}
