package io.github.tmem.tiering.store;

import io.github.tmem.api.PageStore;
import io.github.tmem.api.config.StoreConfig;
import io.github.tmem.api.spi.BackendProvider;
import io.github.tmem.api.spi.CodecProvider;
import io.github.tmem.api.spi.StoreProvider;
import io.github.tmem.tiering.yaml.ConfigFile;
import io.github.tmem.tiering.yaml.Vocabulary;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;

/** Opens tiered stores. Found by the service loader. */
public final class TieredStoreProvider implements StoreProvider {
    /** Found by the service loader. */
    public TieredStoreProvider() {}

    @Override
    public PageStore open(StoreConfig config) {
        return new TieredStore(config, backends());
    }

    @Override
    public StoreConfig read(Path file) {
        List<CodecProvider> codecs = new ArrayList<>();
        ServiceLoader.load(CodecProvider.class).forEach(codecs::add);
        return ConfigFile.read(file, Vocabulary.of(backends().values(), codecs));
    }

    private static Map<String, BackendProvider> backends() {
        Map<String, BackendProvider> byType = new TreeMap<>();
        for (BackendProvider provider : ServiceLoader.load(BackendProvider.class)) {
            byType.putIfAbsent(provider.type(), provider);
        }
        return byType;
    }
}
