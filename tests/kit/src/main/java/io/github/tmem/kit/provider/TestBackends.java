package io.github.tmem.kit.provider;

import io.github.tmem.api.config.ConfigException;
import io.github.tmem.api.config.Size;
import io.github.tmem.api.config.TierConfig;
import io.github.tmem.api.spi.Backend;
import io.github.tmem.api.spi.BackendProvider;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Hands live backends to stores.
 *
 * <pre>{@code
 * var remote = KeyedTestBackend.slow(1 << 20);
 * try (var entry = TestBackends.register("test-keyed", tier -> remote);
 *      PageStore store = PageStore.builder().heap("1MiB").tier(entry.tier(1 << 20)).open()) {
 *     remote.link(Link.DOWN);
 *     …
 * }
 * }</pre>
 *
 * <p>{@code wrapped} takes any backend; with it goes {@link #installed}, which opens a backend of the class path to wrap:
 * {@code register("wrapped", tier -> new CheckingBackend(TestBackends.installed("heap", tier)).asBackend())}. {@code
 * test-keyed} and {@code test-located} take only keyed and only located ones. Thread-safe.
 */
public final class TestBackends {

    /** The setting that names a registered backend. */
    public static final String INSTANCE = "instance";

    /** Entries live from register to close, so that tests share nothing but the map itself. */
    private static final ConcurrentHashMap<String, BackendFactory> FACTORIES = new ConcurrentHashMap<>();

    private static final AtomicLong LAST_INSTANCE = new AtomicLong();

    private TestBackends() {}

    /**
     * Registers a backend until the result is closed.
     *
     * @param type {@code test-keyed}, {@code test-located} or {@code wrapped}
     */
    public static Registration register(String type, BackendFactory factory) {
        String instance = type + "-" + LAST_INSTANCE.incrementAndGet();
        FACTORIES.put(instance, factory);
        return new Registration(type, instance);
    }

    /** Opens a backend of a type on the class path, with the capacity and the behaviour of {@code tier} and no settings. */
    public static Backend installed(String type, TierConfig tier) {
        TierConfig real = new TierConfig(
                type,
                tier.capacity(),
                tier.high(),
                tier.low(),
                tier.whenFull(),
                tier.promote(),
                tier.codec(),
                tier.incompressible(),
                Map.of());
        return ServiceLoader.load(BackendProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(provider -> provider.type().equals(type))
                .findFirst()
                .orElseThrow(() -> new ConfigException("no backend \"" + type + "\" on the class path"))
                .open(real);
    }

    /** How many registrations have not been closed. */
    public static int registered() {
        return FACTORIES.size();
    }

    static Backend open(TierConfig tier) {
        String instance = tier.settings().get(INSTANCE);
        BackendFactory factory = instance == null ? null : FACTORIES.get(instance);
        if (factory == null) {
            throw new ConfigException("tier " + tier.type() + ": instance \"" + instance + "\" is not registered");
        }
        return factory.open(tier);
    }

    /** One registered backend. Closing it takes it out of the registry; a store that has it open keeps it. */
    public static final class Registration implements AutoCloseable {
        private final String type;
        private final String instance;

        private Registration(String type, String instance) {
            this.type = type;
            this.instance = instance;
        }

        /** The tier that uses the backend, with defaults for the rest. */
        public TierConfig tier(long capacityBytes) {
            return TierConfig.of(type, Size.ofBytes(capacityBytes)).withSettings(Map.of(INSTANCE, instance));
        }

        @Override
        public void close() {
            FACTORIES.remove(instance);
        }
    }
}
