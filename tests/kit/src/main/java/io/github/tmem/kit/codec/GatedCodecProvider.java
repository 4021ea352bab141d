package io.github.tmem.kit.codec;

import io.github.tmem.api.spi.CodecProvider;
import io.github.tmem.api.spi.PageCodec;

/** The codec {@code test-gated}. */
public final class GatedCodecProvider implements CodecProvider {
    /** For {@link java.util.ServiceLoader}. */
    public GatedCodecProvider() {}

    @Override
    public String name() {
        return "test-gated";
    }

    @Override
    public String implementation() {
        return "run-length, scripted";
    }

    @Override
    public PageCodec open() {
        CodecScript script = CodecScript.open();
        if (script != null) {
            script.countOpened();
        }
        return new GatedCodec(new RunLengthCodec());
    }
}
