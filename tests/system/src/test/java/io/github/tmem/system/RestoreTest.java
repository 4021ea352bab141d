package io.github.tmem.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tmem.api.GetMode;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PagePool;
import io.github.tmem.api.PageStore;
import io.github.tmem.api.PoolClosedException;
import io.github.tmem.api.WriteMode;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.api.config.Size;
import io.github.tmem.api.config.StoreConfig;
import io.github.tmem.api.config.TierConfig;
import io.github.tmem.api.live.PoolExport;
import io.github.tmem.api.live.PoolTransfer;
import io.github.tmem.api.live.Transferred;
import io.github.tmem.api.live.UnusableExportException;
import io.github.tmem.kit.Delivery;
import io.github.tmem.kit.PageKey;
import io.github.tmem.kit.StoreExtension;
import io.github.tmem.kit.backend.KeyedTestBackend;
import io.github.tmem.kit.backend.Link;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What a restore does to the pool that is restored into, and who may transfer a pool that has several owners. */
class RestoreTest {
    private static final ObjectId FILE = ObjectId.of(1);
    private static final PageKey KEY = new PageKey(FILE, 0);
    private static final UUID SHARED = UUID.fromString("123e4567-e89b-12d3-a456-426614174002");

    @RegisterExtension
    final StoreExtension stores = new StoreExtension();

    private PageStore open() {
        return stores.open(new StoreConfig(
                Map.of(PoolConfig.CHAIN_DEFAULT, List.of(TierConfig.of("offheap", Size.parse("8MiB")))),
                List.of(),
                StoreConfig.DEFAULT_DIRECTORY));
    }

    private PagePool pool(PoolConfig config) {
        return stores.pool(open(), config.withPageSize(Stage.PAGE).withGetMode(GetMode.INCLUSIVE));
    }

    private static void put(PagePool pool, long index, long version) {
        assertThat(pool.put(FILE, index, Stage.page(FILE, index, version)).stored())
                .isTrue();
    }

