package io.github.tmem.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.node.console.ExitCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A chain with a chronicle tier from the command line, in a JVM with the options it needs and in one without. */
@Timeout(180)
class ChronicleTierTest {
    private static final int PAGES_BYTES = 4 << 20;

    @TempDir
    Path folder;

    @BeforeEach
    void writeFiles() throws IOException {
        Files.writeString(folder.resolve("tmem.yaml"), """
                chains:
                  default:
                    - {tier: heap, capacity: 512KiB}
                    - {tier: chronicle, capacity: 1MiB}
                    - {tier: offheap, capacity: 2MiB}
                """);
        try (InputStream classes = Files.newInputStream(Path.of(System.getProperty("java.home"), "lib", "modules"))) {
            Files.write(folder.resolve("jdk.pages"), classes.readNBytes(PAGES_BYTES));
        }
    }

    private Shell demo(List<String> flags) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(flags);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        command.addAll(List.of("demo", "--config", "tmem.yaml", "--pages", "jdk.pages"));
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        int exitCode = builder.start().waitFor();
        return new Shell(
                exitCode,
                Files.readString(out, StandardCharsets.ISO_8859_1),
                Files.readString(err, StandardCharsets.ISO_8859_1));
    }

    @Test
    void isQuietWithItsOptions() throws Exception {
        Shell shell =
                demo(List.of(System.getProperty("tmem.chronicle.flags", "").split(" ", -1)));
        assertThat(shell.err()).isEmpty();
        assertThat(shell.exitCode()).isEqualTo(ExitCode.OK);
        assertThat(shell.out()).contains("chronicle", ", 0 wrong");
    }

    @Test
    void saysInOneLineWhichOptionsAreMissing() throws Exception {
        Shell shell = demo(List.of("--enable-native-access=ALL-UNNAMED"));
        assertThat(shell.exitCode()).isEqualTo(ExitCode.USER_MISTAKE);
        assertThat(shell.err().lines()).hasSize(1);
        assertThat(shell.err())
                .contains(
                        "tier chronicle",
                        "--add-opens=java.base/java.lang=ALL-UNNAMED",
                        "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
                        "--add-exports=jdk.compiler/com.sun.tools.javac.file=ALL-UNNAMED");
    }
}
