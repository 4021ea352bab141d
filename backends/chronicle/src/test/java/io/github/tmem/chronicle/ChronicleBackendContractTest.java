package io.github.tmem.chronicle;

import io.github.tmem.api.config.Size;
import io.github.tmem.api.config.TierConfig;
import io.github.tmem.api.spi.Backend;
import io.github.tmem.kit.contract.BackendContract;

/** What every backend owes. */
class ChronicleBackendContractTest extends BackendContract {
    @Override
    protected Backend open(long capacityBytes) {
        return new ChronicleProvider().open(TierConfig.of("chronicle", Size.ofBytes(capacityBytes)));
    }

    /** The memory of a map is reserved in one piece. */
    @Override
    protected boolean resizable() {
        return false;
    }
}
