package io.github.tmem.bench.report;

import io.github.tmem.bench.timing.Spread;
import io.github.tmem.node.console.UserMistakeException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;

/**
 * The figures of a file that {@link FiguresJson} wrote.
 *
 * @param path the file
 * @param extent the extent of the run; empty for files from before it was written
 * @param figures the figures, at least one, in the order of the report
 */
public record FiguresFile(Path path, Optional<String> extent, Map<Budget, Spread> figures) {

    /**
     * Checks that the figures can be held against those of a run.
     *
     * @throws UserMistakeException if the run measures none of them, or measures in another extent
     */
    public void checkComparable(Budget.Area area, String otherExtent) {
        if (Collections.disjoint(figures.keySet(), Budget.of(area))) {
            throw new UserMistakeException(
                    path + ": has no figure of this run; its are of another command of tmem bench");
        }
        checkExtent("this", Optional.of(otherExtent));
    }

    /**
     * Checks that the figures can be held against those of another file.
     *
     * @throws UserMistakeException if they have none in common, or are of runs of another extent
     */
    public void checkComparable(FiguresFile other) {
        if (Collections.disjoint(figures.keySet(), other.figures().keySet())) {
            throw new UserMistakeException(path + ": has no figure in common with " + other.path());
        }
        checkExtent(other.path().toString(), other.extent());
    }

    /**
     * Checks that there is something to compare.
     *
     * @throws UserMistakeException if none of these figures is among those of a run
     */
    public void checkAnyIn(Map<Budget, Spread> measured) {
        if (Collections.disjoint(figures.keySet(), measured.keySet())) {
            throw new UserMistakeException(path + ": none of its figures was measured");
        }
    }

    private void checkExtent(String otherName, Optional<String> otherExtent) {
        if (extent.isPresent() && otherExtent.isPresent() && !extent.equals(otherExtent)) {
            throw new UserMistakeException(path + ": is of a " + extent.get() + " run, " + otherName + " of a "
                    + otherExtent.get() + " one, which measures with other pages and traces");
        }
    }
}
