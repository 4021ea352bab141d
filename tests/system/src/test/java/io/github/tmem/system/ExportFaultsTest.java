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
import io.github.tmem.api.PageUnavailableException;
import io.github.tmem.api.PersistentPool;
import io.github.tmem.api.PoolClosedException;
import io.github.tmem.api.TmemException;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.api.live.PoolExport;
import io.github.tmem.api.live.Transferred;
import io.github.tmem.kit.Race;
import io.github.tmem.kit.backend.Link;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Exports, saves and restores that fail: what has failed says so, and the next one has everything. */
class ExportFaultsTest {
    private static final ObjectId FILE = Exports.FILE;

    @Test
    void aPageOutOfReachFailsThePassAndTheNextHasEverything() {
        try (Stage stage = Stage.aboveSlow(1, 8)) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            stage.put(pool, FILE, 0, 1);
            stage.put(pool, FILE, 1, 1);
            try (PoolExport export = pool.transfer().export()) {
                Exports.write(export);
                stage.put(pool, FILE, 1, 2);
                stage.tier(1).link(Link.DOWN);
                assertThatThrownBy(() -> Exports.write(export))
                        .isInstanceOf(PageUnavailableException.class)
                        .hasMessageContaining("page 1");
                stage.tier(1).link(Link.UP);
                assertThat(Exports.versionsElsewhere(PoolConfig.persistent("moved"), Exports.write(export)))
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
                assertThatThrownBy(() -> Exports.write(export))
                        .isInstanceOf(PageLostException.class)
                        .hasMessageContaining("page 0");
                pool.flush(FILE, 0);
                assertThat(Exports.versionsElsewhere(PoolConfig.persistent("moved"), Exports.write(export)))
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
            Race.until(() -> stage.stats(0).freesOwed() == 0);
            stage.put(pool, FILE, 1, 1);
            stage.tier(1).link(Link.DOWN);
            PoolConfig moved = PoolConfig.ephemeral("moved");
            try (PoolExport export = pool.transfer().export()) {
                assertThat(Exports.versionsElsewhere(moved, Exports.write(export)))
                        .startsWith(0L, 1L);
            }
            stage.tier(1).link(Link.UP);
            try (PoolExport export = pool.transfer().export()) {
                assertThat(Exports.versionsElsewhere(moved, Exports.write(export)))
                        .startsWith(1L, 1L);
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
                Exports.write(export);
                stage.put(pool, FILE, 1, 1);
                IOException full = new IOException("no space left");
                assertThatThrownBy(() -> export.write(new OutputStream() {
                            @Override
                            public void write(int b) throws IOException {
                                throw full;
                            }
                        }))
                        .isSameAs(full);
                assertThat(Exports.versionsElsewhere(PoolConfig.persistent("moved"), Exports.write(export)))
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
            assertThatThrownBy(() -> Exports.restore(pool)).isInstanceOf(PoolClosedException.class);
        }
    }

    /** The last key of the pass is being read; what the read comes to is that the pool has no such page. */
    @Test
    void aPoolThatIsClosedUnderTheLastReadHasNotForgottenThePage() {
        try (Stage stage = Stage.of(8)) {
            PersistentPool pool = stage.persistent(GetMode.INCLUSIVE);
            stage.put(pool, FILE, 0, 1);
            try (PoolExport export = pool.transfer().export()) {
                Exports.write(export);
                stage.put(pool, FILE, 0, 2);
                stage.tier(0).gate().shutForOne("get-done");
                CompletableFuture<byte[]> writing = start(() -> Exports.write(export));
                stage.tier(0).gate().awaitArrival("get-done");
                pool.close();
                stage.tier(0).gate().open("get-done");
                assertThatThrownBy(() -> join(writing)).hasCauseInstanceOf(PoolClosedException.class);
            }
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
            small.chain().freeze(small.stats(0).tier());
            try (PoolExport export = pool.transfer().export()) {
                byte[] all = Exports.write(export);
                if (persistent) {
                    assertThatThrownBy(() -> Exports.restore(target, all))
                            .isInstanceOf(TmemException.class)
                            .hasMessageContaining("page ")
                            .hasMessageContaining("FROZEN");
                } else {
                    assertThat(Exports.restore(target, all)).isEqualTo(new Transferred(0, 0));
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
            assertThat(Exports.versionsElsewhere(PoolConfig.persistent("moved"), Files.readAllBytes(file)))
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
