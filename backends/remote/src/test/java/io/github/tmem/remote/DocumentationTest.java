package io.github.tmem.remote;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.config.Size;
import io.github.tmem.api.config.TierConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** {@code docs/configuration.md} says what the settings are. */
class DocumentationTest {
    private static final Pattern ROW =
            Pattern.compile("^\\| `([a-z-]+):` \\| (?:`([^`]+)`|[^|]+) \\|", Pattern.MULTILINE);

    /** The default in each row, empty where it is in words. */
    private static Map<String, String> rows() throws IOException {
        Map<String, String> rows = new TreeMap<>();
        String text = Files.readString(Path.of(System.getProperty("tmem.root", "../.."), "docs", "configuration.md"));
        ROW.matcher(text).results().forEach(row -> rows.put(row.group(1), row.group(2) == null ? "" : row.group(2)));
        return rows;
    }

    @Test
    void everySettingHasARow() throws IOException {
        assertThat(rows().keySet()).isEqualTo(new TreeSet<>(RemoteSettings.KEYS));
    }

    @Test
    void theDefaultsAreTheDefaults() throws IOException {
        Map<String, String> documented = new HashMap<>(Map.of("uri", "redis://host"));
        rows().forEach((key, value) -> {
            if (!value.isEmpty()) {
                documented.put(key, value);
            }
        });
        TierConfig tier = TierConfig.of("remote", Size.ofBytes(1));
        assertThat(documented).hasSize(6);
        assertThat(RemoteSettings.of(tier.withSettings(documented)))
                .isEqualTo(RemoteSettings.of(tier.withSettings(Map.of("uri", "redis://host"))));
    }
}
