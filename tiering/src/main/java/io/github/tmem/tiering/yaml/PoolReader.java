package io.github.tmem.tiering.yaml;

import io.github.tmem.api.GetMode;
import io.github.tmem.api.PageKind;
import io.github.tmem.api.WriteMode;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.api.config.Size;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads one declared pool. */
final class PoolReader {
    static final List<String> KEYS = List.of(
            "name", "kind", "get", "page-size", "chain", "weight", "quota", "uuid", "secret-file", "write", "indexes");
    static final String ALLOWED = "a map such as {name: images, kind: ephemeral}";

    private static final List<PageKind> KINDS = List.of(PageKind.values());
    private static final List<GetMode> MODES = List.of(GetMode.values());
    private static final List<WriteMode> WRITES = List.of(WriteMode.values());
    private static final String INDEXES_ALLOWED = "a whole number from 1 to 18446744073709551615";
    private static final Pattern INDEXES = Pattern.compile("[0-9]{1,20}");

    private static final String WEIGHTS = "a whole number from 1 to 10000";
    private static final Pattern WEIGHT = Pattern.compile("\\d{1,9}");

    private final List<String> chains;
    private final SharingReader sharing = new SharingReader();

    PoolReader(Set<String> chains) {
        this.chains = chains.stream().sorted().toList();
    }

    PoolConfig read(Value pool) {
        Fields fields = pool.fields(ALLOWED);
        fields.allowOnly(KEYS);
        Value nameValue = fields.required("name", "any text that is not blank");
        String name = nameValue.text("any text that is not blank");
        PageKind kind = fields.required("kind", "ephemeral, persistent").choice(KINDS, PageKind::word);
        String chain = chain(fields, name);
        Optional<Value> pageSize = fields.optional("page-size");
        PoolConfig config =
                sharing.read(fields, nameValue.locating(() -> pool(name, kind).withChain(chain)));
        PoolConfig sized = pageSize.map(value -> withPageSize(config, value)).orElse(config);
        return withBounds(fields, withModes(fields, sized));
    }

    private static PoolConfig withModes(Fields fields, PoolConfig pool) {
        PoolConfig got = fields.optional("get")
                .map(value -> pool.withGetMode(value.choice(MODES, GetMode::word)))
                .orElse(pool);
        return fields.optional("write")
                .map(value -> value.locating(() -> got.withWrite(value.choice(WRITES, WriteMode::word))))
                .orElse(got);
    }

    private static PoolConfig withBounds(Fields fields, PoolConfig pool) {
        PoolConfig weighted =
                fields.optional("weight").map(value -> withWeight(pool, value)).orElse(pool);
        PoolConfig limited = fields.optional("quota")
                .map(value -> withQuota(weighted, value))
                .orElse(weighted);
        return fields.optional("indexes")
                .map(value -> limited.withIndexes(indexes(value)))
                .orElse(limited);
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

    private static long indexes(Value value) {
        String text = value.text(INDEXES_ALLOWED);
        BigInteger number = INDEXES.matcher(text).matches() ? new BigInteger(text) : BigInteger.ZERO;
        if (number.signum() == 0 || number.bitLength() > Long.SIZE) {
            throw value.place()
                    .error("indexes " + Wording.quote(text) + " is not a number of indexes; allowed: "
                            + INDEXES_ALLOWED);
        }
        return number.longValue();
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
