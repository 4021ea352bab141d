package io.github.tmem.system;

import static io.github.tmem.kit.Aside.join;
import static io.github.tmem.kit.Aside.start;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tmem.api.EphemeralPool;
import io.github.tmem.api.GetMode;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PageLostException;
import io.github.tmem.api.PagePool;
import io.github.tmem.api.PageStore;
import io.github.tmem.api.PageUnavailableException;
import io.github.tmem.api.PersistentPool;
import io.github.tmem.api.PoolClosedException;
import io.github.tmem.api.TmemException;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.api.config.Promotion;
import io.github.tmem.api.live.PoolExport;
import io.github.tmem.api.live.Transferred;
import io.github.tmem.kit.Delivery;
import io.github.tmem.kit.PageKey;
import io.github.tmem.kit.Pages;
import io.github.tmem.kit.Shape;
import io.github.tmem.kit.backend.Link;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Saving, restoring and moving pools: what comes to the other side, and what becomes of it when something fails. */
class ExportTest {
    private static final ObjectId FILE = ObjectId.of(1);
    private static final ObjectId OTHER = ObjectId.of(-1, 2, Long.MIN_VALUE);
    private static final int PAGE = Stage.PAGE;

    /** More notes than a journal takes. */
    private static final int TOO_MANY = (1 << 20) + 1;

