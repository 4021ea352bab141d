package io.github.tmem.node.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TerminalBarTest {
    @Test
    void drawsThePhaseAndWipesItselfWhenClosed() {
        ByteArrayOutputStream drawn = new ByteArrayOutputStream();
        try (PrintStream terminal = new PrintStream(drawn, true, StandardCharsets.UTF_8)) {
            TerminalBar bar = new TerminalBar(terminal, "tmem demo", 100);
            bar.phase("fill");
            bar.advance(50);
            bar.close();
        }
        String text = drawn.toString(StandardCharsets.UTF_8);
        assertThat(text).contains("tmem demo  50%", "fill");
        String afterTheBar = text.substring(text.lastIndexOf("fill") + "fill".length());
        assertThat(afterTheBar).isBlank().contains("\r").hasSizeGreaterThan(70);
    }
}
