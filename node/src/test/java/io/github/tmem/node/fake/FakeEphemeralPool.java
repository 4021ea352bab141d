package io.github.tmem.node.fake;

import io.github.tmem.api.EphemeralPool;
import io.github.tmem.api.config.PoolConfig;

/** A fake pool of ephemeral pages. */
final class FakeEphemeralPool extends FakePool implements EphemeralPool {
    FakeEphemeralPool(PoolConfig settings, FakePages pages) {
        super(settings, pages);
    }
}
