package io.github.tmem.kit.backend;

import io.github.tmem.api.spi.Backend;
import io.github.tmem.kit.contract.BackendContract;

class SlowKeyedTestBackendTest extends BackendContract {
    @Override
    protected Backend open(long capacityBytes) {
        return KeyedTestBackend.slow(capacityBytes);
    }
}
