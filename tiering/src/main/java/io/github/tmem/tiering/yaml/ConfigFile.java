package io.github.tmem.tiering.yaml;

import io.github.tmem.api.config.ConfigException;
import io.github.tmem.api.config.ConfigValue;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.api.config.Size;
import io.github.tmem.api.config.StoreConfig;
import io.github.tmem.api.config.TierConfig;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the configuration file of a store. The format is described in {@code docs/configuration.md}.
 *
 * <p>A file is either understood completely or refused: unknown keys are errors. Every error is one line that names the
 * file, the line and the column, the offending text and what is allowed there. Only {@code exports}, {@code listen}
 * and {@code node}, which belong to a node, are accepted unread, with one line in the log; a node {@linkplain #section reads
 * its section} itself.
 */
public final class ConfigFile {
    private static final Logger LOG = System.getLogger(ConfigFile.class.getName());
    private static final List<String> STORE_KEYS = List.of("chains", "pools", "directory");
    private static final List<String> NODE_KEYS = List.of("exports", "listen", "node");
    private static final String CHAINS_ALLOWED = "a map from a chain's name to the list of its tiers";
    private static final String TIERS_ALLOWED = "a list of 1 to " + StoreConfig.TIERS_MAX + " tiers";

    private final Value root;
    private final Vocabulary vocabulary;

    private ConfigFile(Value root, Vocabulary vocabulary) {
        this.root = root;
        this.vocabulary = vocabulary;
    }

    /**
     * Reads a file of at most 1 MiB.
     *
     * @param vocabulary the tier types, setting keys and codecs the file may use
     * @throws ConfigException if the file cannot be read or is wrong
     */
    public static StoreConfig read(Path file, Vocabulary vocabulary) {
        return read(file, vocabulary, line -> LOG.log(Level.INFO, line));
    }

    /** As the public form, with its one remark going to {@code log}. */
    static StoreConfig read(Path file, Vocabulary vocabulary, Consumer<String> log) {
        String allowed = "allowed: the keys " + String.join(", ", STORE_KEYS);
        return new ConfigFile(Document.read(file, allowed), vocabulary).store(log);
    }

    /**
     * The value of a key at the top of a file, for a program around the store; its other keys are not looked at.
     *
     * @throws ConfigException if the file cannot be read or is no map
     */
    public static Optional<ConfigValue> section(Path file, String key) {
        String allowed = "a map with the key chains";
        return Document.read(file, allowed).fields(allowed).optional(key).map(value -> value);
    }

    private StoreConfig store(Consumer<String> log) {
        Fields fields = root.fields("a map with the key chains");
        List<String> keys = new ArrayList<>(STORE_KEYS);
        keys.addAll(NODE_KEYS);
        fields.allowOnly(keys);
        Map<String, List<TierConfig>> chains = chains(fields.required("chains", CHAINS_ALLOWED));
        List<PoolConfig> pools = fields.optional("pools")
                .map(value -> pools(value, new PoolReader(chains.keySet())))
                .orElse(List.of());
        Size directory = fields.optional("directory").map(SizeReader::size).orElse(StoreConfig.DEFAULT_DIRECTORY);
        StoreConfig config = root.locating(() -> new StoreConfig(chains, pools, directory));
        List<String> ignored =
                fields.keys().stream().filter(NODE_KEYS::contains).toList();
        if (!ignored.isEmpty()) {
            log.accept(root.file() + ": ignored, because they need a node: " + String.join(", ", ignored));
        }
        return config;
    }

    private Map<String, List<TierConfig>> chains(Value value) {
        TierReader reader = new TierReader(vocabulary);
        Map<String, List<TierConfig>> chains = new LinkedHashMap<>();
        Fields fields = value.fields(CHAINS_ALLOWED);
        fields.values().forEach((name, tiers) -> {
            if (name.isBlank()) {
                throw fields.place(name).error("a chain's name is blank; allowed: any text that is not blank");
            }
            List<Value> elements = tiers.elements("a tier", TIERS_ALLOWED);
            if (elements.isEmpty() || elements.size() > StoreConfig.TIERS_MAX) {
                throw tiers.place()
                        .error("chain " + Wording.quote(name) + " has " + elements.size() + " tiers; allowed: "
                                + TIERS_ALLOWED);
            }
            chains.put(name, elements.stream().map(reader::read).toList());
        });
        if (chains.isEmpty()) {
            throw value.place().error("chains is an empty map; allowed: " + CHAINS_ALLOWED);
        }
        return chains;
    }

    private static List<PoolConfig> pools(Value value, PoolReader reader) {
        Map<String, PoolConfig> pools = new LinkedHashMap<>();
        for (Value element : value.elements("a pool", "a list of pools")) {
            PoolConfig pool = reader.read(element);
            @Nullable PoolConfig first = pools.putIfAbsent(pool.name(), pool);
            if (first != null) {
                throw element.place().error("pool " + Wording.quote(pool.name()) + " is declared twice; allowed: once");
            }
        }
        return List.copyOf(pools.values());
    }
}
