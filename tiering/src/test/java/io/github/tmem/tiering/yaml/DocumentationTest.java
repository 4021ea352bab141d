package io.github.tmem.tiering.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.config.StoreConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code docs/configuration.md} says what the reader does. */
class DocumentationTest {
    private static final Pattern EXAMPLE = Pattern.compile("```yaml\\n(.*?)```", Pattern.DOTALL);
    private static final Pattern KEY_ROW = Pattern.compile("^\\| `([a-z-]+)` \\|", Pattern.MULTILINE);

    @TempDir
    Path folder;

    private static String text() throws IOException {
        return Files.readString(Path.of(System.getProperty("tmem.root", ".."), "docs", "configuration.md"));
    }

    private StoreConfig example(int number) throws IOException {
        List<String> examples =
                EXAMPLE.matcher(text()).results().map(found -> found.group(1)).toList();
        Path file = folder.resolve("tmem.yaml");
        Files.writeString(file, examples.get(number));
        return ConfigFile.read(file, Words.VOCABULARY);
    }

    @Test
    void theExampleIsRead() throws IOException {
        StoreConfig config = example(0);
        assertThat(config.chains().get("default")).hasSize(2);
        assertThat(config.pools()).hasSize(2);
    }

    @Test
    void theDefaultsSpelledOutAreTheDefaults() throws IOException {
        assertThat(example(2)).isEqualTo(example(1));
    }

    @Test
    void everyKeyHasARow() throws IOException {
        Set<String> documented = new TreeSet<>();
        KEY_ROW.matcher(text()).results().map(row -> row.group(1)).forEach(documented::add);
        Set<String> known = new TreeSet<>(Set.of("chains", "pools", "directory", "exports", "listen", "node"));
        known.addAll(TierReader.KEYS);
        known.addAll(PoolReader.KEYS);
        assertThat(documented).isEqualTo(known);
    }
}
