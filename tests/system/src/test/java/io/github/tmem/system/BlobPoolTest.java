package io.github.tmem.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tmem.api.BlobPool;
import io.github.tmem.api.GetMode;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PageKind;
import io.github.tmem.api.PageStore;
import io.github.tmem.api.PoolClosedException;
import io.github.tmem.api.Refusal;
import io.github.tmem.api.WrongKindException;
import io.github.tmem.api.config.ConfigException;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.api.config.Size;
import io.github.tmem.api.live.Evacuated.End;
import io.github.tmem.api.stats.PoolStats;
import io.github.tmem.api.stats.TierStats;
import io.github.tmem.kit.codec.CodecScript;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a blob pool does with one caller: values of any length, in every tier, as they came. */
@SuppressWarnings("restricted") // memory that only seems to be so long
class BlobPoolTest {
    private static final ObjectId FILE = ObjectId.of(1);
    private static final int[] LENGTHS = {
        0, 1, 7, 8, 16, 100, 511, 512, 513, 4095, 4096, 4097, 65_536, 100_000, 1 << 20, BlobPool.LENGTH_MAX
    };

    @ParameterizedTest
    @EnumSource
    void valuesOfEveryLengthComeBackAsTheyWere(PageKind kind) {
        try (PageStore store = ValueStores.open("16MiB", "16MiB")) {
            BlobPool pool = store.blobs("values");
            for (int version = 0; version < 2; version++) { // noise, then text
                long bytes = 0;
                for (int i = 0; i < LENGTHS.length; i++) {
                    byte[] value = Values.make(version + 1, LENGTHS[i]);
                    assertThat(Values.put(pool, FILE, i, value, kind).stored()).isTrue();
                    assertThat(pool.length(FILE, i)).isEqualTo(LENGTHS[i]);
                    assertThat(Values.get(pool, FILE, i)).isEqualTo(value);
                    bytes += LENGTHS[i];
                }
                TierStats tier = store.stats().tiers().getFirst();
                assertThat(tier.encodedBytes()).as("never encoded").isEqualTo(bytes);
                assertThat(tier.rawBytes()).isEqualTo(bytes);
                assertThat(ValueStores.stats(store).encodedBytes()).isEqualTo(bytes);
                assertThat(ValueStores.stats(store).rawBytes()).isEqualTo(bytes);
                assertThat(ValueStores.stats(store).sameFilled())
                        .as("values without a byte")
                        .isEqualTo(1);
                ValueStores.verify(store);
            }
            for (int i = 0; i < LENGTHS.length; i++) {
                assertThat(Values.take(pool, FILE, i)).isEqualTo(Values.make(2, LENGTHS[i]));
                assertThat(Values.take(pool, FILE, i)).isSameAs(Values.NONE);
                assertThat(pool.length(FILE, i)).isEqualTo(-1);
            }
            assertThat(pool.count()).isZero();
            assertThat(ValueStores.stats(store).taken()).isEqualTo(LENGTHS.length);
            assertThat(store.stats().tiers().getFirst().rawBytes()).isZero();
            ValueStores.verify(store);
        }
    }

    @Test
    void anOverwriteMayBeOfAnyOtherLength() {
        try (PageStore store = ValueStores.open("16MiB", "16MiB")) {
            BlobPool pool = store.blobs("values");
            for (PageKind kind : PageKind.values()) {
                for (int from : LENGTHS) {
                    for (int to : new int[] {0, 1, 4096, 70_000}) {
                        Values.put(pool, FILE, 0, Values.make(1, from), kind);
                        Values.put(pool, FILE, 0, Values.make(2, to), kind);
                        assertThat(Values.get(pool, FILE, 0)).isEqualTo(Values.make(2, to));
                        assertThat(store.stats().tiers().getFirst().rawBytes()).isEqualTo(to);
                    }
                }
            }
            ValueStores.verify(store);
        }
    }

