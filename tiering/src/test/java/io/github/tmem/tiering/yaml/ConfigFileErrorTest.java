package io.github.tmem.tiering.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.tmem.api.config.ConfigException;
import io.github.tmem.api.config.Size;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Files that are refused, each with the one line the user sees. */
class ConfigFileErrorTest {
    private static final String SIZE =
            "a whole number with B, KiB, MiB, GiB or TiB (\"256MiB\"), or a percentage (\"25%\")";
    private static final String TIER_KEYS = "tier, capacity, high, low, when-full, promote, codec, incompressible";
    private static final String WATERMARK = "a percentage above 0 and at most 100 (\"95%\" or 95)";

    @TempDir
    Path folder;

    private String messageFor(byte[] content) throws IOException {
        Path file = folder.resolve("tmem.yaml");
        Files.writeString(folder.resolve("empty"), "\r\n");
        Files.write(file, content);
        return messageOf(file).replace(folder + "/", "");
    }

    private static String messageOf(Path file) {
        try {
            throw new AssertionError("accepted: " + ConfigFile.read(file, Words.VOCABULARY));
        } catch (ConfigException e) {
            String message = String.valueOf(e.getMessage());
            assertThat(message).doesNotContain("\n", "\r", "\t");
            return message;
        }
    }

    @ParameterizedTest
    @MethodSource({"syntax", "shape", "tiers", "watermarks", "pools", "poolsOfOneOwner"})
    void refusesInOneLine(String yaml, String message) throws IOException {
        assertThat(messageFor(yaml.getBytes(StandardCharsets.UTF_8))).isEqualTo(message);
    }

    static Stream<Arguments> syntax() {
        String allowed = "; allowed: the keys chains, pools, directory";
        return Stream.of(
                arguments("", "tmem.yaml:1:1: the file is empty" + allowed),
                arguments("# nothing\n", "tmem.yaml:1:1: the file is empty" + allowed),
                arguments(
                        "chains: [",
                        "tmem.yaml:1:10: not valid YAML: while parsing a flow node, expected the node content, but found '<stream end>'"),
                arguments(
                        "chains:\n\t- x",
                        "tmem.yaml:2:1: not valid YAML: while scanning for the next token, found character '\\t(TAB)' that cannot start any"
                                + " token. (Do not use \\t(TAB) for indentation)"),
                arguments(
                        "chains: 'x",
                        "tmem.yaml:1:11: not valid YAML: while scanning a quoted scalar, found unexpected end of stream"),
                arguments("chains: *a", "tmem.yaml:1:9: not valid YAML: found undefined alias a"),
                arguments(
                        "a: 1\n---\nb: 2\n",
                        "tmem.yaml:2:1: not valid YAML: expected a single document in the stream, but found another document"),
                arguments("a: b: c\n", "tmem.yaml:1:5: not valid YAML: mapping values are not allowed here"),
                arguments("chains: \u0007", "tmem.yaml:1:9: character U+0007 is not allowed in YAML"),
                arguments("a: ü\nb: 😀\u0007", "tmem.yaml:2:5: character U+0007 is not allowed in YAML"),
                arguments("a: 1\na: 2", "tmem.yaml:2:1: key \"a\" is given twice; first in line 1"),
                arguments("[".repeat(60), "tmem.yaml:1:51: nested too deeply; allowed: up to 50 levels"),
                arguments(
                        "a: &a 1\nb: [" + "*a, ".repeat(101) + "]",
                        "tmem.yaml:2:405: too many aliases; allowed: up to 100"));
    }

    static Stream<Arguments> shape() {
        String chains = "; allowed: a map from a chain's name to the list of its tiers";
        return Stream.of(
                arguments("hello", "tmem.yaml:1:1: the file is \"hello\"; allowed: a map with the key chains"),
                arguments("- a", "tmem.yaml:1:1: the file is a list; allowed: a map with the key chains"),
                arguments("pools: []", "tmem.yaml:1:1: the file has no \"chains\"" + chains),
                arguments("chains:\n", "tmem.yaml:1:8: chains is empty" + chains),
                arguments("chains: {}", "tmem.yaml:1:9: chains is an empty map" + chains),
                arguments("chains: [a]", "tmem.yaml:1:9: chains is a list" + chains),
                arguments(
                        "chains: {'': []}",
                        "tmem.yaml:1:10: a chain's name is blank; allowed: any text that is not blank"),
                arguments(
                        "chains: {default: []}",
                        "tmem.yaml:1:19: chain \"default\" has 0 tiers; allowed: a list of 1 to 15 tiers"),
                arguments(
                        "chains: {default: [" + "{tier: heap, capacity: 1MiB},".repeat(16) + "]}",
                        "tmem.yaml:1:19: chain \"default\" has 16 tiers; allowed: a list of 1 to 15 tiers"),
                arguments(
                        "chains: {default: heap}",
                        "tmem.yaml:1:19: default is \"heap\"; allowed: a list of 1 to 15 tiers"),
                arguments("chains: {[a]: b}", "tmem.yaml:1:10: the key is a list; allowed: a word"),
                arguments(
                        "chians: {}",
                        "tmem.yaml:1:1: unknown key \"chians\"; did you mean \"chains\"? allowed: chains, pools,"
                                + " directory, exports, listen, node"),
                arguments(
                        "chains: {default: [{tier: heap, capacity: 1MiB}]}\ndirectory: 0%",
                        "tmem.yaml:2:12: directory \"0%\" is not a size; allowed: " + SIZE),
                arguments(
                        "chains: {default: [{tier: heap, capacity: 1MiB}]}\ndirectory: {size: 5%}",
                        "tmem.yaml:2:12: directory is a map; allowed: " + SIZE));
    }

