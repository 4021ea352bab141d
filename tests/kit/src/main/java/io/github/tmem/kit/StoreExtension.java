package io.github.tmem.kit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.PagePool;
import io.github.tmem.api.PageStore;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.api.config.StoreConfig;
import io.github.tmem.api.config.TierConfig;
import io.github.tmem.api.spi.SelfChecking;
import io.github.tmem.kit.backend.CheckingBackend;
import io.github.tmem.kit.provider.BackendFactory;
import io.github.tmem.kit.provider.TestBackends;
import io.github.tmem.kit.provider.TestBackends.Registration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Opens stores for a test and looks at them after it: the counters add up, the store's own walk finds nothing, closing the
 * pools frees every byte of every tier, no backend was misused or left with a copy, and native memory is back to where it
 * was before.
 *
 * <p>Use: {@code @RegisterExtension final StoreExtension stores = new StoreExtension();} A test that breaks a tier has to
 * mend it before it ends, so that owed frees can be paid. Thread-safe.
 */
public final class StoreExtension implements BeforeEachCallback, AfterEachCallback {

    /** What the platform itself may take meanwhile, for example to read a file or a jar. */
    private static final long NATIVE_SLACK_BYTES = 64 << 10;

    private final List<Opened> open = new ArrayList<>();
    private final List<Registration> registrations = new ArrayList<>();
    private final List<CheckingBackend> madeLately = new ArrayList<>();
    private long nativeBytesBefore;
    private boolean adopted;

    /** A store with what belongs to it. */
    private record Opened(PageStore store, List<PagePool> pools, List<CheckingBackend> checking) {}

    /** An extension without stores. */
    public StoreExtension() {}

    /** Opens a store that is examined and closed after the test. */
    public synchronized PageStore open(StoreConfig config) {
        madeLately.clear();
        PageStore store = PageStore.open(config);
        open.add(new Opened(store, new ArrayList<>(), List.copyOf(madeLately)));
        return store;
    }

    /**
     * Examines and closes after the test a store that was opened elsewhere: that of a node, over a network. What the network
     * takes for its buffers is not native memory of the store, so that is not looked at then.
     */
    public synchronized PageStore adopt(PageStore store) {
        open.add(new Opened(store, new ArrayList<>(), List.of()));
        adopted = true;
        return store;
    }

    /** Opens a pool of a store of this extension. */
    public synchronized PagePool pool(PageStore store, PoolConfig config) {
        PagePool pool = store.pool(config);
        opened(store).pools.add(pool);
        return pool;
    }

    /** Closes a store now: it is not examined after the test, but for the memory it should have given back. */
    public void close(PageStore store) {
        forget(store);
        store.close();
    }

    private synchronized void forget(PageStore store) {
        open.remove(opened(store));
    }

    /**
     * Examines a store now, and closes it.
     *
     * @throws AssertionError if something is wrong with it
     */
    public void finish(PageStore store) {
        Opened opened = opened(store);
        try {
            examine(opened);
        } finally {
            close(store);
        }
    }

    /** A tier of {@code type} from the class path, with a {@link CheckingBackend} in front. */
    public TierConfig checked(String type, long capacityBytes) {
        return checked(tier -> TestBackends.installed(type, tier), capacityBytes);
    }

    /** A tier of the backends {@code factory} makes, with a {@link CheckingBackend} in front. */
    public TierConfig checked(BackendFactory factory, long capacityBytes) {
        return tier(
                tier -> {
                    CheckingBackend backend = new CheckingBackend(factory.open(tier));
                    madeLately.add(backend);
                    return backend.asBackend();
                },
                capacityBytes);
    }

    /** A tier of the backends {@code factory} makes. */
    public synchronized TierConfig tier(BackendFactory factory, long capacityBytes) {
        Registration registration = TestBackends.register("wrapped", factory);
        registrations.add(registration);
        return registration.tier(capacityBytes);
    }

    /**
     * Looks at a store nobody calls: counters add up, and the store's own walk finds nothing wrong.
     *
     * @throws AssertionError if an invariant is broken
     */
    public static void verify(PageStore store) {
        if (store instanceof SelfChecking selfChecking) {
            selfChecking.verify();
        }
        StatsLaws.check(store.stats());
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        nativeBytesBefore = NativeMemory.bytes();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        boolean passed = context.getExecutionException().isEmpty();
        try {
            if (passed) {
                open.forEach(StoreExtension::examine);
            }
        } finally {
            open.forEach(opened -> opened.store.close());
            registrations.forEach(Registration::close);
        }
        if (passed && !adopted) {
            long limit = nativeBytesBefore + NATIVE_SLACK_BYTES;
            assertThat(NativeMemory.bytesBeyondGarbage(limit))
                    .as("native bytes")
                    .isLessThanOrEqualTo(limit);
        }
    }

    private synchronized Opened opened(PageStore store) {
        return open.stream()
                .filter(opened -> opened.store.equals(store))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("the store was not opened here, or is closed"));
    }

    private static void examine(Opened opened) {
        PageStore store = opened.store;
        verify(store);
        opened.pools.forEach(PagePool::close);
        verify(store);
        opened.checking.forEach(CheckingBackend::assertNoMistakes);
        if (store.stats().pools().isEmpty()) {
            assertEmpty(opened);
        }
    }

    /** Checks that no tier holds a byte, once owed frees are paid and the background has let go. */
    private static void assertEmpty(Opened opened) {
        assertThat(opened.store.stats().tiers())
                .as("tiers after all pools are closed")
                .allMatch(tier -> tier.freesOwed() == 0
                        && tier.usedBytes() == 0
                        && tier.encodedBytes() == 0
                        && tier.rawBytes() == 0);
        opened.checking.forEach(CheckingBackend::assertNoCopies);
    }
}