    @Test
    void aDestinationThatIsTooShortIsToldTheLengthAndTheValueStays() {
        try (PageStore store = ValueStores.open("4MiB", "4MiB")) {
            BlobPool pool = store.blobs("values");
            byte[] value = Values.make(1, 1000);
            for (PageKind kind : PageKind.values()) {
                Values.put(pool, FILE, 0, value, kind);
                byte[] tooShort = new byte[999];
                PoolStats before = ValueStores.stats(store);
                assertThat(pool.get(FILE, 0, MemorySegment.ofArray(tooShort))).isEqualTo(1000);
                assertThat(pool.take(FILE, 0, MemorySegment.ofArray(tooShort))).isEqualTo(1000);
                assertThat(pool.get(FILE, 0, MemorySegment.ofArray(new byte[0])))
                        .isEqualTo(1000);
                assertThat(tooShort).containsOnly(0);
                assertThat(ValueStores.stats(store)).as("nothing was delivered").isEqualTo(before);
                byte[] exact = new byte[1000];
                assertThat(pool.take(FILE, 0, MemorySegment.ofArray(exact))).isEqualTo(1000);
                assertThat(exact).isEqualTo(value);
                Values.put(pool, FILE, 0, new byte[0], kind);
                assertThat(pool.take(FILE, 0, MemorySegment.ofArray(new byte[0])))
                        .isZero();
                assertThat(pool.get(FILE, 0, MemorySegment.ofArray(new byte[0])))
                        .isEqualTo(-1);
            }
        }
    }

    @Test
    void anySegmentWillDo() {
        try (PageStore store = ValueStores.open("4MiB", "4MiB");
                Arena arena = Arena.ofConfined()) {
            BlobPool pool = store.blobs("values");
            byte[] value = Values.make(1, 1000);
            MemorySegment heap = MemorySegment.ofArray(new byte[1024]).asSlice(10, 1000);
            List<MemorySegment> sources = List.of(
                    heap.copyFrom(MemorySegment.ofArray(value)),
                    heap.asReadOnly(),
                    arena.allocate(1000).copyFrom(MemorySegment.ofArray(value)),
                    MemorySegment.ofArray(new long[125]).copyFrom(MemorySegment.ofArray(value)));
            for (MemorySegment source : sources) {
                pool.put(FILE, 0, source, PageKind.EPHEMERAL);
                assertThat(Values.get(pool, FILE, 0)).isEqualTo(value);
            }
            List<MemorySegment> destinations = List.of(
                    MemorySegment.ofArray(new byte[1200]).asSlice(100, 1001),
                    arena.allocate(1000),
                    Arena.ofAuto().allocate(2000),
                    MemorySegment.ofArray(new long[125]));
            for (MemorySegment destination : destinations) {
                assertThat(pool.get(FILE, 0, destination)).isEqualTo(1000);
                assertThat(destination.asSlice(0, 1000).mismatch(MemorySegment.ofArray(value)))
                        .isEqualTo(-1);
                pool.put(FILE, 1, MemorySegment.ofArray(value), PageKind.PERSISTENT);
                destination.fill((byte) 0);
                assertThat(pool.take(FILE, 1, destination)).isEqualTo(1000);
                assertThat(destination.asSlice(0, 1000).mismatch(MemorySegment.ofArray(value)))
                        .isEqualTo(-1);
            }
        }
    }

    @Test
    void wrongArgumentsChangeNothing() {
        try (PageStore store = ValueStores.open("4MiB", "4MiB")) {
            BlobPool pool = store.blobs("values");
            byte[] value = Values.make(1, 100);
            Values.put(pool, FILE, 0, value, PageKind.EPHEMERAL);
            Arena closed = Arena.ofShared();
            MemorySegment gone = closed.allocate(100);
            closed.close();
            MemorySegment tooLong = MemorySegment.ofArray(new byte[BlobPool.LENGTH_MAX + 1]);
            MemorySegment huge = MemorySegment.NULL.reinterpret(1L << 40);
            for (MemorySegment wrong : List.of(tooLong, huge, gone)) {
                assertThatThrownBy(() -> pool.put(FILE, 0, wrong, PageKind.PERSISTENT))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageStartingWith("pool values: ");
            }
            for (MemorySegment wrong :
                    List.of(gone, MemorySegment.ofArray(new byte[100]).asReadOnly())) {
                assertThatThrownBy(() -> pool.get(FILE, 0, wrong)).isInstanceOf(IllegalArgumentException.class);
                assertThatThrownBy(() -> pool.take(FILE, 0, wrong)).isInstanceOf(IllegalArgumentException.class);
            }
            assertThatThrownBy(() -> pool.scan(0, 0)).isInstanceOf(IllegalArgumentException.class);
            assertThat(Values.get(pool, FILE, 0)).isEqualTo(value);
            assertThat(ValueStores.stats(store).stored()).isEqualTo(1);
        }
    }

    /** A destination longer than an int is as good as any. */
    @Test
    void aDestinationMayBeVeryLong() {
        try (PageStore store = ValueStores.open("4MiB", "4MiB");
                Arena arena = Arena.ofConfined()) {
            BlobPool pool = store.blobs("values");
            byte[] value = Values.make(1, 100);
            Values.put(pool, FILE, 0, value, PageKind.EPHEMERAL);
            MemorySegment seemsLong = arena.allocate(100).reinterpret((1L << 32) + 10);
            assertThat(pool.get(FILE, 0, seemsLong)).isEqualTo(100);
            assertThat(seemsLong.asSlice(0, 100).mismatch(MemorySegment.ofArray(value)))
                    .isEqualTo(-1);
        }
    }

