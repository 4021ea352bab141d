package io.github.tmem.tiering.yaml;

import io.github.tmem.api.config.FullAction;
import io.github.tmem.api.config.Incompressible;
import io.github.tmem.api.config.Promotion;
import io.github.tmem.api.config.Size;
import io.github.tmem.api.config.TierConfig;
import io.github.tmem.api.config.WhenFull;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads one tier of a chain. */
final class TierReader {
    static final List<String> KEYS =
            List.of("tier", "capacity", "high", "low", "when-full", "promote", "codec", "incompressible");
    static final String ALLOWED = "a map such as {tier: heap, capacity: 256MiB}";

    private static final String WATERMARK_ALLOWED = "a percentage above 0 and at most 100 (\"95%\" or 95)";
    private static final Pattern WATERMARK = Pattern.compile("(\\d{1,3}(?:\\.\\d{1,6})?)\\s*%?");
    private static final List<Incompressible> INCOMPRESSIBLE = List.of(Incompressible.values());

    /** Ends the names of settings that name a file, which is then found from the folder of the configuration. */
    private static final String FILE_SUFFIX = "-file";

    private static final List<FullAction> FOR_EPHEMERAL = List.of(FullAction.values());

    private final Vocabulary vocabulary;

    TierReader(Vocabulary vocabulary) {
        this.vocabulary = vocabulary;
    }

    TierConfig read(Value tier) {
        Fields fields = tier.fields(ALLOWED);
        Set<String> types = new TreeSet<>(vocabulary.settingKeys().keySet());
        String type = type(fields.required("tier", String.join(", ", types)), types);
        Set<String> settingKeys = vocabulary.settingKeys().getOrDefault(type, Set.of());
        fields.allowOnly(keys(settingKeys));
        Size capacity = SizeReader.size(fields.required("capacity", Size.ALLOWED));
        double high = fields.optional("high").map(TierReader::watermark).orElse(TierConfig.DEFAULT_HIGH);
        double low = fields.optional("low").map(TierReader::watermark).orElse(defaultLow(high));
        WhenFull whenFull =
                fields.optional("when-full").map(TierReader::whenFull).orElse(WhenFull.DEFAULT);
        Promotion promote = fields.optional("promote")
                .map(value -> value.choice(List.of(Promotion.values()), Promotion::word))
                .orElse(Promotion.SECOND_HIT);
        String codec = fields.optional("codec").map(this::codec).orElse(TierConfig.DEFAULT_CODEC);
        Optional<Value> poor = fields.optional("incompressible");
        Incompressible incompressible = poor.map(value -> value.choice(INCOMPRESSIBLE, Incompressible::word))
                .orElse(Incompressible.ACCEPT);
        Map<String, String> settings = settings(fields, settingKeys);
        Value watermarks =
                fields.optional("low").or(() -> fields.optional("high")).orElse(tier);
        TierConfig config = watermarks.locating(() ->
                new TierConfig(type, capacity, high, low, whenFull, promote, codec, Incompressible.ACCEPT, settings));
        return poor.orElse(tier).locating(() -> config.withIncompressible(incompressible));
    }

    private static List<String> keys(Set<String> settingKeys) {
        List<String> keys = new ArrayList<>(KEYS);
        settingKeys.stream().filter(key -> !KEYS.contains(key)).sorted().forEach(keys::add);
        return keys;
    }

    private static String type(Value value, Set<String> types) {
        String type = value.text(String.join(", ", types));
        if (!types.contains(type)) {
            throw value.place()
                    .error("tier " + Wording.quote(type) + " has no backend on the class path"
                            + Wording.choice(type, types) + ", or another after adding the artifact of its backend");
        }
        return type;
    }

    private static double watermark(Value value) {
        String text = value.text(WATERMARK_ALLOWED);
        Matcher matcher = WATERMARK.matcher(text.strip());
        double percent = matcher.matches() ? Double.parseDouble(matcher.group(1)) : 0;
        if (percent <= 0 || percent > 100) {
            throw value.place()
                    .error(value.name() + " " + Wording.quote(text) + " is not a watermark; allowed: "
                            + WATERMARK_ALLOWED);
        }
        return percent;
    }

    /** So that a lower {@code high} alone is a valid tier. */
    private static double defaultLow(double high) {
        return high >= TierConfig.DEFAULT_LOW ? TierConfig.DEFAULT_LOW : high * 0.9;
    }

    private static WhenFull whenFull(Value value) {
        if (!value.isMap()) {
            FullAction both = value.choice(FOR_EPHEMERAL, FullAction::word);
            return value.locating(() -> new WhenFull(both, both));
        }
        Fields fields = value.fields("a word or a map");
        fields.allowOnly(List.of("ephemeral", "persistent"));
        Optional<Value> persistent = fields.optional("persistent");
        FullAction forEphemeral = fields.optional("ephemeral")
                .map(action -> action.choice(FOR_EPHEMERAL, FullAction::word))
                .orElse(WhenFull.DEFAULT.ephemeral());
        FullAction forPersistent = persistent
                .map(action -> action.choice(FOR_EPHEMERAL, FullAction::word))
                .orElse(WhenFull.DEFAULT.persistent());
        return persistent.orElse(value).locating(() -> new WhenFull(forEphemeral, forPersistent));
    }

    private String codec(Value value) {
        return value.choice(vocabulary.codecs().stream().sorted().toList(), codec -> codec);
    }

    private static Map<String, String> settings(Fields fields, Set<String> settingKeys) {
        Map<String, String> settings = new LinkedHashMap<>();
        fields.values().forEach((key, value) -> {
            if (!KEYS.contains(key) && settingKeys.contains(key)) {
                String text = value.text("a word or a number");
                settings.put(
                        key,
                        key.endsWith(FILE_SUFFIX) ? SharingReader.path(value).toString() : text);
            }
        });
        return settings;
    }
}
