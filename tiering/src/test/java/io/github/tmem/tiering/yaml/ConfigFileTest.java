package io.github.tmem.tiering.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.GetMode;
import io.github.tmem.api.WriteMode;
import io.github.tmem.api.config.FullAction;
import io.github.tmem.api.config.Incompressible;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.api.config.Promotion;
import io.github.tmem.api.config.Secret;
import io.github.tmem.api.config.Size;
import io.github.tmem.api.config.StoreConfig;
import io.github.tmem.api.config.TierConfig;
import io.github.tmem.api.config.WhenFull;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that are understood. */
class ConfigFileTest {
    @TempDir
    Path folder;

    private StoreConfig read(String yaml) throws IOException {
        Path file = folder.resolve("tmem.yaml");
        Files.writeString(file, yaml);
        return ConfigFile.read(file, Words.VOCABULARY);
    }

    private static List<TierConfig> chain(StoreConfig config, String name) {
        return Objects.requireNonNull(config.chains().get(name));
    }

    private TierConfig tier(String yaml) throws IOException {
        return chain(read("chains: {default: [" + yaml + "]}"), "default").getFirst();
    }

    @Test
    void leavesEverythingButTypeAndCapacityToTheDefaults() throws IOException {
        StoreConfig config = read("chains:\n  default:\n    - {tier: heap, capacity: 256MiB}\n");
        TierConfig heap = TierConfig.of("heap", Size.ofBytes(256L << 20));
        assertThat(config).isEqualTo(StoreConfig.ofChain(List.of(heap), List.of()));
    }

    @Test
    void readsEveryKeyOfATier() throws IOException {
        TierConfig tier = tier("{tier: disk, capacity: 12.5%, high: 80%, low: 60, when-full: demote, promote: never,"
                + " codec: none, path: /var/cache, sync: 5}");
        assertThat(tier)
                .isEqualTo(TierConfig.of("disk", Size.ofPercent(12.5))
                        .withWatermarks(80, 60)
                        .withWhenFull(FullAction.DEMOTE, FullAction.DEMOTE)
                        .withPromote(Promotion.NEVER)
                        .withCodec("none")
                        .withSettings(Map.of("path", "/var/cache", "sync", "5")));
    }

    @Test
    void findsTheFilesThatSettingsNameFromItsOwnFolder() throws IOException {
        assertThat(tier("{tier: disk, capacity: 1MiB, key-file: keys/one, path: keys/one}")
                        .settings())
                .isEqualTo(Map.of("key-file", folder.resolve("keys/one").toString(), "path", "keys/one"));
        assertThat(tier("{tier: disk, capacity: 1MiB, key-file: /etc/key}").settings())
                .isEqualTo(Map.of("key-file", "/etc/key"));
    }