    private static Arguments tier(String tier, String message) {
        return arguments("chains:\n  default:\n    - " + tier + "\n", "tmem.yaml:3:" + message);
    }

    static Stream<Arguments> tiers() {
        String whenFull = " allowed: forward, demote, evict";
        return Stream.of(
                tier("heap", "7: a tier is \"heap\"; allowed: a map such as {tier: heap, capacity: 256MiB}"),
                tier("{capacity: 1MiB}", "7: a tier has no \"tier\"; allowed: disk, heap, offheap"),
                tier("{tier: heap}", "7: a tier has no \"capacity\"; allowed: " + SIZE),
                tier("{tier: heap, capacity: 256MB}", "30: capacity \"256MB\" is not a size; allowed: " + SIZE),
                tier("{tier: heap, capacity: }", "29: capacity is empty; allowed: " + SIZE),
                tier("{tier: heap, capacity: [1]}", "30: capacity is a list; allowed: " + SIZE),
                tier("{tier: heap, capacity: -1}", "30: capacity \"-1\" is not a size; allowed: " + SIZE),
                tier("{tier: heap, capacity: 101%}", "30: capacity \"101%\" is not a size; allowed: " + SIZE),
                tier(
                        "{tier: heap, capacity: 9999999TiB}",
                        "30: capacity \"9999999TiB\" is not a size; allowed: " + SIZE),
                tier("{tier: heap, capacity: \"1\\n2\"}", "30: capacity \"1 2\" is not a size; allowed: " + SIZE),
                tier("{tier: heap, capacity: !x 1MiB}", "30: capacity has the tag \"!x\"; allowed: no tag"),
                tier(
                        "{tier: heap, capcity: 1MiB}",
                        "20: unknown key \"capcity\"; did you mean \"capacity\"? allowed: " + TIER_KEYS),
                tier(
                        "{tier: heap, capacity: 1MiB, secret-file: x}",
                        "36: unknown key \"secret-file\"; allowed: " + TIER_KEYS),
                tier(
                        "{tier: disk, capacity: 1MiB, Path: x}",
                        "36: unknown key \"Path\"; did you mean \"path\"? allowed: " + TIER_KEYS
                                + ", key-file, path, sync"),
                tier("{tier: heap, capacity: 1MiB, path: x}", "36: unknown key \"path\"; allowed: " + TIER_KEYS),
                tier("{tier: disk, capacity: 1MiB, path: [x]}", "42: path is a list; allowed: a word or a number"),
                tier(
                        "{tier: remote, capacity: 1MiB, address: x}",
                        "14: tier \"remote\" has no backend on the class path; allowed: disk, heap, offheap, or another"
                                + " after adding the artifact of its backend"),
                tier(
                        "{tier: off-heap, capacity: 1MiB}",
                        "14: tier \"off-heap\" has no backend on the class path; did you mean \"offheap\"? allowed:"
                                + " disk, heap, offheap, or another after adding the artifact of its backend"),
                tier("{tier: heap, capacity: 1MiB, codec: zstd}", "43: codec \"zstd\" is unknown; allowed: lz4, none"),
                tier(
                        "{tier: heap, capacity: 1MiB, promote: second_hit}",
                        "45: promote \"second_hit\" is unknown; did you mean \"second-hit\"? allowed: always, second-hit,"
                                + " never"),
                tier("{tier: heap, capacity: 1MiB, when-full: drop}", "47: when-full \"drop\" is unknown;" + whenFull),
                tier(
                        "{tier: heap, capacity: 1MiB, when-full: evict}",
                        "47: when-full persistent: \"evict\" would lose pages; allowed: forward, demote"),
                tier(
                        "{tier: heap, capacity: 1MiB, when-full: {persistent: evict}}",
                        "60: when-full persistent: \"evict\" would lose pages; allowed: forward, demote"),
                tier(
                        "{tier: heap, capacity: 1MiB, when-full: {persistant: forward}}",
                        "48: unknown key \"persistant\"; did you mean \"persistent\"? allowed: ephemeral, persistent"),
                tier(
                        "{tier: heap, capacity: 1MiB, codec: none, incompressible: refuse}",
                        "65: tier heap: incompressible \"refuse\" does not fit the codec \"none\"; allowed: accept, or"
                                + " another codec"),
                tier(
                        "{tier: heap, capacity: 1MiB, when-full: [evict]}",
                        "47: when-full is a list; allowed: forward, demote, evict"));
    }

