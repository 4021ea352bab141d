package io.github.tmem.tiering.yaml;

import io.github.tmem.api.GetMode;
import io.github.tmem.api.PageKind;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.api.config.Size;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads one declared pool. */
final class PoolReader {
    static final List<String> KEYS = List.of("name", "kind", "get", "page-size", "chain", "weight", "quota");
    static final String ALLOWED = "a map such as {name: images, kind: ephemeral}";

    private static final List<PageKind> KINDS = List.of(PageKind.values());
    private static final List<GetMode> MODES = List.of(GetMode.values());

    private static final String WEIGHTS = "a whole number from 1 to 10000";
    private static final Pattern WEIGHT = Pattern.compile("\\d{1,9}");

    private final List<String> chains;

    PoolReader(Set<String> chains) {
        this.chains = chains.stream().sorted().toList();
    }

    PoolConfig read(Value pool) {
        Fields fields = pool.fields(ALLOWED);
        fields.allowOnly(KEYS);
        Value nameValue = fields.required("name", "any text that is not blank");
        String name = nameValue.text("any text that is not blank");
        PageKind kind = fields.required("kind", "ephemeral, persistent").choice(KINDS, PageKind::word);
        GetMode mode = fields.optional("get")
                .map(value -> value.choice(MODES, GetMode::word))
                .orElse(GetMode.defaultFor(kind));
        String chain = chain(fields, name);
        Optional<Value> pageSize = fields.optional("page-size");
        PoolConfig config =
                nameValue.locating(() -> pool(name, kind).withGetMode(mode).withChain(chain));
        PoolConfig sized = pageSize.map(value -> withPageSize(config, value)).orElse(config);
        PoolConfig weighted =
                fields.optional("weight").map(value -> withWeight(sized, value)).orElse(sized);
        return fields.optional("quota").map(value -> withQuota(weighted, value)).orElse(weighted);
    }

    private static PoolConfig withWeight(PoolConfig pool, Value value) {
        String text = value.text(WEIGHTS);
        if (pool.kind() == PageKind.PERSISTENT) {
            throw value.place()
                    .error("weight " + Wording.quote(text) + " of a persistent pool, whose pages are never evicted;"
                            + " allowed: no weight; quota limits the pool");
        }
        if (!WEIGHT.matcher(text).matches()) {
            throw value.place().error("weight " + Wording.quote(text) + " is not a weight; allowed: " + WEIGHTS);
        }
        return value.locating(() -> pool.withWeight(Integer.parseInt(text)));
    }

    private static PoolConfig withQuota(PoolConfig pool, Value value) {
        Size quota = SizeReader.size(value);
        return value.locating(() -> pool.withQuota(quota));
    }

    private static PoolConfig pool(String name, PageKind kind) {
        return kind == PageKind.EPHEMERAL ? PoolConfig.ephemeral(name) : PoolConfig.persistent(name);
    }

    private static PoolConfig withPageSize(PoolConfig pool, Value value) {
        Size size = SizeReader.size(value);
        if (size.isPercent()) {
            throw value.place()
                    .error("page-size " + Wording.quote(size.toString())
                            + " is a percentage; allowed: a power of two from 512B to 1MiB");
        }
        return value.locating(() -> pool.withPageSize(Math.clamp(size.bytes(), 0, Integer.MAX_VALUE)));
    }

    private String chain(Fields fields, String pool) {
        Optional<Value> value = fields.optional("chain");
        if (value.isPresent()) {
            return value.get().choice(chains, chain -> chain);
        }
        if (!chains.contains(PoolConfig.CHAIN_DEFAULT)) {
            throw fields.owner()
                    .place()
                    .error("pool " + Wording.quote(pool)
                            + " names no chain and no chain is called \"default\"; allowed: "
                            + String.join(", ", chains));
        }
        return PoolConfig.CHAIN_DEFAULT;
    }
}
