package io.github.tmem.tiering.codec;

import io.github.tmem.api.spi.PageCodec;
import io.github.tmem.kit.contract.CodecContract;

class Lz4CodecTest extends CodecContract {
    @Override
    protected PageCodec open() {
        return new Lz4CodecProvider().open();
    }
}