    private static byte[] write(PoolExport export) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        export.write(bytes);
        return bytes.toByteArray();
    }

    private static Transferred restore(PagePool pool, byte[] bytes) throws IOException {
        return pool.transfer().restore(new ByteArrayInputStream(bytes));
    }

    private static byte[] everythingOf(PagePool pool) throws IOException {
        try (PoolExport export = pool.transfer().export()) {
            return write(export);
        }
    }

    /** A pool that takes no page would lose all it has, and get nothing for it. */
    @Test
    void aFrozenPoolRefusesARestoreBeforeAnythingIsLost() throws IOException {
        PagePool source = pool(PoolConfig.persistent("source"));
        put(source, 0, 1);
        byte[] all = everythingOf(source);
        for (PoolConfig config : List.of(PoolConfig.persistent("target"), PoolConfig.ephemeral("target"))) {
            PagePool target = pool(config);
            put(target, 0, 7);
            target.transfer().freeze();
            assertThatThrownBy(() -> restore(target, all))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("thaw");
            assertThat(Delivery.get(target, KEY)).isEqualTo(7);
        }
    }

    @Test
    void aDamagedFileChangesNothing(@TempDir Path folder) throws IOException {
        PagePool source = pool(PoolConfig.persistent("source"));
        PagePool target = pool(PoolConfig.persistent("target"));
        put(source, 0, 1);
        put(source, 1, 1);
        put(target, 0, 7);
        Path file = folder.resolve("pool");
        source.transfer().save(file);
        byte[] whole = Files.readAllBytes(file);
        for (int length : new int[] {0, 37, 60, whole.length - 1}) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> target.transfer().restore(file)).isInstanceOf(UnusableExportException.class);
            assertThat(Delivery.get(target, KEY)).isEqualTo(7);
        }
        Files.write(file, whole);
        assertThat(target.transfer().restore(file)).isEqualTo(new Transferred(2, 0));
        assertThat(Delivery.get(target, KEY)).isEqualTo(1);
    }

    private static PoolConfig shared(String name) {
        return PoolConfig.ephemeral(name)
                .sharedAs(SHARED)
                .withPageSize(Stage.PAGE)
                .withGetMode(GetMode.INCLUSIVE);
    }

    /** Who has left a pool can neither read nor change it as a whole, nor stand in the way of those who stay. */
    @Test
    void whoHasLeftASharedPoolTransfersItNoMore(@TempDir Path folder) throws IOException {
        PageStore store = open();
        PagePool stays = stores.pool(store, shared("stays"));
        PagePool leaves = store.pool(shared("leaves"));
        put(stays, 0, 1);
        byte[] all = everythingOf(stays);
        PoolTransfer transfer = leaves.transfer();
        PoolExport export = transfer.export();
        write(export);
        leaves.close();
        List<ThrowingCallable> calls = List.of(
                transfer::freeze,
                transfer::thaw,
                transfer::isFrozen,
                transfer::export,
                () -> transfer.save(folder.resolve("pool")),
                () -> transfer.restore(new ByteArrayInputStream(all)),
                () -> leaves.transfer().freeze());
        for (ThrowingCallable call : calls) {
            assertThatThrownBy(call).isInstanceOf(PoolClosedException.class);
        }
        assertThatThrownBy(() -> export.write(OutputStream.nullOutputStream()))
                .isInstanceOf(IllegalStateException.class);
        try (PoolExport next = stays.transfer().export()) {
            export.close(); // which is not the other's end
            write(next);
            put(stays, 1, 1);
            assertThat(write(next)).hasSizeGreaterThan(Stage.PAGE);
        }
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).isEmpty();
        }
    }

    /** What comes next is a matter of the pool, not of the owner who asks. */
    @Test
    void ownersOfAPoolRestoreIntoItOneAfterTheOther() throws IOException {
        PageStore store = open();
        PagePool one = stores.pool(store, shared("one"));
        PagePool other = stores.pool(store, shared("other"));
        PagePool source = pool(PoolConfig.ephemeral("source"));
        PagePool foreign = pool(PoolConfig.ephemeral("foreign"));
        put(source, 0, 1);
        put(foreign, 0, 9);
        try (PoolExport export = source.transfer().export()) {
            restore(one, write(export));
            put(source, 0, 2);
            restore(other, write(export));
            assertThat(Delivery.get(one, KEY)).isEqualTo(2);
            restore(other, everythingOf(foreign));
            put(source, 0, 3);
            byte[] changes = write(export);
            assertThatThrownBy(() -> restore(one, changes))
                    .isInstanceOf(UnusableExportException.class)
                    .hasMessageContaining("another export");
            assertThat(Delivery.get(one, KEY)).isEqualTo(9);
        }
    }

    @Test
    void whatAnOwnerRestoredIsHisToTakeAlong() throws IOException {
        PageStore store = open();
        PagePool stays = stores.pool(store, shared("stays"));
        PagePool leaves = store.pool(shared("leaves"));
        PagePool source = pool(PoolConfig.ephemeral("source"));
        put(source, 0, 1);
        restore(leaves, everythingOf(source));
        assertThat(stays.contains(FILE, 0)).isTrue();
        leaves.close();
        assertThat(stays.contains(FILE, 0)).isFalse();
    }

    /** A page that is written below, too, is one that may be missing. */
    @Test
    void aPageThatIsAlsoWrittenBelowMayBeLeftOut() throws IOException {
        try (Stage stage = Stage.over(tier -> tier, KeyedTestBackend.slow(8L * Stage.PAGE))) {
            PagePool pool = stage.open(PoolConfig.persistent("through")
                    .withWrite(WriteMode.THROUGH)
                    .withGetMode(GetMode.INCLUSIVE)
                    .withPageSize(Stage.PAGE));
            stage.put(pool, FILE, 0, 1);
            assertThat(everythingOf(pool)).hasSizeGreaterThan(Stage.PAGE);
            stage.tier(0).link(Link.DOWN);
            assertThat(everythingOf(pool)).hasSizeLessThan(Stage.PAGE);
            stage.tier(0).link(Link.UP);
        }
    }
}
