package io.github.tmem.memory;

import io.github.tmem.api.config.Size;
import io.github.tmem.api.config.TierConfig;
import io.github.tmem.api.spi.Backend;
import io.github.tmem.api.spi.BackendProvider;
import io.github.tmem.kit.contract.LocatedBackendContract;
import org.junit.jupiter.api.Nested;

/** What every backend owes, by both tiers. */
class SlabBackendContractTest {

    @Nested
    class Heap extends Contract {
        Heap() {
            super(new HeapProvider());
        }
    }

    @Nested
    class OffHeap extends Contract {
        OffHeap() {
            super(new OffHeapProvider());
        }
    }

    abstract static class Contract extends LocatedBackendContract {
        private final BackendProvider provider;

        Contract(BackendProvider provider) {
            this.provider = provider;
        }

        @Override
        protected Backend open(long capacityBytes) {
            return provider.open(TierConfig.of(provider.type(), Size.ofBytes(capacityBytes)));
        }

        @Override
        protected long capacityBytes() {
            return 8L << 20;
        }
    }
}
