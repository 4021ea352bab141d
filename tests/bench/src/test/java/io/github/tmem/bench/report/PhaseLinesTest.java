package io.github.tmem.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class PhaseLinesTest {
    @Test
    void withoutATerminalEveryPartHasALine() {
        StringWriter out = new StringWriter();
        try (PhaseLines lines = new PhaseLines("tmem bench", new PrintWriter(out))) {
            lines.phase("two threads");
            lines.advance(1);
        }
        assertThat(out.toString().lines())
                .satisfiesExactly(line -> assertThat(line).matches("tmem bench: 0:\\d\\d two threads"));
    }
}
