package io.github.tmem.kit.codec;

import io.github.tmem.api.spi.PageCodec;

/** A codec that follows the open {@link CodecScript}, and without one only delegates. */
public final class GatedCodec implements PageCodec {

    private final PageCodec wrapped;

    /** Puts the script in front of {@code wrapped}, which it closes when it is closed. */
    public GatedCodec(PageCodec wrapped) {
        this.wrapped = wrapped;
    }

    @Override
    public int encode(byte[] source, int sourceOffset, int length, byte[] destination, int limit) {
        CodecScript script = CodecScript.open();
        if (script == null) {
            return wrapped.encode(source, sourceOffset, length, destination, limit);
        }
        script.gate().arrive("encode");
        CodecFault fault = script.encodeFault();
        if (fault == CodecFault.ENCODE_THROWS) {
            throw new CodecScript.Fault(fault);
        }
        int result = fault == CodecFault.ENCODE_TOO_LONG
                ? TOO_LONG
                : wrapped.encode(source, sourceOffset, length, destination, limit);
        script.gate().arrive("encode-done");
        return result;
    }

    @Override
    public int decode(byte[] source, int encodedLength, byte[] destination, int destinationOffset, int length) {
        CodecScript script = CodecScript.open();
        if (script == null) {
            return wrapped.decode(source, encodedLength, destination, destinationOffset, length);
        }
        script.gate().arrive("decode");
        CodecFault fault = script.decodeFault();
        if (fault == CodecFault.DECODE_THROWS) {
            throw new CodecScript.Fault(fault);
        }
        int result = fault == CodecFault.DECODE_MALFORMED
                ? MALFORMED
                : wrapped.decode(source, encodedLength, destination, destinationOffset, length);
        script.gate().arrive("decode-done");
        return result;
    }

    @Override
    public void close() {
        CodecScript script = CodecScript.open();
        if (script != null) {
            script.countClosed();
        }
        wrapped.close();
    }
}
