package io.github.tmem.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tmem.api.GetMode;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PagePool;
import io.github.tmem.api.PageStore;
import io.github.tmem.api.PersistentPool;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.api.live.PoolExport;
import io.github.tmem.api.live.UnusableExportException;
import io.github.tmem.kit.Delivery;
import io.github.tmem.kit.PageKey;
import io.github.tmem.kit.Pages;
import io.github.tmem.kit.Shape;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** Restores of what is damaged, cut off or nonsense: an error that says so, and never a page that was not. */
@TestInstance(Lifecycle.PER_CLASS)
class HostileExportTest {
    private static final ObjectId FILE = ObjectId.of(1);
    private static final ObjectId OTHER = ObjectId.of(2);
    private static final PoolConfig SETTINGS = PoolConfig.persistent("moved").withPageSize(512);
    private static final int PAGE_SIZE_AT = 12;
    private static final int KIND_AT = 16;
    private static final int VERSION_AT = 8;
    private static final int HEADER = 34;
    private static final int CRC = 4;

    /** Everything, and three times changes. */
    private final List<byte[]> passes = new ArrayList<>();

    /** What there is after so many passes: versions of pages 0 and 1 of FILE, of page 0 of OTHER. */
    private final List<List<Long>> states = new ArrayList<>();

    private PageStore store;

    @BeforeAll
    void export() throws IOException {
        store = PageStore.builder().heap("4MiB").open();
        PersistentPool pool = (PersistentPool)
                store.pool(PoolConfig.persistent("source").withPageSize(512).withGetMode(GetMode.INCLUSIVE));
        states.add(List.of(0L, 0L, 0L));
        put(pool, FILE, 0, 1);
        put(pool, FILE, 1, 1);
        put(pool, OTHER, 0, 1);
        try (PoolExport export = pool.transfer().export()) {
            pass(export, pool);
            put(pool, FILE, 1, 2);
            pool.flush(FILE, 0);
            pass(export, pool);
            pool.flushObject(FILE);
            put(pool, FILE, 0, 3);
            pass(export, pool);
            pool.flushObject(OTHER);
            pass(export, pool);
        }
    }

    @AfterAll
    void close() {
        store.close();
    }

