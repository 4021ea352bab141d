package io.github.tmem.bench.run;

import io.github.tmem.bench.report.Budget;
import io.github.tmem.bench.report.Chart;
import io.github.tmem.bench.report.FiguresFile;
import io.github.tmem.bench.report.FiguresJson;
import io.github.tmem.bench.report.Results;
import io.github.tmem.bench.report.RunComparison;
import io.github.tmem.bench.timing.Spread;
import io.github.tmem.node.console.ExitCode;
import io.github.tmem.node.console.OutputFile;
import io.github.tmem.node.console.UserMistakeException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
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
                    + " and is more than " + RunComparison.TOLERANCE_PERCENT + " %% worse")
    private @Nullable Path old;

    @Option(
            names = "--from",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description = "measures nothing: --chart and --compare take the figures of this --json file")
    private @Nullable Path from;

    private @Nullable FiguresFile older;

    /** The file the figures come from, so that nothing is measured; empty if they are measured. */
    Optional<Path> source() {
        return Optional.ofNullable(from);
    }

    /** Before anything is measured: whether all can be read and written that has to be, and compared with such a run. */
    void check(Budget.Area area, String extent) {
        checkFiles();
        if (older != null) {
            older.checkComparable(area, extent);
        }
    }

    private void checkFiles() {
        if (json != null) {
            OutputFile.checkWritable(json);
        }
        if (chart != null) {
            OutputFile.checkWritable(chart);
            Stream.of(json, old, from).filter(this::isChart).findFirst().ifPresent(file -> {
                throw new UserMistakeException(
                        "--chart " + chart + " would overwrite the figures; give it another file");
            });
        }
        older = old == null ? null : FiguresJson.read(old);
    }

    private boolean isChart(@Nullable Path file) {
        if (file == null || chart == null) {
            return false;
        }
        try {
            boolean bothAreThere = Files.exists(file) && Files.exists(chart);
            return bothAreThere ? Files.isSameFile(file, chart) : plain(file).equals(plain(chart));
        } catch (IOException e) {
            throw new UserMistakeException(chart + ": cannot be looked at: " + e.getMessage(), e);
        }
    }

    private static Path plain(Path file) {
        return file.toAbsolutePath().normalize();
    }

    /** The same where there is nothing to draw or to compare. */
    void checkForJsonOnly() {
        if (chart != null || old != null || from != null) {
            throw new UserMistakeException("--chart, --compare and --from are not for bench mixed; allowed: --json");
        }
        checkFiles();
    }

    /** Writes figures to the file, if one was asked for. */
    void write(Object figures) {
        if (json != null) {
            OutputFile.writeJson(figures, json);
        }
    }

    /** Does what was asked for with the figures of a file. Returns the exit code. */
    int showFile(Path source, PrintWriter out) {
        if (json != null) {
            throw new UserMistakeException("--json writes what was measured, and with --from nothing is");
        }
        if (chart == null && old == null) {
            throw new UserMistakeException("--from gives figures to --chart or --compare; name one of them");
        }
        checkFiles();
        FiguresFile file = FiguresJson.read(source);
        if (older != null) {
            older.checkComparable(file);
        }
        draw(file.figures());
        return compare(file.figures(), out);
    }

    /** Does what was asked for with what was measured. Returns the exit code. */
    int showMeasured(Results results, String extent, PrintWriter out) {
        write(FiguresJson.of(results, extent));
        draw(results.worst());
        return compare(results.worst(), out);
    }

    private int compare(Map<Budget, Spread> figures, PrintWriter out) {
        if (older == null) {
            return ExitCode.OK;
        }
        older.checkAnyIn(figures);
        RunComparison comparison = new RunComparison(older.figures(), figures);
        comparison.lines().forEach(out::println);
        out.flush();
        return comparison.worse().isEmpty() ? ExitCode.OK : ExitCode.WORSE;
    }

    private void draw(Map<Budget, Spread> figures) {
        if (chart != null) {
            OutputFile.writeText(Chart.svg(figures), chart);
        }
    }
}
