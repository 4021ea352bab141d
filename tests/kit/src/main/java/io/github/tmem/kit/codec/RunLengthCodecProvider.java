package io.github.tmem.kit.codec;

import io.github.tmem.api.spi.CodecProvider;
import io.github.tmem.api.spi.PageCodec;

/** The codec {@code test-runs}. */
public final class RunLengthCodecProvider implements CodecProvider {
    /** For {@link java.util.ServiceLoader}. */
    public RunLengthCodecProvider() {}

    @Override
    public String name() {
        return "test-runs";
    }

    @Override
    public String implementation() {
        return "run-length";
    }

    @Override
    public PageCodec open() {
        return new RunLengthCodec();
    }
}
