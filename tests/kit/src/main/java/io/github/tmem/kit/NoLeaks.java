package io.github.tmem.kit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.config.ConfigException;
import io.github.tmem.api.config.Size;
import io.github.tmem.api.config.TierConfig;
import io.github.tmem.api.spi.Backend;
import io.github.tmem.api.spi.BackendProvider;
import io.github.tmem.kit.provider.TestBackends;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * Fails a test that leaves something behind: native memory, the thread of a store or of a test backend, or a registered
 * test backend. That the tiers of a store are empty in the end is what the store asserts when it is closed; that it is
 * closed is what this asserts.
 *
 * <p>A module registers it for all of its tests by setting {@code junit.jupiter.extensions.autodetection.enabled}. It then
 * comes before and after everything else, so that what a test or its other extensions give back in the end counts as given
 * back. A test that has failed is not examined.
 */
public final class NoLeaks implements BeforeEachCallback, AfterEachCallback {

    /** The tag of tests with network clients, whose libraries keep buffers for what comes next. */
    public static final String NETWORK = "network";

    /** What the platform itself may take meanwhile, for example to read a file or a jar. */
    private static final long NATIVE_SLACK_BYTES = 64 << 10;

    /** What the buffers of a network client may take. */
    private static final long NETWORK_SLACK_BYTES = 4 << 20;

    private static final Set<String> THREADS = Set.of("tmem-maintenance", "keyed-test-backend");
    private static final Namespace NAMESPACE = Namespace.create(NoLeaks.class);

    /** What there is at one moment. */
    record Holdings(long nativeBytes, long threads, int registered) {
        static Holdings now() {
            long threads = Thread.getAllStackTraces().keySet().stream()
                    .filter(thread -> THREADS.contains(thread.getName()))
                    .count();
            return new Holdings(NativeMemory.bytes(), threads, TestBackends.registered());
        }

        /** Fails if there is more now than there was then. */
        void assertNoMoreNow() {
            assertNoMoreNow(NATIVE_SLACK_BYTES);
        }

        void assertNoMoreNow(long slackBytes) {
            Holdings now = now();
            assertThat(now.threads)
                    .as("threads of stores and test backends that were not closed")
                    .isLessThanOrEqualTo(threads);
            assertThat(now.registered)
                    .as("test backends that are still registered")
                    .isLessThanOrEqualTo(registered);
            long limit = nativeBytes + slackBytes;
            assertThat(NativeMemory.bytesBeyondGarbage(limit))
                    .as("native bytes")
                    .isLessThanOrEqualTo(limit);
        }
    }

    /** For {@link java.util.ServiceLoader}. */
    public NoLeaks() {}

    @Override
    public void beforeEach(ExtensionContext context) {
        ExtensionContext.Store whole = context.getRoot().getStore(NAMESPACE);
        if (whole.get(Set.class) == null) {
            whole.put(Set.class, openedOnce());
        }
        context.getStore(NAMESPACE).put(Holdings.class, Holdings.now());
    }

    /** Opens every installed tier: what its libraries take for good when they are first used is no test's leak. */
    private static Set<String> openedOnce() {
        Set<String> opened = new TreeSet<>();
        for (BackendProvider provider : ServiceLoader.load(BackendProvider.class)) {
            if (provider.settingKeys().isEmpty() && canBeOpened(provider)) {
                opened.add(provider.type());
            }
        }
        return opened;
    }

    /** Whether this JVM is one for such a tier. */
    private static boolean canBeOpened(BackendProvider provider) {
        try (Backend backend = provider.open(TierConfig.of(provider.type(), Size.ofBytes(1 << 20)))) {
            return backend.usage().copies() == 0;
        } catch (ConfigException lacksAnOption) {
            return false; // then no test opens one either
        }
    }

    @Override
    public void afterEach(ExtensionContext context) {
        Holdings before = context.getStore(NAMESPACE).get(Holdings.class, Holdings.class);
        if (before != null && context.getExecutionException().isEmpty()) {
            before.assertNoMoreNow(context.getTags().contains(NETWORK) ? NETWORK_SLACK_BYTES : NATIVE_SLACK_BYTES);
        }
    }
}
