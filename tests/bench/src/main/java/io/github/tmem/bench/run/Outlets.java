package io.github.tmem.bench.run;

import io.github.tmem.bench.report.Budget;
import io.github.tmem.bench.report.Chart;
import io.github.tmem.bench.report.Comparison;
import io.github.tmem.bench.report.FiguresJson;
import io.github.tmem.bench.report.Results;
import io.github.tmem.bench.timing.Spread;
import io.github.tmem.node.console.ExitCode;
import io.github.tmem.node.console.JsonFile;
import io.github.tmem.node.console.UserMistakeException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** Where figures go besides the table: a file, a picture, a comparison; and a file they may come from. */
final class Outlets {
    @Option(
            names = "--json",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description = "writes the figures to this file too")
    private @Nullable Path json;

    @Option(
            names = "--chart",
            paramLabel = "FILE.svg",
            scope = ScopeType.INHERIT,
            description = "draws the figures and their limits into this file")
    private @Nullable Path chart;

    @Option(
            names = "--compare",
            paramLabel = "OLD.json",
            scope = ScopeType.INHERIT,
            description = "shows the figures beside those of an older --json file; worse is what lies beyond its rounds"
                    + " and is more than " + Comparison.TOLERANCE_PERCENT + " %% worse")
    private @Nullable Path old;

    @Option(
            names = "--from",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description = "measures nothing: --chart and --compare take the figures of this --json file")
    private @Nullable Path from;

    /** The file the figures come from, so that nothing is measured; empty if they are measured. */
    Optional<Path> source() {
        return Optional.ofNullable(from);
    }

    /** Before anything is measured: whether all can be read and written that has to be. */
    void check() {
        if (json != null) {
            JsonFile.checkWritable(json);
        }
        if (chart != null) {
            JsonFile.checkWritable(chart);
        }
        if (old != null) {
            FiguresJson.read(old);
        }
    }

    /** The same where there is nothing to draw or to compare. */
    void checkForJsonOnly() {
        if (chart != null || old != null || from != null) {
            throw new UserMistakeException("--chart, --compare and --from are not for bench mixed; allowed: --json");
        }
        check();
    }

    /** Writes figures to the file, if one was asked for. */
    void write(Object figures) {
        if (json != null) {
            JsonFile.write(figures, json);
        }
    }

    /** Does what was asked for with the figures of a file. Returns the exit code. */
    int show(Path source, PrintWriter out) {
        if (json != null) {
            throw new UserMistakeException("--json writes what was measured, and with --from nothing is");
        }
        if (chart == null && old == null) {
            throw new UserMistakeException("--from gives figures to --chart or --compare; name one of them");
        }
        check();
        Map<Budget, Spread> figures = FiguresJson.read(source);
        draw(figures);
        return print(comparison(figures), out);
    }

    /** Does what was asked for with what was measured. Returns the exit code. */
    int show(Results results, PrintWriter out) {
        Optional<Comparison> comparison = comparison(results.worst()); // the older file may be the one to be written
        write(FiguresJson.of(results));
        draw(results.worst());
        return print(comparison, out);
    }

    private Optional<Comparison> comparison(Map<Budget, Spread> figures) {
        return Optional.ofNullable(old).map(file -> new Comparison(FiguresJson.read(file), figures));
    }

    private static int print(Optional<Comparison> comparison, PrintWriter out) {
        comparison.ifPresent(two -> two.lines().forEach(out::println));
        out.flush();
        boolean isWorse = comparison.filter(two -> !two.worse().isEmpty()).isPresent();
        return isWorse ? ExitCode.WORSE : ExitCode.OK;
    }

    private void draw(Map<Budget, Spread> figures) {
        if (chart == null) {
            return;
        }
        try {
            Files.writeString(chart, Chart.svg(figures));
        } catch (IOException e) {
            throw new UserMistakeException(chart + ": cannot be written: " + e.getMessage(), e);
        }
    }
}