    static Stream<Arguments> watermarks() {
        return Stream.of(
                tier(
                        "{tier: heap, capacity: 1MiB, high: 101}",
                        "42: high \"101\" is not a watermark; allowed: " + WATERMARK),
                tier(
                        "{tier: heap, capacity: 1MiB, low: 0%}",
                        "41: low \"0%\" is not a watermark; allowed: " + WATERMARK),
                tier(
                        "{tier: heap, capacity: 1MiB, low: 1MiB}",
                        "41: low \"1MiB\" is not a watermark; allowed: " + WATERMARK),
                tier(
                        "{tier: heap, capacity: 1MiB, low: 80, high: 70}",
                        "41: tier heap: low 80.0 and high 70.0 do not fit; allowed: 0 < low <= high <= 100"),
                tier(
                        "{tier: heap, capacity: 1MiB, low: 96}",
                        "41: tier heap: low 96.0 and high 95.0 do not fit; allowed: 0 < low <= high <= 100"));
    }

    private static Arguments pool(String pool, String message) {
        return arguments(
                "chains: {default: [{tier: heap, capacity: 1MiB}], fast: [{tier: heap, capacity: 1MiB}]}\npools:\n  - "
                        + pool,
                "tmem.yaml:3:" + message);
    }

    static Stream<Arguments> pools() {
        return Stream.of(
                pool(
                        "{name: a, kind: ephemeral, uuid: 1-1-1-1-1}",
                        "38: uuid \"1-1-1-1-1\" is not a UUID; allowed: a UUID such as 123e4567-e89b-12d3-a456-426614174000"),
                pool(
                        "{name: a, kind: ephemeral, secret-file: x}",
                        "45: secret-file without uuid; allowed: both, or uuid alone"),
                pool(
                        "{name: a, kind: ephemeral, uuid: 123e4567-e89b-12d3-a456-426614174000, secret-file: gone}",
                        "89: secret file gone cannot be read; allowed: a readable file of 1 to 4096 bytes; a line break at"
                                + " its end does not count"),
                pool(
                        "{name: a, kind: ephemeral, uuid: 123e4567-e89b-12d3-a456-426614174000, secret-file: empty}",
                        "89: secret file empty is empty; allowed: a readable file of 1 to 4096 bytes; a line break at"
                                + " its end does not count"),
                pool(
                        "{name: a, kind: ephemeral, write: through}",
                        "39: pool a: write \"through\" is not allowed, because an ephemeral page can be produced again"
                                + " anyway; allowed: back, or a persistent pool"),
                pool(
                        "{name: a, kind: ephemeral, indexes: 0}",
                        "41: indexes \"0\" is not a number of indexes; allowed: a whole number from 1 to"
                                + " 18446744073709551615"),
                pool(
                        "{name: a, kind: ephemeral, indexes: 18446744073709551616}",
                        "41: indexes \"18446744073709551616\" is not a number of indexes; allowed: a whole number from 1 to"
                                + " 18446744073709551615"),
                pool("x", "5: a pool is \"x\"; allowed: a map such as {name: images, kind: ephemeral}"),
                pool("{kind: ephemeral}", "5: a pool has no \"name\"; allowed: any text that is not blank"),
                pool("{name: x}", "5: a pool has no \"kind\"; allowed: ephemeral, persistent"),
                pool("{name: ' ', kind: ephemeral}", "12: a pool's name must not be blank"),
                pool("{name: ~, kind: ephemeral}", "12: name is empty; allowed: any text that is not blank"));
    }

