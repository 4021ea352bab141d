package io.github.tmem.remote;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.cluster.SlotHash;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CopyKeysTest {
    private static final long[] SESSIONS = {0, 1, -1, Long.MIN_VALUE, 0x7b7d_7b7d_7b7d_7b7dL};

    @Test
    void aNameSaysWhoseCopyItIs() {
        Random random = new Random(1);
        for (long session : SESSIONS) {
            CopyKeys keys = CopyKeys.of(session);
            CopyKeys others = CopyKeys.of(session + 1);
            for (int bits = 1; bits < Long.SIZE; bits++) {
                long copyId = (1L << (bits - 1)) | random.nextLong(1L << (bits - 1));
                byte[] key = keys.key(copyId);
                assertThat(key).hasSize(29);
                assertThat(keys.copyId(key)).isEqualTo(copyId);
                assertThat(others.copyId(key)).isEqualTo(CopyKeys.NOT_OURS);
                assertThat(CopyKeys.leaseOf(key)).isEqualTo(keys.connectionName());
            }
        }
    }

    @Test
    void noTwoCopiesHaveOneName() {
        Set<String> names = new HashSet<>();
        for (long session : SESSIONS) {
            for (long copyId = 1; copyId < 5000; copyId++) {
                String name = new String(CopyKeys.of(session).key(copyId), StandardCharsets.US_ASCII);
                assertThat(names.add(name)).isTrue();
            }
        }
    }

    @Test
    void aClusterKeepsRunsTogetherAndSpreadsThem() {
        for (long session : SESSIONS) {
            CopyKeys keys = CopyKeys.of(session);
            Set<Integer> slots = new HashSet<>();
            for (long run = 0; run < 1000; run++) {
                int slot = SlotHash.getSlot(keys.key(run * CopyKeys.RUN));
                for (int place = 1; place < CopyKeys.RUN; place++) {
                    assertThat(SlotHash.getSlot(keys.key(run * CopyKeys.RUN + place)))
                            .isEqualTo(slot);
                }
                slots.add(slot);
            }
            assertThat(slots).hasSizeGreaterThan(900);
        }
    }

    @Test
    void whatIsNoNameOfACopyIsNobodys() {
        CopyKeys keys = CopyKeys.of(7);
        String name = new String(keys.key(64), StandardCharsets.US_ASCII);
        for (String wrong : new String[] {
            "",
            "tmem:",
            keys.connectionName(),
            name.substring(0, name.length() - 1),
            name + "A",
            name.replace("{", "{A"),
            name.replace("{A", "{*"),
            name.replace("{A", "{"),
            name.replace("}", "]"),
            name.replace("tmem:", "temm:")
        }) {
            assertThat(keys.copyId(wrong.getBytes(StandardCharsets.US_ASCII)))
                    .as(wrong)
                    .isEqualTo(CopyKeys.NOT_OURS);
        }
        assertThat(CopyKeys.leaseOf("tmem:".getBytes(StandardCharsets.US_ASCII)))
                .isNull();
        assertThat(CopyKeys.leaseOf("tmem:no session{A}A".getBytes(StandardCharsets.US_ASCII)))
                .isNull();
        assertThat(CopyKeys.leaseOf(keys.lease())).isNull();
    }
}