    private void pass(PoolExport export, PagePool pool) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        export.write(bytes);
        passes.add(bytes.toByteArray());
        states.add(state(pool));
    }

    private static void put(PagePool pool, ObjectId object, long index, long version) {
        pool.put(object, index, Pages.make(new PageKey(object, index), version, Shape.INCOMPRESSIBLE, 512));
    }

    /** Fails if any page is not one that was put. */
    private static List<Long> state(PagePool pool) {
        return List.of(
                Delivery.get(pool, new PageKey(FILE, 0)),
                Delivery.get(pool, new PageKey(FILE, 1)),
                Delivery.get(pool, new PageKey(OTHER, 0)));
    }

    private byte[] all() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        passes.forEach(all::writeBytes);
        return all.toByteArray();
    }

    private static void restore(PagePool pool, byte[] bytes) throws IOException {
        pool.transfer().restore(new ByteArrayInputStream(bytes));
    }

    /** The state that a restore leaves, which must have failed unless {@code whole} passes are all there is. */
    private void assertPrefix(byte[] bytes, int intactBytes) throws IOException {
        int intact = 0;
        int end = 0;
        while (intact < passes.size() && end + passes.get(intact).length <= intactBytes) {
            end += passes.get(intact++).length;
        }
        try (PagePool pool = store.pool(SETTINGS)) {
            if (end == bytes.length && intact > 0) {
                restore(pool, bytes);
                assertThat(state(pool)).isEqualTo(states.get(intact));
                return;
            }
            int wholePasses = end;
            assertThatThrownBy(() -> restore(pool, bytes))
                    .isInstanceOfSatisfying(
                            UnusableExportException.class,
                            e -> assertThat(e.offset()).isBetween((long) wholePasses, (long) intactBytes))
                    .hasMessageStartingWith("at byte ");
            assertBetween(state(pool), intact);
        }
    }

    /** Each key is as before the damaged pass or as after it, or on its way from flushed to put. */
    private void assertBetween(List<Long> state, int intact) {
        for (int key = 0; key < state.size(); key++) {
            assertThat(state.get(key))
                    .isIn(
                            0L,
                            states.get(intact).get(key),
                            states.get(intact + 1).get(key));
        }
    }

    @Test
    void thePassesThemselvesAreRight() throws IOException {
        assertThat(states)
                .containsExactly(
                        List.of(0L, 0L, 0L),
                        List.of(1L, 1L, 1L),
                        List.of(0L, 2L, 1L),
                        List.of(3L, 0L, 1L),
                        List.of(3L, 0L, 0L));
        assertPrefix(all(), all().length);
    }

    @Test
    void whatIsCutOffAnywhereIsRecognised() throws IOException {
        byte[] all = all();
        for (int length = 0; length < all.length; length++) {
            assertPrefix(Arrays.copyOf(all, length), length);
        }
    }

    @Test
    void aDamageOfAnyByteIsRecognised() throws IOException {
        byte[] all = all();
        for (int at = 0; at < all.length; at++) {
            byte[] damaged = all.clone();
            damaged[at] ^= (byte) (1 << at % Byte.SIZE);
            assertPrefix(damaged, at);
        }
    }

    @Test
    void recordsThatAreMissingDoubledOrExchangedAreRecognised() throws IOException {
        byte[] first = passes.getFirst();
        int record = 1 + 32 + 512 + CRC;
        int header = HEADER + CRC;
        ByteArrayOutputStream missing = new ByteArrayOutputStream();
        missing.write(first, 0, header);
        missing.write(first, header + record, first.length - header - record);
        ByteArrayOutputStream doubled = new ByteArrayOutputStream();
        doubled.write(first, 0, header + record);
        doubled.write(first, header, first.length - header);
        ByteArrayOutputStream exchanged = new ByteArrayOutputStream();
        exchanged.write(first, 0, header);
        exchanged.write(first, header + record, record);
        exchanged.write(first, header, record);
        exchanged.write(first, header + 2 * record, first.length - header - 2 * record);
        assertPrefix(exchanged.toByteArray(), header);
        assertPrefix(missing.toByteArray(), header);
        assertPrefix(doubled.toByteArray(), header + record);
    }

    /** As a program with a mistake would write it, checksums and all. */
    @Test
    void aPassThatCountsWronglyIsRefused() throws IOException {
        try (PagePool pool = store.pool(SETTINGS);
                PoolExport export = pool.transfer().export()) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            export.write(bytes);
            byte[] pass = bytes.toByteArray();
            pass[HEADER + CRC + Long.BYTES]++; // one page
            CRC32C crc = new CRC32C();
            crc.update(pass, 0, HEADER);
            crc.update(pass, HEADER + CRC, 1 + 2 * Long.BYTES);
            ByteBuffer.wrap(pass).putInt(pass.length - CRC, (int) crc.getValue());
            assertRefused(pool, pass, "the pass had 1 pages");
        }
    }

    @Test
    void noiseIsNoExport() {
        try (PagePool pool = store.pool(SETTINGS)) {
            for (int seed = 0; seed < 100; seed++) {
                byte[] noise = Pages.noise(seed, 4096);
                assertThatThrownBy(() -> restore(pool, noise))
                        .isInstanceOf(UnusableExportException.class)
                        .hasMessageContaining("tmempool");
            }
        }
    }

    private void assertRefused(PagePool pool, byte[] bytes, String message) {
        assertThatThrownBy(() -> restore(pool, bytes))
                .isInstanceOf(UnusableExportException.class)
                .hasMessageContaining(message);
    }

    @Test
    void whatThePoolCannotTakeIsRefusedAndChangesNothing() throws IOException {
        byte[] first = passes.getFirst();
        try (PagePool larger = store.pool(SETTINGS.withPageSize(1024))) {
            assertRefused(larger, first, "pages of 512 bytes");
        }
        try (PagePool ephemeral = store.pool(PoolConfig.ephemeral("moved").withPageSize(512))) {
            assertRefused(ephemeral, first, "kind");
        }
        try (PagePool pool = store.pool(SETTINGS)) {
            put(pool, FILE, 0, 9);
            assertRefused(
                    pool, ByteBuffer.wrap(first.clone()).putInt(VERSION_AT, 2).array(), "version 2");
            assertRefused(
                    pool,
                    ByteBuffer.wrap(first.clone()).putInt(PAGE_SIZE_AT, 1 << 30).array(),
                    "damaged");
            assertRefused(
                    pool, ByteBuffer.wrap(first.clone()).put(KIND_AT, (byte) 7).array(), "damaged");
            assertRefused(pool, new byte[0], "nothing");
            assertThat(state(pool)).containsExactly(9L, 0L, 0L);
        }
    }

    @Test
    void changesAreRestoredInTheirOrderOnly() throws IOException {
        byte[] another;
        try (PagePool pool = store.pool(SETTINGS.withPageSize(512));
                PoolExport export = pool.transfer().export()) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            export.write(bytes);
            bytes.reset();
            export.write(bytes);
            another = bytes.toByteArray();
        }
        try (PagePool pool = store.pool(SETTINGS)) {
            assertRefused(pool, passes.get(1), "has not been restored");
            restore(pool, passes.get(0));
            assertRefused(pool, passes.get(2), "comes pass 1");
            assertRefused(pool, another, "another export");
            restore(pool, passes.get(1));
            assertRefused(pool, passes.get(1), "comes pass 2");
            assertThat(state(pool)).isEqualTo(states.get(2));
            byte[] cut = Arrays.copyOf(passes.get(2), passes.get(2).length - 1);
            assertRefused(pool, cut, "end of what was given");
            restore(pool, passes.get(2)); // again, whole
            assertThat(state(pool)).isEqualTo(states.get(3));
            assertRefused(pool, Arrays.copyOf(passes.get(0), 100), "end of what was given");
            assertRefused(pool, passes.get(3), "has not been restored");
        }
    }
}
