package io.github.tmem.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tmem.api.GetMode;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PagePool;
import io.github.tmem.api.PageStore;
import io.github.tmem.api.PersistentPool;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.api.config.Promotion;
import io.github.tmem.api.live.PoolExport;
import io.github.tmem.api.live.Transferred;
import io.github.tmem.kit.Delivery;
import io.github.tmem.kit.PageKey;
import io.github.tmem.kit.Pages;
import io.github.tmem.kit.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Saving, restoring and moving pools: what comes to the other side, and what stays as it was on this one. */
class ExportTest {
    private static final ObjectId FILE = Exports.FILE;
    private static final ObjectId OTHER = ObjectId.of(-1, 2, Long.MIN_VALUE);
    private static final int PAGE = Stage.PAGE;

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
                PageStore target = Exports.another()) {
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
                assertThat(Exports.versionsElsewhere(PoolConfig.persistent("moved"), Exports.write(export)))
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

    @Test
    void aPoolHasOneExportAtATime() {
        try (Stage stage = Stage.of(8)) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            PoolExport first = pool.transfer().export();
            assertThatThrownBy(() -> pool.transfer().export()).isInstanceOf(IllegalStateException.class);
            first.close();
            try (PoolExport second = pool.transfer().export()) {
                first.close(); // which is not the second's end
                Exports.write(second);
                stage.put(pool, FILE, 0, 1);
                assertThat(Exports.write(second)).hasSizeGreaterThan(PAGE);
                assertThatThrownBy(() -> Exports.write(first)).isInstanceOf(IllegalStateException.class);
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
                Exports.restore(target, Exports.write(export));
            }
            assertThat(Exports.versions(target)).startsWith(1L, 0L);
            assertThat(target.pageCount()).isEqualTo(1);
        }
    }
}
