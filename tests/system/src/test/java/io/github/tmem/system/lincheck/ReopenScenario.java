package io.github.tmem.system.lincheck;

import org.jetbrains.lincheck.datastructures.Operation;

/** The same with a pool that is destroyed and opened again under its name while it is used. */
public final class ReopenScenario extends PagesScenario {
    /** For Lincheck. */
    public ReopenScenario() {}

    /** Closes the pool, which the next operation opens anew: for all others the pages of the pool go in one step. */
    @Operation
    public void reopen() {
        destroy();
    }
}