    static Stream<Arguments> poolsOfOneOwner() {
        String keys = "name, kind, get, page-size, chain, weight, quota, uuid, secret-file, write, indexes";
        String weights = "; allowed: a whole number from 1 to 10000";
        String pageSize = "allowed: a power of two from 512B to 1MiB";
        return Stream.of(
                pool(
                        "{name: x, kind: ephemerl}",
                        "21: kind \"ephemerl\" is unknown; did you mean \"ephemeral\"? allowed: ephemeral, persistent"),
                pool(
                        "{name: x, kind: ephemeral, get: shared}",
                        "37: get \"shared\" is unknown; allowed: exclusive, inclusive"),
                pool("{name: x, kind: ephemeral, share: 1GiB}", "32: unknown key \"share\"; allowed: " + keys),
                pool("{name: x, kind: ephemeral, weight: 0}", "40: pool x: weight 0 is not allowed" + weights),
                pool("{name: x, kind: ephemeral, weight: 10001}", "40: pool x: weight 10001 is not allowed" + weights),
                pool("{name: x, kind: ephemeral, weight: 1.5}", "40: weight \"1.5\" is not a weight" + weights),
                pool(
                        "{name: x, kind: ephemeral, weight: 9999999999}",
                        "40: weight \"9999999999\" is not a weight" + weights),
                pool(
                        "{name: x, kind: persistent, weight: 1}",
                        "41: weight \"1\" of a persistent pool, whose pages are never evicted; allowed: no weight; quota"
                                + " limits the pool"),
                pool(
                        "{name: x, kind: ephemeral, quota: 5%}",
                        "39: pool x: quota 5% is a percentage; allowed: a whole number with B, KiB, MiB, GiB or TiB"
                                + " (\"256MiB\")"),
                pool(
                        "{name: x, kind: ephemeral, quota: 5MB}",
                        "39: quota \"5MB\" is not a size; allowed: " + Size.ALLOWED),
                pool(
                        "{name: x, kind: ephemeral, page-size: 3KiB}",
                        "43: pool x: page size 3072 is not allowed; " + pageSize),
                pool(
                        "{name: x, kind: ephemeral, page-size: 4TiB}",
                        "43: pool x: page size 2147483647 is not allowed; " + pageSize),
                pool("{name: x, kind: ephemeral, page-size: 5%}", "43: page-size \"5%\" is a percentage; " + pageSize),
                pool(
                        "{name: x, kind: ephemeral, chain: fats}",
                        "39: chain \"fats\" is unknown; did you mean \"fast\"? allowed: default, fast"),
                arguments(
                        "chains: {a: [{tier: heap, capacity: 1MiB}]}\npools: [{name: x, kind: ephemeral}]",
                        "tmem.yaml:2:9: pool \"x\" names no chain and no chain is called \"default\"; allowed: a"),
                arguments(
                        "chains: {default: [{tier: heap, capacity: 1MiB}]}\npools:\n  - {name: x, kind: ephemeral}\n"
                                + "  - {name: x, kind: persistent}",
                        "tmem.yaml:4:5: pool \"x\" is declared twice; allowed: once"),
                arguments(
                        "chains: {default: [{tier: heap, capacity: 1MiB}]}\npools: {name: x}",
                        "tmem.yaml:2:8: pools is a map; allowed: a list of pools"));
    }

    @Test
    void refusesBytesThatAreNotUtf8() throws IOException {
        byte[] latin1 = "# für\nchains: x # ü".getBytes(StandardCharsets.ISO_8859_1);
        assertThat(messageFor(latin1)).isEqualTo("tmem.yaml:1:4: byte 0xFC is not UTF-8 text; allowed: UTF-8");
        byte[] cut = {'a', ':', ' ', (byte) 0xC3};
        assertThat(messageFor(cut)).isEqualTo("tmem.yaml:1:4: byte 0xC3 is not UTF-8 text; allowed: UTF-8");
    }

    @Test
    void refusesAnAliasBomb() throws IOException {
        StringBuilder bomb = new StringBuilder("l0: &l0 [x]\n");
        for (int level = 1; level <= 30; level++) {
            String alias = "*l" + (level - 1);
            bomb.append("l%d: &l%d [%s]\n".formatted(level, level, String.join(", ", alias, alias, alias, alias)));
        }
        assertThat(messageFor(bomb.toString().getBytes(StandardCharsets.UTF_8)))
                .endsWith("too many aliases; allowed: up to 100");
    }

    @Test
    void refusesWhatIsNoReadableFile() throws IOException {
        Path missing = folder.resolve("missing.yaml");
        assertThat(messageOf(missing)).isEqualTo(missing + ": there is no such file");
        assertThat(messageOf(folder)).isEqualTo(folder + ": is a directory; allowed: a YAML file");
        Path large = folder.resolve("large.yaml");
        Files.write(large, new byte[(1 << 20) + 1]);
        assertThat(messageOf(large)).isEqualTo(large + ": is too large for a configuration; allowed: up to 1MiB");
        Path under = Files.createFile(folder.resolve("plain")).resolve("tmem.yaml");
        assertThat(messageOf(under)).startsWith(under + ": cannot be read: ");
    }
}
