package io.github.tmem.kit.backend;

import io.github.tmem.api.spi.Backend;
import io.github.tmem.kit.contract.LocatedBackendContract;

class LocatedTestBackendTest extends LocatedBackendContract {
    @Override
    protected Backend open(long capacityBytes) {
        return new LocatedTestBackend(capacityBytes);
    }
}
