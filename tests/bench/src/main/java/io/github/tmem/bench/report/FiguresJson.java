package io.github.tmem.bench.report;

import io.github.tmem.bench.timing.Spread;
import io.github.tmem.node.console.UserMistakeException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The figures that count as a JSON object: a number or null under the key of each budget, under {@value #SPREAD} the lowest and
 * the highest round of those that were measured, and under {@value #EXTENT} how much was measured.
 */
public final class FiguresJson {
    private static final String SPREAD = "spread";
    private static final String EXTENT = "extent";

    private FiguresJson() {}

    /** What is written; {@code extent} is a word for how much was measured. */
    public static Map<String, @Nullable Object> of(Results results, String extent) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>(results.toJson());
        Map<String, List<Double>> spreads = new LinkedHashMap<>();
        results.worst()
                .forEach((budget, value) -> spreads.put(
                        budget.key(), List.of(Results.rounded(value.low()), Results.rounded(value.high()))));
        json.put(SPREAD, spreads);
        json.put(EXTENT, extent);
        return json;
    }

    /**
     * The figures of a file. A figure without a spread, as files had before there were any, is
     * taken for one that does not vary. Keys that are unknown are passed over.
     *
     * @throws UserMistakeException with the name of the file, if it is none or holds something else
     */
    public static FiguresFile read(Path file) {
        JsonNode json = parse(file);
        JsonNode spreads = json.path(SPREAD);
        if (!spreads.isMissingNode() && !spreads.isObject()) {
            throw mistake(file, SPREAD + " is " + spreads + ", not an object with the rounds of each figure");
        }
        Map<Budget, Spread> figures = new EnumMap<>(Budget.class);
        for (String key : json.propertyNames()) {
            Optional<Budget> budget = Budget.ofKey(key);
            JsonNode value = json.path(key);
            if (budget.isPresent() && !value.isNull()) {
                if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
                    throw mistake(file, key + " is " + value + ", neither a finite number nor null");
                }
                figures.put(budget.get(), spread(file, key, value.doubleValue(), spreads.path(key)));
            }
        }
        if (figures.isEmpty()) {
            throw mistake(file, "has no figures of tmem bench");
        }
        return new FiguresFile(file, extent(file, json.path(EXTENT)), figures);
    }

    private static Optional<String> extent(Path file, JsonNode extent) {
        if (!extent.isMissingNode() && !extent.isString()) {
            throw mistake(file, EXTENT + " is " + extent + ", not a word");
        }
        return extent.isMissingNode() ? Optional.empty() : Optional.of(extent.stringValue());
    }

    private static Spread spread(Path file, String key, double median, JsonNode rounds) {
        if (rounds.isMissingNode()) {
            return Spread.exactly(median);
        }
        JsonNode low = rounds.path(0);
        JsonNode high = rounds.path(1);
        boolean ordered = low.isNumber()
                && high.isNumber()
                && low.doubleValue() <= median
                && median <= high.doubleValue()
                && Double.isFinite(high.doubleValue() - low.doubleValue());
        if (!ordered || rounds.size() != 2) {
            throw mistake(
                    file,
                    SPREAD + " of " + key + " is " + rounds + ", not the lowest and the highest round about " + median);
        }
        return new Spread(low.doubleValue(), median, high.doubleValue());
    }

    private static JsonNode parse(Path file) {
        if (Files.isDirectory(file)) {
            throw mistake(file, "is a directory, not a file of figures");
        }
        if (Files.notExists(file)) {
            throw mistake(file, "there is no such file");
        }
        try {
            return JsonMapper.builder()
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build()
                    .readTree(file);
        } catch (JacksonException e) {
            throw new UserMistakeException(file + ": cannot be read as JSON: " + e.getOriginalMessage() + place(e), e);
        }
    }

    private static String place(JacksonException e) {
        TokenStreamLocation place = e.getLocation();
        return place == null || place.getLineNr() < 1
                ? ""
                : " (line " + place.getLineNr() + ", column " + place.getColumnNr() + ")";
    }

    private static UserMistakeException mistake(Path file, String complaint) {
        return new UserMistakeException(file + ": " + complaint);
    }
}
