package io.github.tmem.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.BlobPool;
import io.github.tmem.api.BlobPool.Scan;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PageKey;
import io.github.tmem.api.PageKind;
import io.github.tmem.api.PageStore;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Scans of the keys of a blob pool. */
class BlobScanTest {
    private static final ObjectId FILE = ObjectId.of(1);

    private static Set<PageKey> scanAll(BlobPool pool, int most) {
        Set<PageKey> found = new HashSet<>();
        long cursor = 0;
        do {
            Scan scan = pool.scan(cursor, most);
            assertThat(scan.keys()).hasSizeLessThan(most + 64);
            assertThat(scan.next()).isNotNegative();
            found.addAll(scan.keys());
            cursor = scan.next();
        } while (cursor != 0);
        return found;
    }

    @Test
    void aScanMeetsEveryKeyOfThePoolAndNoOther() {
        try (PageStore store = ValueStores.open("8MiB", "64MiB")) {
            BlobPool pool = store.blobs("values");
            BlobPool others = store.blobs("others");
            assertThat(pool.scan(0, 10)).isEqualTo(new Scan(List.of(), 0));
            Set<PageKey> keys = new HashSet<>();
            for (int i = 0; i < 5000; i++) {
                ObjectId object = ObjectId.of(i % 50);
                Values.put(pool, object, i, new byte[i % 3], PageKind.values()[i % 2]);
                Values.put(others, object, -i, new byte[1], PageKind.EPHEMERAL);
                keys.add(new PageKey(object, i));
            }
            for (int most : new int[] {1, 10, 100_000}) {
                assertThat(scanAll(pool, most)).isEqualTo(keys);
            }
            assertThat(pool.count()).isEqualTo(5000);
        }
    }

    /** Tables grow, keys change their kind and entry, others come and go: who stays is met. */
    @Test
    void aScanMeetsEveryKeyThatIsThereAllTheTime() {
        try (PageStore store = ValueStores.open("8MiB", "64MiB")) {
            BlobPool pool = store.blobs("values");
            Set<PageKey> keys = new HashSet<>();
            for (int i = 0; i < 400; i++) {
                Values.put(pool, FILE, i, new byte[1], PageKind.EPHEMERAL);
                keys.add(new PageKey(FILE, i));
            }
            Set<PageKey> found = new HashSet<>();
            long cursor = 0;
            int others = 1000;
            do {
                Scan scan = pool.scan(cursor, 3);
                found.addAll(scan.keys());
                cursor = scan.next();
                for (int i = 0; i < 3; i++) {
                    Values.put(pool, FILE, ++others, new byte[1], PageKind.PERSISTENT);
                }
                for (int i = 0; i < 400; i += 7) {
                    Values.put(pool, FILE, i, new byte[1], PageKind.values()[others % 2]);
                }
            } while (cursor != 0);
            assertThat(keys).isSubsetOf(found);
            assertThat(ValueStores.stats(store).evicted()).isZero();
        }
    }

    @Test
    void anyCursorWillDo() {
        try (PageStore store = ValueStores.open("8MiB", "64MiB")) {
            BlobPool pool = store.blobs("values");
            Values.put(pool, FILE, 1, new byte[1], PageKind.EPHEMERAL);
            for (long cursor : new long[] {-1, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 38, 0xFFFF_FFFFL, 12345}) {
                assertThat(pool.scan(cursor, 10).keys()).hasSizeLessThan(2);
            }
        }
    }
}
