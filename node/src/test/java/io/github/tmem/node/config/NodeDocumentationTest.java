package io.github.tmem.node.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.kit.process.Certificate;
import io.github.tmem.node.command.Command;
import io.github.tmem.node.command.Dispatcher;
import io.github.tmem.node.command.NodeState;
import io.github.tmem.node.fake.FakeBlobs;
import io.github.tmem.node.fake.FakeStore;
import io.github.tmem.node.fake.Flaw;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code docs/node.md} says what the node does. */
class NodeDocumentationTest {
    @TempDir
    Path folder;

    private static String text() throws IOException {
        return Files.readString(Path.of(System.getProperty("tmem.root", ".."), "docs", "node.md"));
    }

    private static Set<String> rows(String names) throws IOException {
        return Pattern.compile("^\\| `(" + names + ")` \\|", Pattern.MULTILINE)
                .matcher(text())
                .results()
                .map((MatchResult row) -> row.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void everyKeyHasARow() throws IOException {
        Set<String> known = new TreeSet<>(NodeReader.KEYS);
        known.addAll(NodeReader.USER_KEYS);
        known.addAll(NodeReader.TLS_KEYS);
        known.addAll(LimitsReader.KEYS);
        assertThat(rows("[a-z-]+")).isEqualTo(known);
    }

    @Test
    void everyCommandHasARow() throws IOException {
        NodeState node = new NodeState(
                NodeConfig.DEFAULT, new FakeStore(Flaw.NONE), FakeStore.lending(), name -> new FakeBlobs(0), () -> 0);
        Set<String> known = new Dispatcher(node)
                .commands().stream().map(Command::name).collect(Collectors.toCollection(TreeSet::new));
        assertThat(rows("[A-Z.]+")).isEqualTo(known);
    }

    @Test
    void theExampleIsRead() throws Exception {
        Certificate.make(folder, "node");
        Files.copy(folder.resolve("node.pem"), folder.resolve("clients.pem"));
        Files.writeString(folder.resolve("app.secret"), "a");
        Files.writeString(folder.resolve("admin.secret"), "b");
        MatchResult example = Pattern.compile("```yaml\\n(.*?)```", Pattern.DOTALL)
                .matcher(text())
                .results()
                .findFirst()
                .orElseThrow();
        Path file = Files.writeString(
                folder.resolve("tmem.yaml"), "chains: {default: [{tier: heap, capacity: 1MiB}]}\n" + example.group(1));
        NodeConfig config = NodeReader.read(FakeStore.provider(new FakeStore(Flaw.NONE)), file);
        assertThat(config.users()).hasSize(2);
    }
}
