package io.github.tmem.node.peer;

import io.github.tmem.node.command.Command;
import io.github.tmem.node.command.Command.Trait;
import org.jspecify.annotations.Nullable;

/** Where requests run: on the event loop of their connection, or on a virtual thread, one at most for each connection. */
public enum Pace {
    /** All tiers are memory: what takes microseconds runs on the event loop, what may take long elsewhere. */
    LOCAL,
    /** There are tiers that wait for a device or a network: everything runs elsewhere. */
    SLOW;

    /** Whether a command, or what is none, must not run on the event loop. */
    boolean isElsewhere(@Nullable Command command) {
        return command != null && (this == SLOW || command.is(Trait.LONG));
    }
}
