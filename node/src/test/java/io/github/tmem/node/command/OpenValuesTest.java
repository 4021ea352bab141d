package io.github.tmem.node.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PageKind;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.node.fake.FakeBlobs;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

/** Values that were taken and go back. */
class OpenValuesTest {
    private static final ObjectId FILE = ObjectId.of(7);
    private static final int LENGTH = 5;

    private final FakeBlobs blobs = new FakeBlobs(LENGTH);
    private final OpenValues values = new OpenValues(blobs, PoolConfig.ephemeral("values"));

    private byte[] take(PageKind kind) {
        byte[] value = {1, 2, 3, 4, OpenValues.mark(kind)};
        blobs.put(FILE, 1, MemorySegment.ofArray(value), kind);
        byte[] taken = new byte[values.length(FILE, 1)];
        assertThat(values.take(FILE, 1, taken)).isEqualTo(LENGTH);
        assertThat(taken).isEqualTo(value);
        assertThat(values.length(FILE, 1)).isEqualTo(Opened.NONE);
        return taken;
    }

    @Test
    void aValueIsOfTheKindThatItWas() {
        for (PageKind kind : PageKind.values()) {
            assertThat(values.putBack(FILE, 1, take(kind))).isTrue();
            assertThat(blobs.kind(FILE, 1)).isEqualTo(kind);
            values.flush(FILE, 1);
        }
    }

    @Test
    void onlyOneThatMayVanishDoesIfItIsRefused() {
        byte[] ephemeral = take(PageKind.EPHEMERAL);
        byte[] persistent = take(PageKind.PERSISTENT);
        blobs.reset(0);
        assertThat(values.putBack(FILE, 1, ephemeral)).isTrue();
        assertThat(values.putBack(FILE, 1, persistent)).isFalse();
    }
}
