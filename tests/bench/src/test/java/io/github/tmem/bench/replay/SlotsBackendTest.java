package io.github.tmem.bench.replay;

import io.github.tmem.api.spi.Backend;
import io.github.tmem.kit.contract.BackendContract;

class SlotsBackendTest extends BackendContract {
    @Override
    protected Backend open(long capacityBytes) {
        return new SlotsBackend(capacityBytes);
    }

    @Override
    protected boolean resizable() {
        return false;
    }
}
