package io.github.tmem.kit.backend;

import io.github.tmem.api.spi.Backend;
import io.github.tmem.kit.Gate;
import io.github.tmem.kit.contract.LocatedBackendContract;

class WrappedLocatedTest extends LocatedBackendContract {
    @Override
    protected Backend open(long capacityBytes) {
        return wrap(new LocatedTestBackend(capacityBytes));
    }

    /** All wrappers at once, quiet: together they must change nothing. */
    private static Backend wrap(Backend backend) {
        Backend faulty = new FaultyBackend(backend, 1).asBackend();
        Backend blocking = new BlockingBackend(faulty, new Gate(), "tier").asBackend();
        return new CheckingBackend(blocking).asBackend();
    }
}
