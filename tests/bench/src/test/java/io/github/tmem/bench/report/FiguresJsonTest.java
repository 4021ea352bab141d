package io.github.tmem.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import io.github.tmem.bench.timing.Spread;
import io.github.tmem.node.console.OutputFile;
import io.github.tmem.node.console.UserMistakeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FiguresJsonTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path folder;

    @SuppressWarnings("NullAway.Init") // set before each test
    private Path file;

    @BeforeEach
    void nameTheFile() {
        file = folder.resolve("figures.json");
    }

    @Test
    void whatIsWrittenIsReadBack() {
        Results results = new Results(Budget.Area.STORES);
        results.add(Budget.GET_VS_EHCACHE, "fs, heap", new Spread(0.41, 0.43, 0.52));
        results.add(Budget.PUT_VS_LZ4, "fs, heap", new Spread(1.0, 1.05, 1.1));
        results.add(Budget.PUT_VS_LZ4, "db, heap", new Spread(1.15, 1.20001, 1.3));
        OutputFile.writeJson(FiguresJson.of(results, "quick"), file);

        FiguresFile read = FiguresJson.read(file);
        assertThat(read.path()).isEqualTo(file);
        assertThat(read.extent()).hasValue("quick");
        assertThat(read.figures())
                .containsExactly(
                        entry(Budget.PUT_VS_LZ4, new Spread(1.15, 1.2, 1.3)),
                        entry(Budget.GET_VS_EHCACHE, new Spread(0.41, 0.43, 0.52)));
    }

    @Test
    void aFileFromBeforeSpreadsWereWrittenIsRead() throws IOException {
        Files.writeString(file, "{\"put_vs_lz4\": 1.25, \"density\": null, \"of_another_version\": \"x\"}");
        FiguresFile read = FiguresJson.read(file);
        assertThat(read.extent()).isEmpty();
        assertThat(read.figures()).containsExactly(entry(Budget.PUT_VS_LZ4, Spread.exactly(1.25)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"put_vs_lz4\": 1.25 | cannot be read as JSON",
                "{\"put_vs_lz4\": 1.25}} | cannot be read as JSON",
                "not json | (line 1, column",
                "[1.25] | has no figures of tmem bench",
                "1.25 | has no figures of tmem bench",
                "`` | has no figures of tmem bench",
                "{} | has no figures of tmem bench",
                "{\"hits\": 3} | has no figures of tmem bench",
                "{\"density\": null} | has no figures of tmem bench",
                "{\"put_vs_lz4\": \"fast\"} | put_vs_lz4 is \"fast\", neither a finite number nor null",
                "{\"put_vs_lz4\": 1, \"spread\": {\"put_vs_lz4\": [1]}} | spread of put_vs_lz4 is [1], not the lowest",
                "{\"put_vs_lz4\": 1, \"spread\": {\"put_vs_lz4\": [2, 1]}} | spread of put_vs_lz4 is [2,1], not the",
                "{\"put_vs_lz4\": 1, \"spread\": {\"put_vs_lz4\": 1}} | spread of put_vs_lz4 is 1, not the lowest",
                "{\"put_vs_lz4\": 5, \"spread\": {\"put_vs_lz4\": [1, 2]}} | spread of put_vs_lz4 is [1,2], not the",
                "{\"put_vs_lz4\": 1, \"spread\": 7} | spread is 7, not an object",
                "{\"put_vs_lz4\": 1, \"extent\": 7} | extent is 7, not a word",
                "{\"put_vs_lz4\": 1e999} | neither a finite number nor null"
            })
    void aDamagedFileIsNamedAndSoIsWhatIsWrong(String content, String complaint) throws IOException {
        Files.writeString(file, content);
        assertThatThrownBy(() -> FiguresJson.read(file))
                .isInstanceOf(UserMistakeException.class)
                .hasMessageStartingWith(file + ": ")
                .hasMessageContaining(complaint);
    }

    @Test
    void aFolderAndAMissingFileAreNamed() {
        assertThatThrownBy(() -> FiguresJson.read(folder))
                .hasMessage(folder + ": is a directory, not a file of figures");
        assertThatThrownBy(() -> FiguresJson.read(file)).hasMessage(file + ": there is no such file");
    }
}
