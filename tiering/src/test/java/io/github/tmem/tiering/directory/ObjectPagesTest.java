package io.github.tmem.tiering.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tmem.api.ObjectId;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.api.config.Size;
import java.lang.foreign.Arena;
import org.agrona.collections.Int2IntHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ObjectPagesTest {
    private static final int SHARD = 3;

    private final Directory directory = new Directory(1_000, 10, 1);
    private final PoolLedger pool =
            directory.open(PoolConfig.persistent("pages").withQuota(Size.ofBytes(1 << 20)), 1);
    private final TrackedObject object = directory.acquire(pool, ObjectId.of(1));
    private final Arena arena = Arena.ofShared();
    private final EntryTable entries = new EntryTable(SHARD, arena);
    private final FullMap heads = new FullMap();
    private final ObjectPages pages = new ObjectPages(SHARD, entries, new ObjectTable(), heads);

    /** A map that puts, and then finds no memory to grow, as the real one does. */
    private static final class FullMap extends Int2IntHashMap {
        private boolean full;
        private int compactions;

        FullMap() {
            super(EntryTable.NONE);
        }

        @Override
        public int put(int key, int value) {
            int before = super.put(key, value);
            if (full && before == EntryTable.NONE) {
                throw new OutOfMemoryError("as the test wants it");
            }
            return before;
        }

        @Override
        public void compact() {
            compactions++;
            super.compact();
        }
    }

    @AfterEach
    void close() {
        directory.retireIfUnused(object);
        directory.close();
        arena.close();
    }

    @Test
    void anObjectThatThereWasNoMemoryForHasNoPages() {
        int entry = entries.take();
        heads.full = true;
        assertThatThrownBy(() -> pages.add(entry, object)).isInstanceOf(OutOfMemoryError.class);
        assertThat(object.shards()).isZero();
        assertThat(heads).isEmpty();
        assertThat(heads.compactions).as("it knows its size again").isEqualTo(1);
        heads.full = false;
        assertThat(pages.add(entry, object)).isTrue();
        assertThat(object.shards()).isEqualTo(1L << SHARD);
        pages.add(entries.take(), object);
        heads.full = true;
        assertThat(pages.add(entries.take(), object))
                .as("to a list that is there")
                .isTrue();
        assertThat(pages.checkedTotal()).isEqualTo(3);
    }
}
