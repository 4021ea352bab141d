package io.github.tmem.kit.codec;

/** What a {@link CodecScript} makes go wrong with one call. */
public enum CodecFault {
    /** Encode throws a {@link CodecScript.Fault}. */
    ENCODE_THROWS,
    /** Encode says that the page does not fit. */
    ENCODE_TOO_LONG,
    /** Decode throws a {@link CodecScript.Fault}. */
    DECODE_THROWS,
    /** Decode says that the bytes are malformed. */
    DECODE_MALFORMED
}