    @Test
    void readsWhenFullByKindAndKeepsTheDefaultOfTheOther() throws IOException {
        assertThat(tier("{tier: heap, capacity: 1MiB, when-full: {ephemeral: evict}}")
                        .whenFull())
                .isEqualTo(new WhenFull(FullAction.EVICT, FullAction.FORWARD));
        assertThat(tier("{tier: heap, capacity: 1MiB, when-full: {persistent: demote}}")
                        .whenFull())
                .isEqualTo(new WhenFull(FullAction.DEMOTE, FullAction.DEMOTE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"90", "60", "1", "0.5"})
    void aLowerHighAloneIsAValidTier(String high) throws IOException {
        TierConfig tier = tier("{tier: heap, capacity: 1MiB, high: " + high + "}");
        assertThat(tier.high()).isEqualTo(Double.parseDouble(high));
        assertThat(tier.low()).isEqualTo(tier.high() >= 90 ? 90 : tier.high() * 0.9);
    }

    @Test
    void readsEveryKeyOfAPool() throws IOException {
        StoreConfig config = read("""
                chains:
                  fast: [{tier: heap, capacity: 1MiB}]
                  default: [{tier: offheap, capacity: 1MiB}]
                pools:
                  - {name: images, kind: ephemeral, get: inclusive, page-size: 64KiB, chain: fast, weight: 3,
                     quota: 20GiB}
                  - {name: swap0, kind: persistent, quota: 4096}
                """);
        assertThat(config.pools())
                .containsExactly(
                        PoolConfig.ephemeral("images")
                                .withGetMode(GetMode.INCLUSIVE)
                                .withPageSize(65536)
                                .withChain("fast")
                                .withWeight(3)
                                .withQuota(Size.ofBytes(20L << 30)),
                        PoolConfig.persistent("swap0").withQuota(Size.ofBytes(4096)));
        assertThat(config.chains().keySet()).containsExactlyInAnyOrder("fast", "default");
    }

    @Test
    void readsHowAPoolIsSharedAndWritten() throws IOException {
        Files.writeString(folder.resolve("images.secret"), "sesame\n");
        UUID uuid = UUID.fromString("123e4567-e89b-12d3-a456-426614174000");
        StoreConfig config = read("""
                chains: {default: [{tier: heap, capacity: 1MiB, incompressible: refuse}]}
                pools:
                  - {name: images, kind: ephemeral, uuid: 123E4567-e89b-12d3-a456-426614174000, secret-file: images.secret}
                  - {name: taken, kind: persistent, uuid: 123e4567-e89b-12d3-a456-426614174000, get: exclusive}
                  - {name: swap0, kind: persistent, write: through, indexes: 18446744073709551615}
                """);
        assertThat(config.pools())
                .containsExactly(
                        PoolConfig.ephemeral("images").sharedAs(uuid, Secret.of("sesame".toCharArray())),
                        PoolConfig.persistent("taken").sharedAs(uuid).withGetMode(GetMode.EXCLUSIVE),
                        PoolConfig.persistent("swap0")
                                .withWrite(WriteMode.THROUGH)
                                .withIndexes(-1));
        assertThat(config.pools().getFirst().getMode()).isEqualTo(GetMode.INCLUSIVE);
        assertThat(config.pools().getFirst())
                .isNotEqualTo(config.pools().getFirst().sharedAs(uuid));
        assertThat(config.toString()).doesNotContain("sesame");
        assertThat(chain(config, "default").getFirst().incompressible()).isEqualTo(Incompressible.REFUSE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"64MiB", "67108864", "\"64 MiB\""})
    void readsTheDirectoryInBytes(String size) throws IOException {
        assertThat(read("chains: {default: [{tier: heap, capacity: 1GiB}]}\ndirectory: " + size)
                        .directory())
                .isEqualTo(Size.ofBytes(64L << 20));
    }

    @Test
    void keepsTheOrderOfTiers() throws IOException {
        StoreConfig config = read("chains: {default: [{tier: offheap, capacity: 1MiB}, {tier: heap, capacity: 1MiB}]}");
        List<String> types =
                chain(config, "default").stream().map(TierConfig::type).toList();
        assertThat(types).containsExactly("offheap", "heap");
    }

    @Test
    void readsAnchorsAliasesAndAByteOrderMark() throws IOException {
        StoreConfig config = read("\uFEFFchains: {a: &a [{tier: heap, capacity: 1MiB}], b: *a}");
        assertThat(chain(config, "b")).isEqualTo(chain(config, "a"));
    }

    @Test
    void mergesMapsAndLetsTheOwnKeysWin() throws IOException {
        StoreConfig config = read("""
                chains:
                  default:
                    - &first {tier: heap, capacity: 1MiB, high: 80}
                    - {tier: offheap, <<: *first, promote: never}
                """);
        assertThat(chain(config, "default").getLast())
                .isEqualTo(TierConfig.of("offheap", Size.ofBytes(1 << 20))
                        .withWatermarks(80, 72)
                        .withPromote(Promotion.NEVER));
    }

    @Test
    void acceptsWhatBelongsToANodeWithOneLineInTheLog() throws IOException {
        List<String> lines = new ArrayList<>();
        Path file = folder.resolve("tmem.yaml");
        Files.writeString(
                file,
                "chains: {default: [{tier: heap, capacity: 1MiB}]}\nexports: [{name: x}]\nlisten: {nbd: ':10809'}\n");
        StoreConfig config = ConfigFile.read(file, Words.VOCABULARY, lines::add);
        assertThat(config.pools()).isEmpty();
        assertThat(lines).containsExactly(file + ": ignored, because they need a node: exports, listen");
    }
}