    private static byte[] write(PoolExport export) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            export.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static Transferred restore(PagePool pool, byte[]... passes) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] pass : passes) {
            all.writeBytes(pass);
        }
        try {
            return pool.transfer().restore(new ByteArrayInputStream(all.toByteArray()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static PageStore another() {
        return PageStore.builder().offHeap("32MiB").open();
    }

    /** The versions of pages 0 to 7 of {@link #FILE} once they have been restored in order somewhere else. */
    private static List<Long> versionsElsewhere(PoolConfig config, byte[]... passes) {
        try (PageStore store = another()) {
            PagePool pool = store.pool(config.withGetMode(GetMode.INCLUSIVE));
            for (byte[] pass : passes) {
                restore(pool, pass);
            }
            return versions(pool);
        }
    }

    private static List<Long> versions(PagePool pool) {
        return IntStream.range(0, 8)
                .mapToObj(index -> Delivery.get(pool, new PageKey(FILE, index)))
                .toList();
    }

    private static byte[] page(long index, long version) {
        return Stage.page(FILE, index, version);
    }

    private static Stream<PoolConfig> sorts() {
        return IntStream.rangeClosed(9, 20)
                .mapToObj(bits -> PoolConfig.persistent("moved").withPageSize(1 << bits))
                .flatMap(config -> Stream.of(
                        config,
                        config.withGetMode(GetMode.EXCLUSIVE),
                        PoolConfig.ephemeral("moved")
                                .withGetMode(GetMode.INCLUSIVE)
                                .withPageSize(config.pageSize())));
    }

    @ParameterizedTest
    @MethodSource("sorts")
    void whatIsSavedIsRestoredByteForByte(PoolConfig config, @TempDir Path folder) throws IOException {
        List<PageKey> keys = Stream.of(FILE, OTHER)
                .flatMap(object ->
                        Stream.of(0L, 1L, 63L, 64L, -1L, Long.MIN_VALUE).map(i -> new PageKey(object, i)))
                .toList();
        Path file = folder.resolve("pool");
        try (PageStore source =
                        PageStore.builder().heap("4MiB").offHeap("16MiB").open();
                PageStore target = another()) {
            PagePool pool = source.pool(config);
            for (int i = 0; i < keys.size(); i++) {
                byte[] page = Pages.make(keys.get(i), i + 1, Shape.at(i), config.pageSize());
                assertThat(pool.put(keys.get(i).object(), keys.get(i).index(), page)
                                .stored())
                        .isTrue();
            }
            pool.put(FILE, 5, new byte[config.pageSize()]);
            assertThat(pool.transfer().save(file)).isEqualTo(new Transferred(keys.size() + 1, 0));
            PagePool restored = target.pool(config);
            assertThat(restored.transfer().restore(file)).isEqualTo(new Transferred(keys.size() + 1, 0));
            assertThat(restored.pageCount()).isEqualTo(pool.pageCount()).isEqualTo(keys.size() + 1);
            for (int i = 0; i < keys.size(); i++) {
                assertThat(Delivery.get(restored, keys.get(i))).isEqualTo(i + 1);
            }
            byte[] zeros = Pages.noise(1, config.pageSize());
            assertThat(restored.get(FILE, 5, zeros)).isTrue();
            assertThat(zeros).containsOnly(0);
        }
    }

    @Test
    void pagesOfEveryTierAreExportedAndStayWhereTheyAre() {
        try (Stage stage = Stage.of(tier -> tier.withPromote(Promotion.ALWAYS), 2, 2, 4)) {
            PersistentPool pool = stage.persistent(GetMode.EXCLUSIVE);
            for (int index = 0; index < 8; index++) {
                stage.put(pool, FILE, index, index + 1);
            }
            try (PoolExport export = pool.transfer().export()) {
                assertThat(versionsElsewhere(PoolConfig.persistent("moved"), write(export)))
                        .containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L);
            }
            assertThat(IntStream.range(0, 3).mapToLong(stage::copies)).containsExactly(2L, 2L, 4L);
            assertThat(pool.stats().hits()).as("gets that the export counts as").isZero();
            assertThat(IntStream.range(0, 3).mapToLong(tier -> stage.stats(tier).hits()))
                    .containsOnly(0L);
            assertThat(IntStream.range(0, 3)
                            .mapToLong(tier -> stage.stats(tier).promotedOut()
                                    + stage.stats(tier).movesRefused()))
                    .containsOnly(0L);
        }
    }

    /** A way to change a page that is there (2 and 4), or to bring one (6). */
    record Change(String name, Consumer<PagePool> change) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Stream<Change> changes() {
        return Stream.concat(puts(), ends());
    }

    private static Stream<Change> changesInSlowTiers() {
        List<String> names = List.of("putAll", "putAsync", "take all", "take async");
        return changes().filter(change -> names.contains(change.name));
    }

    private static Stream<Change> puts() {
        return Stream.of(
                new Change("put", pool -> pool.put(FILE, 2, page(2, 9))),
                new Change("put of a buffer", pool -> pool.put(FILE, 6, ByteBuffer.wrap(page(6, 9)))),
                new Change("put of native memory", pool -> {
                    try (Arena arena = Arena.ofConfined()) {
                        MemorySegment memory = arena.allocate(PAGE);
                        memory.copyFrom(MemorySegment.ofArray(page(6, 9)));
                        pool.put(FILE, 6, memory);
                    }
                }),
                new Change("putAll", pool -> pool.putAll(FILE, new long[] {2, 2}, MemorySegment.ofArray(two(8, 9)))),
                new Change(
                        "putAsync",
                        pool -> join(pool.async()
                                .putAsync(FILE, 6, MemorySegment.ofArray(page(6, 9)))
                                .toCompletableFuture())),
                new Change("fill", pool -> pool.put(FILE, 6, page(6, 9), pool.fillToken(FILE, 6))),
                new Change(
                        "getOrFill", pool -> pool.getOrFill(FILE, 6, new byte[PAGE], buffer -> buffer.fill((byte) 0))),
                new Change("refused put", pool -> {
                    pool.transfer().freeze();
                    pool.put(FILE, 2, page(2, 9));
                }));
    }

    private static Stream<Change> ends() {
        return Stream.of(
                new Change("take", pool -> pool.get(FILE, 2, new byte[PAGE])),
                new Change("take into a segment", pool -> pool.get(FILE, 2, ByteBuffer.allocate(PAGE))),
                new Change(
                        "take all",
                        pool -> pool.getAll(FILE, new long[] {2, 4}, MemorySegment.ofArray(new byte[2 * PAGE]))),
                new Change(
                        "take async",
                        pool -> join(pool.async()
                                .getAsync(FILE, 2, MemorySegment.ofArray(new byte[PAGE]))
                                .toCompletableFuture())),
                new Change("shrink", pool -> ((PersistentPool) pool).shrink(MemorySegment.ofArray(new byte[PAGE]))),
                new Change("flush", pool -> pool.flush(FILE, 2)),
                new Change("flush, put", pool -> {
                    pool.flush(FILE, 2);
                    pool.put(FILE, 4, page(4, 9));
                }),
                new Change("flush of the object", pool -> pool.flushObject(FILE)),
                new Change("flush of the object, put", pool -> {
                    pool.flushObject(FILE);
                    pool.put(FILE, 2, page(2, 9));
                }),
                new Change("put, flush of the object", pool -> {
                    pool.put(FILE, 2, page(2, 9));
                    pool.flushObject(FILE);
                }));
    }

    private static byte[] two(long first, long second) {
        return ByteBuffer.allocate(2 * PAGE)
                .put(page(2, first))
                .put(page(2, second))
                .array();
    }

    private static void assertLater(Change change, Stage stage) {
        PersistentPool pool = stage.persistent(GetMode.EXCLUSIVE);
        stage.put(pool, FILE, 2, 1);
        stage.put(pool, FILE, 4, 1);
        try (PoolExport export = pool.transfer().export();
                PageStore store = another()) {
            byte[] first = write(export);
            change.change.accept(pool);
            byte[] second = write(export);
            assertThat(second.length).as("changes only").isLessThan(first.length);
            PersistentPool copy = store.persistent("moved", GetMode.EXCLUSIVE);
            restore(copy, first);
            restore(copy, second);
            for (int index = 0; index < 8; index++) {
                byte[] expected = new byte[PAGE];
                byte[] found = new byte[PAGE];
                assertThat(copy.get(FILE, index, found)).isEqualTo(pool.get(FILE, index, expected));
                assertThat(found).isEqualTo(expected);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("changes")
    void aLaterPassHasWhatChanged(Change change) {
        try (Stage stage = Stage.of(8)) {
            assertLater(change, stage);
        }
    }

    @ParameterizedTest
    @MethodSource("changesInSlowTiers")
    void aLaterPassHasWhatChangedInSlowTiers(Change change) {
        try (Stage stage = Stage.aboveSlow(1, 8)) {
            assertLater(change, stage);
        }
    }

    @Test
    void passesMayFollowEachOtherInOneStreamAndChangesAloneAreSmall() {
        try (Stage stage = Stage.of(8)) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            stage.put(pool, FILE, 0, 1);
            stage.put(pool, FILE, 1, 1);
            try (PoolExport export = pool.transfer().export();
                    PageStore store = another()) {
                byte[] first = write(export);
                byte[] nothing = write(export);
                pool.flush(FILE, 1);
                byte[] last = write(export);
                assertThat(nothing).hasSizeLessThan(100);
                PersistentPool copy = store.persistent("moved");
                assertThat(restore(copy, first, nothing, last)).isEqualTo(new Transferred(2, 1));
                assertThat(versions(copy)).containsExactly(1L, 0L, 0L, 0L, 0L, 0L, 0L, 0L);
            }
        }
    }

    /** The flush takes effect, then a put; the put is noted and written before the flush is noted. */
    @Test
    void aFlushOfAnObjectThatIsNotedLateEndsNoPageThatCameAfterIt() {
        try (Stage stage = Stage.of(8)) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            stage.put(pool, FILE, 0, 1);
            try (PoolExport export = pool.transfer().export()) {
                byte[] first = write(export);
                stage.tier(0).gate().shutForOne("flush");
                CompletableFuture<Long> flushing = start(() -> pool.flushObject(FILE));
                stage.tier(0).gate().awaitArrival("flush");
                stage.put(pool, FILE, 0, 2);
                byte[] second = write(export);
                stage.tier(0).gate().open("flush");
                join(flushing);
                byte[] third = write(export);
                assertThat(versionsElsewhere(PoolConfig.persistent("moved"), first, second, third))
                        .startsWith(2L, 0L);
            }
        }
    }

    @Test
    void anOperationThatBeganBeforeTheExportIsNotMissed() {
        try (Stage stage = Stage.of(8)) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            stage.put(pool, FILE, 0, 1);
            stage.tier(0).gate().shutForOne("put-done");
            CompletableFuture<Boolean> putting = start(() -> stage.put(pool, FILE, 0, 2));
            stage.tier(0).gate().awaitArrival("put-done");
            try (PoolExport export = pool.transfer().export()) {
                byte[] first = write(export);
                stage.tier(0).gate().open("put-done");
                assertThat(join(putting)).isTrue();
                byte[] second = write(export);
                assertThat(versionsElsewhere(PoolConfig.persistent("moved"), first))
                        .startsWith(1L);
                assertThat(versionsElsewhere(PoolConfig.persistent("moved"), first, second))
                        .startsWith(2L);
            }
        }
    }

    /** The page goes from a late entry, which the scan has not come to, to an early one, which it has passed. */
    @Test
    void aPageThatGetsAnotherEntryUnderTheScanIsNotMissed() {
        try (Stage stage = Stage.of(200)) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            for (int index = 0; index < 150; index++) {
                stage.put(pool, OTHER, index, 1);
            }
            pool.flush(OTHER, 0);
            pool.flush(OTHER, 149); // its entry is taken first
            stage.tier(0).gate().shutForOne("put");
            CompletableFuture<Boolean> first = start(() -> stage.put(pool, FILE, 0, 1));
            stage.tier(0).gate().awaitArrival("put");
            stage.tier(0).gate().shutForOne("put-done");
            CompletableFuture<Boolean> second = start(() -> stage.put(pool, FILE, 0, 2));
            stage.tier(0).gate().awaitArrival("put-done");
            stage.tier(0).gate().open("put");
            assertThat(join(first)).isTrue();
            ByteArrayOutputStream pass = new ByteArrayOutputStream() {
                @Override
                public synchronized void write(byte[] bytes, int offset, int length) {
                    if (length > PAGE && !second.isDone()) {
                        stage.tier(0).gate().open("put-done");
                        join(second);
                    }
                    super.write(bytes, offset, length);
                }
            };
            try (PoolExport export = pool.transfer().export()) {
                export.write(pass);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            assertThat(second).isDone();
            assertThat(versionsElsewhere(PoolConfig.persistent("moved"), pass.toByteArray()))
                    .startsWith(2L);
        }
    }

    @Test
    void afterTooManyChangesEverythingIsWrittenAgain() {
        try (Stage stage = Stage.of(8)) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            stage.put(pool, FILE, 0, 1);
            stage.put(pool, FILE, 1, 1);
            try (PoolExport export = pool.transfer().export()) {
                byte[] first = write(export);
                pool.flush(FILE, 0);
                for (int i = 0; i < TOO_MANY; i++) {
                    pool.flush(OTHER, i);
                }
                byte[] second = write(export);
                byte[] third = write(export);
                assertThat(second).hasSizeBetween(PAGE, 2 * PAGE);
                assertThat(versionsElsewhere(PoolConfig.persistent("moved"), first, second, third))
                        .startsWith(0L, 1L);
                assertThat(versionsElsewhere(PoolConfig.persistent("moved"), second))
                        .startsWith(0L, 1L);
            }
        }
    }

    @Test
    void aPageOutOfReachFailsThePassAndTheNextHasEverything() {
        try (Stage stage = Stage.aboveSlow(1, 8)) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            stage.put(pool, FILE, 0, 1);
            stage.put(pool, FILE, 1, 1);
            try (PoolExport export = pool.transfer().export()) {
                write(export);
                stage.put(pool, FILE, 1, 2);
                stage.tier(1).link(Link.DOWN);
                assertThatThrownBy(() -> write(export))
                        .isInstanceOf(PageUnavailableException.class)
                        .hasMessageContaining("page 1");
                stage.tier(1).link(Link.UP);
                assertThat(versionsElsewhere(PoolConfig.persistent("moved"), write(export)))
                        .startsWith(1L, 2L);
                assertThat(pool.stats().unavailable()).isZero();
            }
        }
    }

    @Test
    void aLostPageFailsThePassUntilItIsFlushed() {
        try (Stage stage = Stage.of(8)) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            stage.put(pool, FILE, 0, 1);
            stage.tier(0).restart(Map.of());
            stage.put(pool, FILE, 1, 1);
            try (PoolExport export = pool.transfer().export()) {
                assertThatThrownBy(() -> write(export))
                        .isInstanceOf(PageLostException.class)
                        .hasMessageContaining("page 0");
                pool.flush(FILE, 0);
                assertThat(versionsElsewhere(PoolConfig.persistent("moved"), write(export)))
                        .startsWith(0L, 1L);
            }
        }
    }

    @Test
    void ephemeralPagesOutOfReachAreLeftOutAndLeftAlone() {
        try (Stage stage = Stage.aboveSlow(1, 8)) {
            EphemeralPool pool = stage.ephemeral(GetMode.EXCLUSIVE);
            stage.tier(0).link(Link.DOWN);
            stage.put(pool, FILE, 0, 1);
            stage.tier(0).link(Link.UP);
            stage.put(pool, FILE, 1, 1);
            stage.tier(1).link(Link.DOWN);
            PoolConfig moved = PoolConfig.ephemeral("moved");
            try (PoolExport export = pool.transfer().export()) {
                assertThat(versionsElsewhere(moved, write(export))).startsWith(0L, 1L);
            }
            stage.tier(1).link(Link.UP);
            try (PoolExport export = pool.transfer().export()) {
                assertThat(versionsElsewhere(moved, write(export))).startsWith(1L, 1L);
            }
            assertThat(pool.stats().misses() + pool.stats().dropped()).isZero();
        }
    }

    @Test
    void aStreamThatFailsFailsThePassAndTheNextHasEverything() {
        try (Stage stage = Stage.of(8)) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            stage.put(pool, FILE, 0, 1);
            try (PoolExport export = pool.transfer().export()) {
                write(export);
                stage.put(pool, FILE, 1, 1);
                IOException full = new IOException("no space left");
                assertThatThrownBy(() -> export.write(new OutputStream() {
                            @Override
                            public void write(int b) throws IOException {
                                throw full;
                            }
                        }))
                        .isSameAs(full);
                assertThat(versionsElsewhere(PoolConfig.persistent("moved"), write(export)))
                        .startsWith(1L, 1L);
            }
        }
    }

    /** A pool that is closed has no pages any more; a pass that says so would make them vanish on the other side. */
    @Test
    void aPoolThatIsClosedMeanwhileIsNotTakenForEmpty() {
        try (Stage stage = Stage.of(8)) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            stage.put(pool, FILE, 0, 1);
            try (PoolExport export = pool.transfer().export()) {
                assertThatThrownBy(() -> export.write(new OutputStream() {
                            @Override
                            public void write(int b) {
                                pool.close();
                            }

                            @Override
                            public void write(byte[] bytes, int offset, int length) {
                                pool.close();
                            }
                        }))
                        .isInstanceOf(PoolClosedException.class);
            }
            assertThatThrownBy(() -> pool.transfer().export()).isInstanceOf(PoolClosedException.class);
            assertThatThrownBy(() -> pool.transfer().freeze()).isInstanceOf(PoolClosedException.class);
            assertThatThrownBy(() -> restore(pool)).isInstanceOf(PoolClosedException.class);
        }
    }

    /** The last key of the pass is being read; what the read comes to is that the pool has no such page. */
    @Test
    void aPoolThatIsClosedUnderTheLastReadHasNotForgottenThePage() {
        try (Stage stage = Stage.of(8)) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            stage.put(pool, FILE, 0, 1);
            try (PoolExport export = pool.transfer().export()) {
                write(export);
                stage.put(pool, FILE, 0, 2);
                stage.tier(0).gate().shutForOne("get-done");
                CompletableFuture<byte[]> writing = start(() -> write(export));
                stage.tier(0).gate().awaitArrival("get-done");
                pool.close();
                stage.tier(0).gate().open("get-done");
                assertThatThrownBy(() -> join(writing)).hasCauseInstanceOf(PoolClosedException.class);
            }
        }
    }

    @Test
    void aPoolHasOneExportAtATime() {
        try (Stage stage = Stage.of(8)) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            PoolExport first = pool.transfer().export();
            assertThatThrownBy(() -> pool.transfer().export()).isInstanceOf(IllegalStateException.class);
            first.close();
            try (PoolExport second = pool.transfer().export()) {
                first.close(); // which is not the second's end
                write(second);
                stage.put(pool, FILE, 0, 1);
                assertThat(write(second)).hasSizeGreaterThan(PAGE);
                assertThatThrownBy(() -> write(first)).isInstanceOf(IllegalStateException.class);
            }
        }
    }

    @Test
    void aRestoreOfEverythingReplacesWhatWasThere() {
        try (Stage stage = Stage.of(8)) {
            PersistentPool source = stage.persistent(GetMode.INCLUSIVE);
            PersistentPool target = stage.persistent(GetMode.INCLUSIVE);
            stage.put(source, FILE, 0, 1);
            stage.put(target, FILE, 1, 7);
            target.put(OTHER, 0, new byte[PAGE]);
            try (PoolExport export = source.transfer().export()) {
                restore(target, write(export));
            }
            assertThat(versions(target)).startsWith(1L, 0L);
            assertThat(target.pageCount()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aPersistentPageThatIsRefusedEndsTheRestore(boolean persistent) {
        try (Stage stage = Stage.of(8);
                Stage small = Stage.of(1)) {
            PagePool pool = persistent ? stage.persistent(GetMode.INCLUSIVE) : stage.ephemeral(GetMode.INCLUSIVE);
            PagePool target = persistent ? small.persistent(GetMode.INCLUSIVE) : small.ephemeral(GetMode.INCLUSIVE);
            stage.put(pool, FILE, 0, 1);
            stage.put(pool, FILE, 1, 1);
            small.store().chain(PoolConfig.CHAIN_DEFAULT).freeze(small.stats(0).tier());
            try (PoolExport export = pool.transfer().export()) {
                byte[] all = write(export);
                if (persistent) {
                    assertThatThrownBy(() -> restore(target, all))
                            .isInstanceOf(TmemException.class)
                            .hasMessageContaining("page ")
                            .hasMessageContaining("FROZEN");
                } else {
                    assertThat(restore(target, all)).isEqualTo(new Transferred(0, 0));
                }
            }
        }
    }

    @Test
    void aSaveThatFailsLeavesTheOlderFileAndNoOther(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("pool");
        try (Stage stage = Stage.aboveSlow(1, 8)) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            stage.put(pool, FILE, 0, 1);
            stage.put(pool, FILE, 1, 1);
            pool.transfer().save(file);
            byte[] saved = Files.readAllBytes(file);
            stage.put(pool, FILE, 2, 1);
            stage.tier(1).link(Link.DOWN);
            assertThatThrownBy(() -> pool.transfer().save(file)).isInstanceOf(PageUnavailableException.class);
            assertThat(Files.readAllBytes(file)).isEqualTo(saved);
            assertThat(names(folder)).containsExactly("pool");
            stage.tier(1).link(Link.UP);
            pool.transfer().save(file);
            assertThat(versionsElsewhere(PoolConfig.persistent("moved"), Files.readAllBytes(file)))
                    .startsWith(1L, 1L, 1L, 0L);
            assertThatThrownBy(() -> pool.transfer().save(folder.resolve("none").resolve("pool")))
                    .isInstanceOf(IOException.class);
            assertThat(names(folder)).containsExactly("pool");
        }
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return new ArrayList<>(
                    files.map(path -> path.getFileName().toString()).toList());
        }
    }
}
