package io.github.tmem.remote.store;

import io.lettuce.core.protocol.ProtocolKeyword;
import java.nio.charset.StandardCharsets;

/** The commands of a node that are about pools of pages; see {@code docs/node.md}. */
@SuppressWarnings("deprecation") // an enum has the name that is asked for no more
enum Order implements ProtocolKeyword {
    HELLO,
    OPEN,
    CLOSE,
    PUT,
    GET,
    TAKE,
    TAKEN,
    RETURN,
    TOKEN,
    CONTAINS,
    FLUSH,
    FLUSHOBJECT,
    COUNT,
    STATS,
    VPUT,
    VGET,
    VTAKE,
    VLENGTH,
    VFLUSH,
    VFLUSHALL,
    VSCAN,
    SESSION;

    /** The version of them that this client speaks. */
    static final long VERSION = 1;

    @SuppressWarnings("ImmutableEnumChecker") // nobody changes it
    private final byte[] bytes = ("TMEM." + name()).getBytes(StandardCharsets.US_ASCII);

    @Override
    public byte[] getBytes() {
        return bytes;
    }
}
