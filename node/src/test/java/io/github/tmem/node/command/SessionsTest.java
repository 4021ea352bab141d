package io.github.tmem.node.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tmem.api.EphemeralPool;
import io.github.tmem.api.PagePool;
import io.github.tmem.api.PoolClosedException;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.node.config.NodeUser;
import io.github.tmem.node.fake.FakeBlobs;
import io.github.tmem.node.fake.FakeStore;
import io.github.tmem.node.fake.Flaw;
import io.github.tmem.node.resp.RequestException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Connections of sessions that end or fence each other, without a network. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SessionsTest {
    private final AtomicLong clock = new AtomicLong(1000);
    private final Values values = new Values(new FakeBlobs(1000), clock::get);
    private final Sessions sessions = new Sessions(clock::get, new TakenPages());

    private Client client(long id, Runnable end) {
        Client client = new Client(id, "here", 0, end);
        client.login(NodeUser.everybody(), values);
        return client;
    }

    private Session begin(Client client) {
        return sessions.begin(client, new byte[0], 1000);
    }

    /** Runs a request, behind which the connection is over. */
    private static CompletableFuture<Void> last(Client client, Runnable request) {
        return CompletableFuture.runAsync(
                () -> {
                    try {
                        request.run();
                    } finally {
                        client.leave();
                    }
                },
                Thread::startVirtualThread);
    }

    private static void meet(CyclicBarrier gate) {
        try {
            gate.await();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void twoThatEndTheSessionsOfEachOtherBothComeToAnEnd() throws Exception {
        CyclicBarrier bothEnd = new CyclicBarrier(2);
        Client one = client(1, () -> meet(bothEnd));
        Client two = client(2, () -> meet(bothEnd));
        Session first = begin(one);
        Session second = begin(two);
        CompletableFuture<Void> ending = last(one, () -> sessions.end(one, second.id()));
        CompletableFuture<Void> other = last(two, () -> sessions.end(two, first.id()));
        CompletableFuture.allOf(ending, other).exceptionally(failure -> null).get(20, TimeUnit.SECONDS);
        CompletableFuture.allOf(first.ended(), second.ended()).get(20, TimeUnit.SECONDS);
        assertThat(sessions.count()).isZero();
    }

    @Test
    void aFenceThatIsOvertakenWaitsNoLonger() throws Exception {
        CountDownLatch fencing = new CountDownLatch(1);
        Client old = client(1, fencing::countDown);
        Session session = begin(old);
        Client one = client(2, () -> {});
        Client two = client(3, () -> {});
        CompletableFuture<Void> overtaken = last(one, () -> sessions.fence(one, session.id(), 1));
        fencing.await();
        CompletableFuture<Session> fence =
                CompletableFuture.supplyAsync(() -> sessions.fence(two, session.id(), 2), Thread::startVirtualThread);
        assertThatThrownBy(() -> overtaken.get(20, TimeUnit.SECONDS))
                .hasCauseInstanceOf(RequestException.class)
                .hasMessageContaining("STALE");
        assertThat(one.isLeaving()).isTrue();
        assertThat(fence).as("while the oldest runs").isNotDone();
        old.leave();
        assertThat(fence.get(20, TimeUnit.SECONDS)).isSameAs(session);
        assertThat(two.isLeaving()).isFalse();
    }

    @Test
    void aPoolThatIsBeingOpenedHoldsUpNoEnd() throws Exception {
        CountDownLatch opening = new CountDownLatch(1);
        CountDownLatch cut = new CountDownLatch(1);
        AtomicInteger closed = new AtomicInteger();
        Client old = client(1, cut::countDown);
        Session session = begin(old);
        CompletableFuture<Void> open = last(
                old,
                () -> session.open(OpenPools.ANY, () -> {
                    opening.countDown();
                    try {
                        cut.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                    return pool(closed, "no failure");
                }));
        opening.await();
        clock.addAndGet(1001);
        CompletableFuture<Void> sweep = CompletableFuture.runAsync(sessions::sweep, Thread::startVirtualThread);
        assertThatThrownBy(() -> open.get(20, TimeUnit.SECONDS)).hasCauseInstanceOf(PoolClosedException.class);
        sweep.get(20, TimeUnit.SECONDS);
        assertThat(closed).as("what was opened too late").hasValue(1);
    }

    @Test
    void aPoolThatCannotBeClosedKeepsNothingElse() throws Exception {
        AtomicInteger closed = new AtomicInteger();
        Client one = client(1, () -> {});
        Session session = begin(one);
        for (int i = 0; i < 3; i++) {
            session.open(OpenPools.ANY, () -> pool(closed, "close"));
        }
        assertThat(sessions.end(one, session.id())).isZero();
        assertThat(closed).hasValue(3);
        assertThat(session.ended()).isCompleted();
        assertThat(sessions.count()).isZero();

        Client two = client(2, () -> {});
        two.open(OpenPools.ANY, () -> pool(closed, "close"));
        two.open(OpenPools.ANY, () -> pool(closed, "close"));
        two.leave();
        assertThat(closed).hasValue(5);
        assertThat(two.rest()).isCompleted();
    }

    /** A pool that counts its closes, each of which fails if it is {@code failing}. */
    private static OpenPool pool(AtomicInteger closed, String failing) {
        PoolConfig settings = PoolConfig.ephemeral("pool").withPageSize(512);
        PagePool pool = new FakeStore(Flaw.NONE).pool(settings);
        PagePool counted = (PagePool) Proxy.newProxyInstance(
                SessionsTest.class.getClassLoader(),
                new Class<?>[] {EphemeralPool.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("close")) {
                        closed.incrementAndGet();
                    }
                    if (method.getName().equals(failing)) {
                        throw new IllegalStateException("as the test wants it");
                    }
                    try {
                        return method.invoke(pool, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
        return new OpenPool(counted, settings, OpenPool.End.CLOSES);
    }
}