    /** Down, up again and out: every byte as it came, in tiers that would encode a page or refuse it. */
    @Test
    void valuesThatMoveKeepTheirBytes() {
        try (PageStore store = ValueStores.open("256KiB", "4MiB")) {
            BlobPool pool = store.blobs("values");
            List<byte[]> values = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                values.add(Values.make(i, LENGTHS[i % 12]));
                PageKind kind = PageKind.values()[i / 12 % 2];
                assertThat(Values.put(pool, FILE, i, values.get(i), kind).stored())
                        .isTrue();
            }
            long bytes = values.stream().mapToLong(value -> value.length).sum();
            assertThat(tiers(store, TierStats::demotedIn)).isPositive();
            for (int round = 0; round < 2; round++) {
                for (int i = 0; i < values.size(); i++) {
                    assertThat(Values.get(pool, FILE, i)).as("value %d", i).isEqualTo(values.get(i));
                }
                assertThat(tiers(store, TierStats::rawBytes)).isEqualTo(bytes);
                assertThat(tiers(store, TierStats::encodedBytes)).isEqualTo(bytes);
                ValueStores.verify(store);
                if (round == 0) {
                    for (int i = 0; i < 40; i++) {
                        pool.flush(FILE, i);
                        values.set(i, Values.NONE);
                    }
                    bytes = values.stream()
                            .mapToLong(value -> Arrays.equals(value, Values.NONE) ? 0 : value.length)
                            .sum();
                }
            }
            assertThat(tiers(store, TierStats::promotedIn)).isPositive();
            assertThat(store.chain("default")
                            .drain("heap", (moved, left) -> true)
                            .end())
                    .isEqualTo(End.COMPLETE);
            assertThat(store.stats().tiers().getFirst().encodedBytes()).isZero();
            for (int i = 40; i < values.size(); i++) {
                assertThat(Values.get(pool, FILE, i)).as("value %d", i).isEqualTo(values.get(i));
            }
            ValueStores.verify(store);
        }
    }

    private static long tiers(PageStore store, ToLongFunction<TierStats> count) {
        return store.stats().tiers().stream().mapToLong(count).sum();
    }

    @Test
    void aTierDeclinesWhatIsTooLongForIt() {
        try (Stage stage = Stage.of(1000)) {
            BlobPool pool = stage.blobs();
            byte[] longest = Values.make(1, 1 << 20); // of this tier
            assertThat(Values.put(pool, FILE, 0, longest, PageKind.PERSISTENT).stored())
                    .isTrue();
            assertThat(Values.get(pool, FILE, 0)).isEqualTo(longest);
            assertThat(Values.put(pool, FILE, 0, Values.make(2, BlobPool.LENGTH_MAX), PageKind.PERSISTENT)
                            .refusal())
                    .isEqualTo(Refusal.DECLINED);
            assertThat(Values.get(pool, FILE, 0)).as("L3").isSameAs(Values.NONE);
        }
    }

    /** Keys without a byte would else be free. */
    @Test
    void valuesWithoutAByteTakeRoomInTheDirectory() {
        try (Stage stage = Stage.withDirectory("20KiB", 4)) {
            BlobPool pool = stage.blobs();
            int stored = 0;
            while (stored < 10_000
                    && Values.put(pool, FILE, stored, new byte[0], PageKind.PERSISTENT)
                            .stored()) {
                stored++;
            }
            assertThat(stored).isBetween(10, 5_000);
            assertThat(stage.copies()).isZero();
            assertThat(Values.get(pool, FILE, 0)).isEmpty();
            assertThat(pool.flushAll()).isEqualTo(stored);
        }
    }

    // ---- the pool as a whole

    @Test
    void aNameIsOfOnePool() {
        PoolConfig declared =
                PoolConfig.ephemeral("capped").withQuota(Size.parse("1MiB")).withWeight(3);
        try (PageStore store = PageStore.builder()
                .heap("4MiB")
                .pool(declared)
                .pool(PoolConfig.persistent("pages"))
                .open()) {
            BlobPool capped = store.blobs("capped");
            assertThat(store.blobs("capped")).isSameAs(capped);
            assertThat(store.blobs(declared)).isSameAs(capped);
            assertThat(store.blobs(declared.withGetMode(GetMode.INCLUSIVE))).isSameAs(capped);
            assertThat(ValueStores.stats(store).quotaBytes()).isEqualTo(1 << 20);
            assertThat(ValueStores.stats(store).weight()).isEqualTo(3);
            assertThat(ValueStores.stats(store).pageSize()).isZero();
            assertThatThrownBy(() -> store.blobs(declared.withWeight(2))).isInstanceOf(WrongKindException.class);
            assertThatThrownBy(() -> store.ephemeral("capped")).isInstanceOf(WrongKindException.class);
            assertThatThrownBy(() -> store.pool(declared)).isInstanceOf(WrongKindException.class);
            assertThatThrownBy(() -> store.blobs("pages")).isInstanceOf(ConfigException.class);
            PoolConfig fresh = PoolConfig.ephemeral("fresh");
            for (PoolConfig wrong : List.of(
                    PoolConfig.persistent("fresh"),
                    fresh.withPageSize(512),
                    fresh.withIndexes(7),
                    fresh.withChain("x"))) {
                assertThatThrownBy(() -> store.blobs(wrong)).isInstanceOf(ConfigException.class);
            }
            store.ephemeral("fresh");
            assertThatThrownBy(() -> store.blobs("fresh")).isInstanceOf(WrongKindException.class);
            capped.close();
            store.ephemeral("capped").close();
            assertThat(store.stats().pools()).hasSize(1);
        }
    }

    @Test
    void aPoolThatIsClosedIsEmptyAndRefuses() {
        BlobPool last;
        try (PageStore store = ValueStores.open("4MiB", "4MiB")) {
            BlobPool pool = store.blobs("values");
            for (int i = 0; i < LENGTHS.length - 2; i++) {
                Values.put(pool, FILE, i, Values.make(i, LENGTHS[i]), PageKind.values()[i % 2]);
            }
            pool.close();
            pool.close();
            assertThat(pool.isClosed()).isTrue();
            assertRefuses(pool);
            ValueStores.verify(store);
            assertThat(tiers(store, TierStats::usedBytes)).isZero();
            last = store.blobs("values");
            assertThat(last.count()).isZero();
            assertThat(Values.get(last, FILE, 3)).isSameAs(Values.NONE);
            Values.put(last, FILE, 3, new byte[100], PageKind.PERSISTENT);
        }
        assertThat(last.isClosed()).isTrue();
        assertRefuses(last);
        last.close();
    }

    private static void assertRefuses(BlobPool pool) {
        List<Runnable> calls = List.of(
                () -> Values.put(pool, FILE, 0, new byte[1], PageKind.EPHEMERAL),
                () -> Values.get(pool, FILE, 0),
                () -> Values.take(pool, FILE, 0),
                () -> pool.length(FILE, 0),
                () -> pool.flush(FILE, 0),
                pool::flushAll,
                pool::count,
                () -> pool.scan(0, 1));
        for (Runnable call : calls) {
            assertThatThrownBy(call::run).isInstanceOf(PoolClosedException.class);
        }
    }

    @Test
    void manyPoolsOfBothSortsComeAndGo() {
        try (PageStore store = ValueStores.open("4MiB", "4MiB")) {
            for (int round = 0; round < 3; round++) {
                List<BlobPool> pools = new ArrayList<>();
                for (int i = 0; i < 9; i++) {
                    pools.add(store.blobs("values" + i));
                    Values.put(pools.get(i), FILE, 0, Values.make(i, 100), PageKind.values()[i % 2]);
                    store.ephemeral("pages" + i).put(FILE, 0, new byte[4096]);
                }
                for (int i = 0; i < 9; i++) {
                    assertThat(Values.get(pools.get(i), FILE, 0)).isEqualTo(Values.make(i, 100));
                    if ((i + round) % 2 == 0) {
                        pools.get(i).close();
                    }
                }
                ValueStores.verify(store);
            }
        }
    }

    /** What a get needs besides its page is given back: it would be opened anew for the next one. */
    @Test
    void getsOpenNoCodecsOfTheirOwn() {
        try (CodecScript script = CodecScript.start();
                Stage stage = Stage.of(tier -> tier.withCodec("test-gated"), 4)) {
            BlobPool pool = stage.blobs();
            Values.put(pool, FILE, 0, Values.make(1, 100), PageKind.PERSISTENT);
            int opened = script.codecsOpened();
            for (int i = 0; i < 20; i++) {
                assertThat(Values.get(pool, FILE, 0)).isEqualTo(Values.make(1, 100));
            }
            assertThat(script.codecsOpened() - opened).isLessThan(2);
        }
    }
}
