package io.github.tmem.tiering.yaml;

import io.github.tmem.api.config.TierConfig;
import io.github.tmem.api.spi.BackendProvider;
import io.github.tmem.api.spi.CodecProvider;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The words a configuration file may use because something on the class path understands them.
 *
 * @param settingKeys the tier types, each with the setting keys its backend understands
 * @param codecs the codecs a tier may name
 */
public record Vocabulary(Map<String, Set<String>> settingKeys, Set<String> codecs) {

    /** The codec of pages kept as they come, which needs no provider. */
    public static final String CODEC_NONE = TierConfig.CODEC_NONE;

    public Vocabulary {
        settingKeys = Map.copyOf(settingKeys);
        codecs = Set.copyOf(codecs);
    }

    /** The types and codecs of these providers, and {@value #CODEC_NONE}. */
    public static Vocabulary of(Collection<BackendProvider> backends, Collection<CodecProvider> codecs) {
        Map<String, Set<String>> settingKeys = new HashMap<>();
        backends.forEach(backend -> settingKeys.put(backend.type(), Set.copyOf(backend.settingKeys())));
        Set<String> names = new TreeSet<>(Set.of(CODEC_NONE));
        codecs.forEach(codec -> names.add(codec.name()));
        return new Vocabulary(settingKeys, names);
    }
}
