package io.github.tmem.node.pages;

import io.github.tmem.node.console.Figures;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A report as people read it. */
public final class PagesText {
    private static final double NANOS_PER_MICRO = 1000;

    private PagesText() {}

    /** The lines of the report. */
    public static List<String> lines(PagesReport report) {
        List<String> lines = new ArrayList<>();
        lines.add("density   " + Figures.factor(report.density()) + ": " + Figures.bytes(report.rawBytes())
                + " of pages in " + Figures.bytes(report.memoryBytes()) + " of memory, everything counted");
        long shrunk = report.pages() - report.sameFilled() - report.rawPages();
        lines.add("pages     " + Figures.count(report.pages()) + " stored: " + Figures.count(shrunk) + " compressed, "
                + Figures.count(report.rawPages()) + " raw, " + Figures.count(report.sameFilled())
                + " same-filled; " + Figures.bytes(report.encodedBytes()) + " in all");
        lines.add("time      put " + Figures.micros(report.putNs() / NANOS_PER_MICRO) + ", get "
                + Figures.micros(report.getNs() / NANOS_PER_MICRO) + " a page, by one thread");
        lines.add("metadata  " + bytes(report.metadataBytesPerPage()) + " a page in the directory");
        if (report.rssBytesPerPage() != null) {
            lines.add("process   grew by " + bytes(report.rssBytesPerPage()) + " a page");
        }
        if (report.refused() > 0) {
            lines.add("REFUSED   " + Figures.count(report.refused())
                    + " pages for want of room; no figure above is about them");
        }
        return lines;
    }

    private static String bytes(double bytes) {
        return String.format(Locale.ROOT, "%,.1f B", bytes);
    }
}
