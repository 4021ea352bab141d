package io.github.tmem.node.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tmem.api.config.Size;
import io.github.tmem.node.Main;
import io.github.tmem.node.console.UserMistakeException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class NodeProcessTest {
    @Test
    void aNodeIsReadyUntilItIsClosed() throws InterruptedException {
        NodeProcess node = NodeProcess.start(Main.class, Size.parse("1MiB"));
        try (node) {
            assertThat(node.address()).matches("127\\.0\\.0\\.1:\\d+");
            assertThat(node.exitCode()).isEmpty();
        }
        assertThat(node.exitCode()).isPresent();
        assertThat(ProcessHandle.of(node.pid())).isEmpty();
    }

    @Test
    void whatDoesNotStartSaysWhy() {
        assertThatThrownBy(() -> NodeProcess.start(String.class, Size.parse("1MiB")))
                .isInstanceOf(UserMistakeException.class)
                .hasMessageStartingWith("the peer did not start: ")
                .hasMessageContaining("java.lang.String");
    }

    @Test
    void whateverIsInItsFolderGoesWithIt() throws Exception {
        Path folder;
        try (NodeProcess node = NodeProcess.start(Main.class, Size.parse("1MiB"))) {
            // ProcessHandle.Info has no arguments of a process with so long a class path
            String arguments = Files.readString(Path.of("/proc/" + node.pid() + "/cmdline"));
            int last = arguments.lastIndexOf('\0', arguments.length() - 2) + 1;
            folder = Path.of(arguments.substring(last, arguments.length() - 1)).resolveSibling("");
            Files.writeString(Files.createDirectory(folder.resolve("below")).resolve("file"), "x");
        }
        assertThat(folder).doesNotExist();
    }
}
