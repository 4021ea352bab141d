package io.github.tmem.node.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A client that comes back over a new connection finds nothing of its old ones still to be done. */
@Timeout(60)
class FenceTest {
    private static final String OK = "+OK\r\n";

    /** The clock of a node, at which a request can be held up: {@code SET … EX} looks at it before it puts. */
    private static final class Held implements LongSupplier {
        final AtomicLong time = new AtomicLong(1_000_000);
        final AtomicBoolean armed = new AtomicBoolean();
        final CountDownLatch reached = new CountDownLatch(1);
        final CountDownLatch released = new CountDownLatch(1);

        @Override
        public long getAsLong() {
            if (Thread.currentThread().isVirtual() && armed.compareAndSet(true, false)) {
                reached.countDown();
                try {
                    released.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
            return time.get();
        }
    }

    private static String begin(Wire wire) throws IOException {
        String id = wire.ask("TMEM.SESSION", "BEGIN", "60000");
        return id.substring(id.indexOf('\n') + 1, id.length() - 2);
    }

    @Test
    void aFenceWaitsForWhatRunsAndEndsWhatIsBehindIt() throws Exception {
        Held held = new Held();
        try (RunningNode node = new RunningNode(held);
                Wire old = node.connect();
                Wire next = node.connect()) {
            String id = begin(old);
            held.armed.set(true);
            old.send(Talk.request("SET", "running", "v2", "EX", "100")
                    + Talk.request("SET", "behind", "v2")
                    + Talk.request("SET", "never", "v2"));
            held.reached.await();

            next.send(Talk.request("TMEM.SESSION", "KEEP", id, "FENCE", "1")
                    + Talk.request("SET", "running", "v3")
                    + Talk.request("SET", "behind", "v3"));
            assertThat(old.rest()).as("the old connection is ended").doesNotContain("OK");
            assertThat(next.isSilent()).as("while the old put runs").isTrue();
            held.released.countDown();
            assertThat(next.answer()).isEqualTo(OK);
            assertThat(next.answer()).isEqualTo(OK);
            assertThat(next.answer()).isEqualTo(OK);
            assertThat(next.ask("MGET", "running", "behind", "never"))
                    .isEqualTo("*3\r\n" + Talk.bulk("v3") + Talk.bulk("v3") + "$-1\r\n");
        }
    }

    @Test
    void nobodyHearsOfTheEndOfASessionWhileSomethingOfItRuns() throws Exception {
        Held held = new Held();
        try (RunningNode node = new RunningNode(held);
                Wire old = node.connect();
                Wire next = node.connect()) {
            String id = begin(old);
            held.armed.set(true);
            old.send(Talk.request("SET", "running", "v2", "EX", "100") + Talk.request("SET", "behind", "v2"));
            held.reached.await();
            held.time.addAndGet(60_001);
            Thread sweep = Thread.ofPlatform().start(node.state().sessions()::sweep);

            assertThat(old.rest()).doesNotContain("OK");
            next.send(Talk.request("TMEM.SESSION", "KEEP", id, "FENCE", "1")
                    + Talk.request("SET", "running", "v3")
                    + Talk.request("SET", "behind", "v3"));
            assertThat(next.isSilent()).as("while the old put runs").isTrue();
            held.released.countDown();
            assertThat(next.answer()).startsWith("-NOSESSION ");
            assertThat(next.answer()).isEqualTo(OK);
            assertThat(next.answer()).isEqualTo(OK);
            assertThat(next.ask("MGET", "running", "behind")).isEqualTo("*2\r\n" + Talk.bulk("v3") + Talk.bulk("v3"));
            sweep.join();
        }
    }

    @Test
    void twoFencesDoNotWaitForEachOther() throws Exception {
        Held held = new Held();
        try (RunningNode node = new RunningNode(held);
                Wire one = node.connect();
                Wire two = node.connect()) {
            String id = begin(one);
            assertThat(two.ask("TMEM.SESSION", "KEEP", id)).isEqualTo(OK);
            held.armed.set(true);
            two.send(Talk.request("TMEM.SESSION", "KEEP", id, "FENCE", "2"));
            held.reached.await();
            one.send(Talk.request("TMEM.SESSION", "KEEP", id, "FENCE", "1"));
            assertThat(one.rest()).doesNotContain("OK");
            held.released.countDown();
            assertThat(two.answer()).isEqualTo(OK);
            assertThat(two.ask("PING")).isEqualTo("+PONG\r\n");
        }
    }

    @Test
    void aFenceThatComesLateEndsWhoSentItAndNobodyElse() throws IOException {
        try (RunningNode node = new RunningNode();
                Wire first = node.connect();
                Wire late = node.connect();
                Wire same = node.connect();
                Wire third = node.connect()) {
            String id = begin(first);
            assertThat(third.ask("TMEM.SESSION", "KEEP", id, "FENCE", "2")).isEqualTo(OK);
            late.send(Talk.request("TMEM.SESSION", "KEEP", id, "FENCE", "1") + Talk.request("SET", "behind", "v"));
            assertThat(late.rest()).startsWith("-STALE ").doesNotContain("OK");
            assertThat(same.ask("TMEM.SESSION", "KEEP", id, "FENCE", "2")).startsWith("-STALE ");
            assertThat(same.rest()).isEmpty();
            assertThat(third.ask("GET", "behind")).isEqualTo("$-1\r\n");
            assertThat(third.ask("PING")).isEqualTo("+PONG\r\n");
            assertThat(first.rest()).isEmpty();
        }
    }
}
