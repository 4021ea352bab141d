package io.github.tmem.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.node.console.ExitCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The demo over what is installed, with pages of this JDK and a chain much too small for them. */
class DemoOnTheChainTest {
    private static final int PAGES_BYTES = 16 << 20;

    @TempDir
    Path folder;

    private Path pages = Path.of("written before each test");

    @BeforeEach
    void writePages() throws IOException {
        try (InputStream classes = Files.newInputStream(Path.of(System.getProperty("java.home"), "lib", "modules"))) {
            pages = Files.write(folder.resolve("jdk.pages"), classes.readNBytes(PAGES_BYTES));
        }
    }

    private JsonNode figuresOver(String yaml, String... options) throws IOException {
        Path config = folder.resolve("tmem.yaml");
        Files.writeString(config, yaml);
        Path json = folder.resolve("figures.json");
        List<String> arguments = new ArrayList<>(List.of("demo", "--config", config.toString()));
        arguments.addAll(List.of("--pages", pages.toString(), "--json", json.toString()));
        arguments.addAll(List.of(options));
        Shell shell = Shell.run(Installation.onClassPath(), arguments.toArray(String[]::new));
        assertThat(shell.err()).isEmpty();
        assertThat(shell.out()).contains(", 0 wrong");
        assertThat(shell.exitCode()).isEqualTo(ExitCode.OK);
        return JsonMapper.shared().readTree(json);
    }

    @Test
    void pagesGiveWayAndNoneIsWrong() throws IOException {
        JsonNode root = figuresOver("""
                chains: {default: [{tier: heap, capacity: 2MiB}, {tier: offheap, capacity: 3MiB}]}
                """);
        assertThat(root.at("/tiers/0/demoted").asLong()).isPositive();
        assertThat(root.at("/pools/0/evicted").asLong()).isPositive();
        assertThat(root.at("/pools/1/hitRatio").asDouble()).isEqualTo(1.0);
        for (JsonNode tier : root.at("/tiers")) {
            assertThat(tier.at("/usedBytes").asLong())
                    .isPositive()
                    .isLessThanOrEqualTo(tier.at("/capacityBytes").asLong());
        }
    }

    @Test
    void poolsOfSeveralPageSizesAndChainsWork() throws IOException {
        JsonNode root = figuresOver("""
                chains:
                  fast: [{tier: heap, capacity: 8MiB, codec: none}]
                  slow: [{tier: offheap, capacity: 16MiB}]
                pools:
                  - {name: small, kind: ephemeral, page-size: 512, get: inclusive, chain: fast}
                  - {name: large, kind: persistent, page-size: 64KiB, get: exclusive, chain: slow}
                """);
        assertThat(root.at("/pools/0/pages").asLong()).isPositive();
        assertThat(root.at("/pools/1/pages").asLong()).isPositive();
    }

    @Test
    void tiersChangeWhileTheThreadsWork() throws IOException {
        JsonNode root = figuresOver("""
                chains: {default: [{tier: heap, capacity: 4MiB}, {tier: offheap, capacity: 8MiB}]}
                """, "--live");
        assertThat(root.at("/changes")).hasSizeGreaterThan(5);
        for (JsonNode change : root.at("/changes")) {
            assertThat(change.at("/outcome").asString()).as(change.toString()).isEqualTo("done");
        }
        assertThat(root.at("/changes/2/moved").asLong()).as("drained").isPositive();
        assertThat(root.at("/tiers")).hasSize(2);
    }
}
