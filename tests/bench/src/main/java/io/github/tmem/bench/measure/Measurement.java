package io.github.tmem.bench.measure;

import io.github.tmem.bench.report.Results;

/** Measures one or more budgets. */
public interface Measurement {

    /** What it is about, in a word or two. */
    String name();

    /** How often it will report progress. */
    int steps(Plan plan);

    /**
     * Measures.
     *
     * @param results where the figures go
     * @param step called {@link #steps} times on the way
     */
    void measure(Plan plan, Results results, Runnable step);
}
