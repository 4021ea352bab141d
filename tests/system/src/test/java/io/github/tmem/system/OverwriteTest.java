package io.github.tmem.system;

import static io.github.tmem.kit.Aside.join;
import static io.github.tmem.kit.Aside.start;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.GetMode;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PagePool;
import io.github.tmem.api.PersistentPool;
import io.github.tmem.kit.PageKey;
import io.github.tmem.kit.Pages;
import io.github.tmem.system.OverwriteBed.Medium;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A put of a key that is there keeps the key's entry and writes the copy under its number. Whatever happens to that entry
 * while the copy is being written, the page is right, and the copy is found by those who must move it.
 */
class OverwriteTest {
    private static final ObjectId FILE = ObjectId.of(1);
    private static final int PAGE = Stage.PAGE;

    /** One page of this version, one copy, nothing owed. */
    private static void assertOnly(OverwriteBed bed, long version) {
        assertThat(bed.get(0)).isEqualTo(version);
        bed.verify();
        assertThat(bed.copies()).isEqualTo(1);
        assertThat(bed.pool().pageCount()).isEqualTo(1);
        assertEntriesServeOnce(bed.pool());
        assertThat(bed.get(0)).isEqualTo(version);
    }

    /** An entry given back twice, or while it is in use, would serve two of these pages, or one of them and another. */
    private static void assertEntriesServeOnce(PagePool pool) {
        byte[] buffer = new byte[PAGE];
        for (long i = 100; i < 104; i++) {
            assertThat(pool.put(FILE, i, Stage.page(FILE, i, i)).stored()).isTrue();
        }
        for (long i = 100; i < 104; i++) {
            assertThat(pool.get(FILE, i, buffer)).isTrue();
            assertThat(Pages.version(new PageKey(FILE, i), buffer)).isEqualTo(i);
            assertThat(pool.flush(FILE, i)).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void anOverwriteWritesOneCopy(Medium medium) {
        try (OverwriteBed bed = OverwriteBed.persistent(medium)) {
            bed.put(0, 1);
            bed.puts().set(0);
            assertThat(bed.put(0, 2)).isTrue();
            assertThat(bed.puts()).hasValue(1);
            assertOnly(bed, 2);
            assertThat(bed.pool().stats().replaced()).isEqualTo(1);
        }
    }

    // ---- the older page goes

    @ParameterizedTest
    @CsvSource({"KEYED,put", "KEYED,put-done", "LOCATED,put", "LOCATED,put-done", "HEAP,put", "HEAP,put-done"})
    void aPageFlushedMeanwhileIsPut(Medium medium, String step) {
        try (OverwriteBed bed = OverwriteBed.persistent(medium)) {
            bed.put(0, 1);
            CompletableFuture<Boolean> putting = bed.putUntil("0." + step, 0, 2);
            assertThat(bed.pool().flush(FILE, 0)).isTrue(); // the object is empty now and its number retired
            bed.gate().open("0." + step);
            assertThat(join(putting)).isTrue();
            assertOnly(bed, 2);
        }
    }

    @ParameterizedTest
    @CsvSource({"KEYED,put", "KEYED,put-done", "LOCATED,put", "LOCATED,put-done", "HEAP,put", "HEAP,put-done"})
    void aPageFlushedMeanwhileIsPutUnderANumberThatLives(Medium medium, String step) {
        try (OverwriteBed bed = OverwriteBed.persistent(medium)) {
            bed.put(0, 1);
            bed.put(1, 1); // keeps the object
            CompletableFuture<Boolean> putting = bed.putUntil("0." + step, 0, 2);
            assertThat(bed.pool().flush(FILE, 0)).isTrue();
            bed.gate().open("0." + step);
            assertThat(join(putting)).isTrue();
            assertThat(bed.get(0)).isEqualTo(2);
            assertThat(bed.get(1)).isEqualTo(1);
            bed.verify();
            assertThat(bed.copies()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @CsvSource({"KEYED,put", "KEYED,put-done", "LOCATED,put", "LOCATED,put-done", "HEAP,put", "HEAP,put-done"})
    void aPageTakenMeanwhileIsPut(Medium medium, String step) {
        try (OverwriteBed bed = OverwriteBed.persistent(medium, GetMode.EXCLUSIVE)) {
            bed.put(0, 1);
            CompletableFuture<Boolean> putting = bed.putUntil("0." + step, 0, 2);
            assertThat(bed.get(0)).isEqualTo(1);
            bed.gate().open("0." + step);
            assertThat(join(putting)).isTrue();
            bed.verify();
            assertThat(bed.copies()).isEqualTo(1);
            assertThat(bed.get(0)).isEqualTo(2);
            assertThat(bed.get(0)).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource({"KEYED,put", "KEYED,put-done", "LOCATED,put", "LOCATED,put-done", "HEAP,put", "HEAP,put-done"})
    void aFlushOfTheObjectTakesThePutWithIt(Medium medium, String step) {
        try (OverwriteBed bed = OverwriteBed.persistent(medium)) {
            bed.put(0, 1);
            bed.put(1, 1);
            bed.puts().set(0);
            CompletableFuture<Boolean> putting = bed.putUntil("0." + step, 0, 2);
            assertThat(bed.pool().flushObject(FILE)).isEqualTo(2);
            bed.gate().open("0." + step);
            assertThat(join(putting)).as("it came before the flush").isTrue();
            assertThat(bed.get(0)).isZero();
            bed.verify();
            assertThat(bed.copies()).isZero();
            assertThat(bed.puts())
                    .as("a page that is flushed is not stored anew")
                    .hasValue(1);
            assertThat(bed.pool().stats().flushed()).isEqualTo(3);
            assertEntriesServeOnce(bed.pool());
        }
    }

    @ParameterizedTest
    @EnumSource
    void aFlushOfTheObjectBeforeANewPutSparesThatOne(Medium medium) {
        try (OverwriteBed bed = OverwriteBed.persistent(medium)) {
            bed.put(0, 1);
            CompletableFuture<Boolean> putting = bed.putUntil("0.put-done", 0, 2);
            bed.pool().flushObject(FILE);
            CompletableFuture<Boolean> again = bed.putUntil("0.put-done", 0, 3);
            bed.gate().open("0.put-done");
            assertThat(join(putting)).isTrue();
            assertThat(join(again)).isTrue();
            assertOnly(bed, 3);
        }
    }

    @ParameterizedTest
    @CsvSource({"KEYED,put", "KEYED,put-done", "LOCATED,put", "LOCATED,put-done", "HEAP,put", "HEAP,put-done"})
    void aPoolThatIsDestroyedTakesThePutWithIt(Medium medium, String step) {
        try (OverwriteBed bed = OverwriteBed.persistent(medium)) {
            bed.put(0, 1);
            bed.puts().set(0);
            CompletableFuture<Boolean> putting = bed.putUntil("0." + step, 0, 2);
            bed.pool().close();
            PersistentPool again = bed.store().persistent("pool", GetMode.INCLUSIVE);
            bed.gate().open("0." + step);
            assertThat(join(putting)).as("it came before").isTrue();
            assertThat(again.contains(FILE, 0)).isFalse();
            bed.verify();
            assertThat(bed.copies()).isZero();
            assertThat(bed.puts())
                    .as("nothing is stored in a pool that has gone")
                    .hasValue(1);
            assertEntriesServeOnce(again);
            again.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aPutWhosePageWasFlushedDoesNotGoOnInADestroyedPool(Medium medium) {
        try (OverwriteBed bed = OverwriteBed.persistent(medium)) {
            bed.put(0, 1);
            CompletableFuture<Boolean> putting = bed.putUntil("0.put-done", 0, 2);
            bed.pool().flush(FILE, 0); // the number retires: destroy will not find it
            bed.pool().close();
            bed.gate().open("0.put-done");
            assertThat(join(putting)).isTrue();
            bed.verify();
            assertThat(bed.copies()).isZero();
        }
    }

    // ---- the key has another page meanwhile

    @ParameterizedTest
    @CsvSource({"KEYED,put", "KEYED,put-done", "LOCATED,put", "LOCATED,put-done", "HEAP,put", "HEAP,put-done"})
    void aLaterPutThatOvertakesStays(Medium medium, String step) {
        try (OverwriteBed bed = OverwriteBed.persistent(medium)) {
            bed.put(0, 1);
            String point = "0." + step;
            bed.gate().shutForOne(point);
            CompletableFuture<Boolean> putting = start(() -> bed.put(0, 2));
            bed.gate().awaitArrival(point);
            assertThat(bed.put(0, 3)).isTrue();
            bed.gate().open(point);
            assertThat(join(putting)).as("it came before").isTrue();
            assertOnly(bed, 3);
            assertThat(bed.pool().stats().replaced()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aPageFlushedAndPutAgainStays(Medium medium) {
        try (OverwriteBed bed = OverwriteBed.persistent(medium)) {
            bed.put(0, 1);
            bed.put(1, 1); // keeps the object
            bed.gate().shutForOne("0.put-done");
            CompletableFuture<Boolean> putting = start(() -> bed.put(0, 2));
            bed.gate().awaitArrival("0.put-done");
            bed.pool().flush(FILE, 0);
            assertThat(bed.put(0, 3)).isTrue(); // under the same entry: it is the one given back last
            bed.gate().open("0.put-done");
            assertThat(join(putting)).isTrue();
            bed.pool().flush(FILE, 1);
            assertOnly(bed, 3);
        }
    }

    /** The entry of the older page serves another page of the run; what the overwrite brings must not end that page. */
    @ParameterizedTest
    @EnumSource
    void anEntryThatServesAnotherKeyMeanwhileIsLeftAlone(Medium medium) {
        try (OverwriteBed bed = OverwriteBed.persistent(medium)) {
            bed.put(0, 1);
            bed.put(2, 1); // keeps the object
            bed.gate().shutForOne("0.put-done");
            CompletableFuture<Boolean> putting = start(() -> bed.put(0, 2));
            bed.gate().awaitArrival("0.put-done");
            bed.pool().flush(FILE, 0);
            assertThat(bed.put(1, 1)).isTrue();
            bed.gate().open("0.put-done");
            assertThat(join(putting)).isTrue();
            assertThat(bed.get(0)).isEqualTo(2);
            assertThat(bed.get(1)).isEqualTo(1);
            assertThat(bed.get(2)).isEqualTo(1);
            bed.verify();
            assertThat(bed.copies()).isEqualTo(3);
        }
    }

    /**
     * Two puts write copies under the older page's entry; that page is flushed, its entry serves another key, and the
     * first of the two links an entry of its own. The second is later, so its page stays; but its copy bears a number that
     * is not the key's. Only written anew it can be found by those who need its room.
     */
    @Test
    void aCopyBearsTheNumberOfItsEntry() {
        try (OverwriteBed bed = OverwriteBed.ephemeral(Medium.LOCATED, GetMode.INCLUSIVE, 2 * OverwriteBed.UNIT)) {
            bed.put(0, 1);
            bed.put(2, 1); // keeps the object
            bed.gate().shutForOne("0.put");
            CompletableFuture<Boolean> first = start(() -> bed.put(0, 2));
            bed.gate().awaitArrival("0.put");
            bed.gate().shutForOne("0.put-done");
            CompletableFuture<Boolean> second = start(() -> bed.put(0, 3));
            bed.gate().awaitArrival("0.put-done");
            bed.pool().flush(FILE, 0);
            assertThat(bed.put(1, 1)).isTrue();
            bed.gate().open("0.put");
            assertThat(join(first)).isTrue();
            assertThat(bed.get(0)).isEqualTo(2);
            bed.gate().open("0.put-done");
            assertThat(join(second)).isTrue();
            assertThat(bed.get(0)).isEqualTo(3);
            bed.verify();
            assertThat(bed.copies()).isEqualTo(3);
            PersistentPool dirty = bed.store().persistent("dirty", GetMode.INCLUSIVE);
            for (int i = 0; i < 2 * OverwriteBed.UNIT; i++) {
                assertThat(dirty.put(FILE, i, Stage.page(FILE, i, 1)).stored())
                        .as("persistent page %d has the room of the others", i)
                        .isTrue();
            }
            assertThat(bed.pool().pageCount()).isZero();
            dirty.close();
        }
    }

    // ---- the older page moves

    @ParameterizedTest
    @EnumSource(names = {"KEYED", "LOCATED"})
    void aPageDemotedMeanwhileIsReplacedBelow(Medium medium) {
        int unit = OverwriteBed.UNIT;
        try (OverwriteBed bed = OverwriteBed.demoting(medium)) {
            for (int i = 0; i < unit - 1; i++) {
                bed.put(i, 1);
            }
            bed.gate().shutForOne("0.put-done"); // the new copy of page 0 fills the tier
            CompletableFuture<Boolean> putting = start(() -> bed.put(0, 2));
            bed.gate().awaitArrival("0.put-done");
            assertThat(bed.put(unit, 1)).isTrue(); // pushes page 0 down
            assertThat(bed.tier(1).usage().copies()).isEqualTo(1);
            bed.gate().open("0.put-done");
            assertThat(join(putting)).isTrue();
            assertThat(bed.get(0)).isEqualTo(2);
            bed.verify();
            assertThat(bed.copies()).isEqualTo(unit);
            assertThat(bed.tier(1).usage().copies()).as("the older copy").isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"KEYED", "LOCATED"})
    void aPageOnItsWayDownIsReplacedAbove(Medium medium) {
        int unit = OverwriteBed.UNIT;
        try (OverwriteBed bed = OverwriteBed.demoting(medium)) {
            for (int i = 0; i < unit - 1; i++) {
                bed.put(i, 1);
            }
            bed.gate().shutForOne("0.put-done");
            CompletableFuture<Boolean> putting = start(() -> bed.put(0, 2));
            bed.gate().awaitArrival("0.put-done");
            bed.gate().shutForOne("1.put-done");
            CompletableFuture<Boolean> pushing = start(() -> bed.put(unit, 1));
            bed.gate().awaitArrival("1.put-done"); // page 0 is in both tiers
            bed.gate().open("0.put-done");
            assertThat(join(putting)).isTrue();
            bed.gate().open("1.put-done");
            assertThat(join(pushing)).isTrue();
            assertThat(bed.get(0)).isEqualTo(2);
            assertThat(bed.get(unit)).isEqualTo(1);
            bed.verify();
            assertThat(bed.copies()).isEqualTo(unit);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"KEYED", "LOCATED"})
    void aPageEvictedMeanwhileIsPut(Medium medium) {
        int unit = OverwriteBed.UNIT;
        try (OverwriteBed bed = OverwriteBed.ephemeral(medium, GetMode.EXCLUSIVE, unit)) {
            for (int i = 0; i < unit - 1; i++) {
                bed.put(i, 1);
            }
            bed.gate().shutForOne("0.put-done");
            CompletableFuture<Boolean> putting = start(() -> bed.put(0, 2));
            bed.gate().awaitArrival("0.put-done");
            assertThat(bed.put(unit, 1)).isTrue(); // drops page 0
            assertThat(bed.pool().contains(FILE, 0)).isFalse();
            bed.gate().open("0.put-done");
            assertThat(join(putting)).isTrue();
            assertThat(bed.get(0)).isEqualTo(2);
            bed.verify();
        }
    }

    // ---- a full directory

    @ParameterizedTest
    @EnumSource
    void anOverwriteNeedsNoFurtherEntry(Medium medium) {
        try (OverwriteBed bed = OverwriteBed.withLeastDirectory(medium)) {
            for (int i = 0; i < 64; i++) { // the least there is
                assertThat(bed.put(i, 1)).isTrue();
            }
            assertThat(bed.put(64, 1)).isFalse();
            CompletableFuture<Boolean> putting = bed.putUntil("0.put-done", 5, 2);
            assertThat(bed.store().stats().directories().getFirst().entries()).isEqualTo(64);
            bed.gate().open("0.put-done");
            assertThat(join(putting)).isTrue();
            assertThat(bed.get(5)).isEqualTo(2);
            assertThat(bed.pool().pageCount()).isEqualTo(64);
        }
    }
}
