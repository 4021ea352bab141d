package io.github.tmem.kit.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tmem.api.spi.PageCodec;
import io.github.tmem.kit.PageKey;
import io.github.tmem.kit.Pages;
import io.github.tmem.kit.Shape;
import io.github.tmem.kit.contract.CodecContract;
import org.junit.jupiter.api.Test;

class RunLengthCodecTest extends CodecContract {
    @Override
    protected PageCodec open() {
        return new RunLengthCodec();
    }

    @Test
    void roundTrips() {
        try (PageCodec codec = new RunLengthCodec()) {
            for (Shape shape : Shape.values()) {
                byte[] page = Pages.make(PageKey.of(1, 1), 1, shape, 4096);
                byte[] encoded = new byte[8192];
                int length = codec.encode(page, 0, 4096, encoded, 8192);
                byte[] decoded = new byte[4096];
                assertThat(codec.decode(encoded, length, decoded, 0, 4096)).isEqualTo(4096);
                assertThat(decoded).isEqualTo(page);
                assertThat(codec.encode(page, 0, 4096, encoded, length)).isEqualTo(length);
                assertThat(codec.encode(page, 0, 4096, encoded, length - 1)).isEqualTo(PageCodec.TOO_LONG);
            }
            assertThat(codec.decode(new byte[] {0, 1}, 2, new byte[8], 0, 8)).isEqualTo(PageCodec.MALFORMED);
            assertThat(codec.decode(new byte[] {9, 1}, 2, new byte[8], 0, 8)).isEqualTo(PageCodec.MALFORMED);
            assertThat(codec.decode(new byte[] {1, 1, 1}, 3, new byte[8], 0, 8)).isEqualTo(PageCodec.MALFORMED);
        }
    }

    @Test
    void followsTheScript() {
        byte[] page = new byte[512];
        try (PageCodec codec = new GatedCodecProvider().open();
                CodecScript script = CodecScript.start()) {
            script.next(CodecFault.ENCODE_THROWS);
            script.next(CodecFault.ENCODE_TOO_LONG);
            script.next(CodecFault.DECODE_MALFORMED);
            assertThatThrownBy(() -> codec.encode(page, 0, 512, new byte[512], 512))
                    .isInstanceOf(CodecScript.Fault.class);
            assertThat(codec.encode(page, 0, 512, new byte[512], 512)).isEqualTo(PageCodec.TOO_LONG);
            assertThat(codec.encode(page, 0, 512, new byte[512], 512)).isEqualTo(6);
            assertThat(codec.decode(new byte[] {1, 1}, 2, page, 0, 512)).isEqualTo(PageCodec.MALFORMED);
            assertThat(codec.decode(new byte[] {1, 1}, 2, page, 0, 512)).isEqualTo(1);
            assertThatThrownBy(CodecScript::start).isInstanceOf(IllegalStateException.class);
        }
    }
}
