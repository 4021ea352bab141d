package io.github.tmem.kit.backend;

import io.github.tmem.api.spi.Backend;
import io.github.tmem.kit.Gate;
import io.github.tmem.kit.contract.BackendContract;

class WrappedKeyedTest extends BackendContract {
    @Override
    protected Backend open(long capacityBytes) {
        return wrap(KeyedTestBackend.slow(capacityBytes));
    }

    /** All wrappers at once, quiet: together they must change nothing. */
    private static Backend wrap(Backend backend) {
        Backend faulty = new FaultyBackend(backend, 1).asBackend();
        Backend blocking = new BlockingBackend(faulty, new Gate(), "tier").asBackend();
        return new CheckingBackend(blocking).asBackend();
    }
}
