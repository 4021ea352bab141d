package io.github.tmem.tiering.store;

import io.github.tmem.api.PageStore;
import io.github.tmem.api.config.ConfigValue;
import io.github.tmem.api.config.StoreConfig;
import io.github.tmem.api.spi.BackendProvider;
import io.github.tmem.api.spi.CodecProvider;
import io.github.tmem.api.spi.StoreProvider;
import io.github.tmem.tiering.yaml.ConfigFile;
import io.github.tmem.tiering.yaml.Vocabulary;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/** Opens tiered stores. Found by the service loader. */
public final class TieredStoreProvider implements StoreProvider {
    private final LongSupplier seeds;

    /** Found by the service loader. */
    public TieredStoreProvider() {
        this(new SecureRandom()::nextLong);
    }

    /**
     * Opens stores that repeat themselves: the same seeds and the same operations, one after the other, give the same
     * victims. For measurements; with seeds that others can guess they could choose keys that collide.
     *
     * @param seeds what the key hashes of each pool start from; asked by the thread that opens the pool
     */
    public TieredStoreProvider(LongSupplier seeds) {
        this.seeds = seeds;
    }

    @Override
    public PageStore open(StoreConfig config) {
        return new TieredStore(config, backends(), seeds);
    }

    @Override
    public StoreConfig read(Path file) {
        List<CodecProvider> codecs = new ArrayList<>();
        ServiceLoader.load(CodecProvider.class).forEach(codecs::add);
        return ConfigFile.read(file, Vocabulary.of(backends().values(), codecs));
    }

    @Override
    public Optional<ConfigValue> section(Path file, String key) {
        return ConfigFile.section(file, key);
    }

    private static Map<String, BackendProvider> backends() {
        Map<String, BackendProvider> byType = new TreeMap<>();
        for (BackendProvider provider : ServiceLoader.load(BackendProvider.class)) {
            byType.putIfAbsent(provider.type(), provider);
        }
        return byType;
    }
}
