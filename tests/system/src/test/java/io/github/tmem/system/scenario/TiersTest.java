package io.github.tmem.system.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tmem.api.GetMode;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PageKind;
import io.github.tmem.api.PageLostException;
import io.github.tmem.api.PagePool;
import io.github.tmem.api.PageStore;
import io.github.tmem.api.PoolClosedException;
import io.github.tmem.api.Refusal;
import io.github.tmem.api.live.PoolExport;
import io.github.tmem.kit.Delivery;
import io.github.tmem.kit.PageKey;
import io.github.tmem.kit.Pages;
import io.github.tmem.kit.Race;
import io.github.tmem.kit.Shape;
import io.github.tmem.kit.backend.Link;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/** Tiers that come, go, restart and change, and clients that stand still meanwhile: scenarios 38 to 43. */
class TiersTest {

    /** A tier that joins late serves every pool there is by then, and knows nothing of one that came and went before. */
    @Scenario(on = Shapes.WITH_REMOTE)
    void S38_aTierThatComesLateServesEveryPool(ChainShape shape, PageKind kind, GetMode mode) {
        int last = shape.last();
        try (Scene scene = Scene.with(shape, kind, mode, settings -> settings.firstPages(4))) {
            List<SceneTier> above =
                    IntStream.range(0, last).mapToObj(scene::tier).toList();
            scene.remote(last).link(Link.ANSWERS_LOST); // it hears, but is not heard yet
            scene.gate().shut(last + ".flush");
            PagePool early = scene.open(kind, mode);
            PagePool ended = scene.open(kind, mode);
            PageKey key = new PageKey(ObjectId.of(2), 0);
            above.forEach(tier -> tier.door().declineMine());
            assertThat(Scene.put(ended, key, 1).refusal()).isEqualTo(Refusal.UNAVAILABLE);
            above.forEach(tier -> tier.door().declineNobody());
            assertThat(scene.copies(last)).as("what the tier heard").isEqualTo(1);
            String name = ended.name();
            ended.close();
            scene.gate().open(last + ".flush");
            scene.heal();
            PagePool late = scene.open(SceneSettings.pool(name, kind, mode));
            assertThat(Delivery.get(late, key)).isZero();
            scene.settle();
            assertThat(scene.copies()).as("copies of the pool that ended").isZero();
            scene.putInto(last, 0, 1);
            scene.putInto(last, early, new PageKey(ObjectId.of(3), 0), 2);
            assertThat(scene.get(0)).isEqualTo(1);
            assertThat(Delivery.get(early, new PageKey(ObjectId.of(3), 0))).isEqualTo(2);
            scene.putInto(last, late, key, 3);
            assertThat(Delivery.get(late, key)).isEqualTo(3);
        }
    }

    /** Tiers go only when the operations in them have ended; then nothing reaches them any more. */
    @Scenario(on = Shapes.ALL)
    void S39_tiersGoWhenTheLastOperationHasEnded(ChainShape shape, PageKind kind, GetMode mode) {
        int last = shape.last();
        try (Scene scene = Scene.of(shape, kind, mode)) {
            scene.putInto(last, 0, 1);
            scene.gate().shut(last + ".get");
            CompletableFuture<Long> get = scene.start(() -> scene.get(0));
            scene.gate().awaitArrival(last + ".get");
            Thread closer = Thread.ofPlatform().daemon().start(scene::closeStore);
            Race.until(() -> !closer.isAlive() || Background.waitsForOperations(closer));
            assertThat(closer.isAlive()).as("the store waits").isTrue();
            assertThatThrownBy(() -> scene.put(1, 1)).isInstanceOf(PoolClosedException.class);
            scene.gate().open(last + ".get");
            assertThat(scene.join(get)).isEqualTo(1);
            Race.until(() -> !closer.isAlive());
            assertThatThrownBy(() -> scene.put(1, 1)).isInstanceOf(PoolClosedException.class);
            assertThatThrownBy(() -> scene.get(0)).isInstanceOf(PoolClosedException.class);
            assertThatThrownBy(() -> scene.flush(0)).isInstanceOf(PoolClosedException.class);
        }
    }

    /** A tier that comes back with what it had at some time: what was put since is gone, what was flushed since stays away. */
    @Scenario(on = Shapes.WITH_REMOTE)
    void S40_aTierThatRestartsWithOldContentsServesNoneOfThem(ChainShape shape, PageKind kind, GetMode mode) {
        int last = shape.last();
        try (Scene scene = Scene.with(shape, kind, mode, settings -> settings.firstPages(6))) {
            for (int index = 0; index < 3; index++) {
                scene.putInto(last, index, 1);
            }
            var before = scene.remote(last).contents();
            scene.remote(last).link(Link.FLUSHES_LATE);
            scene.putInto(last, 0, 2);
            assertThat(scene.flush(1)).isTrue();
            scene.gate().shut(last + ".flush"); // it still has what it is to forget
            scene.gate().awaitArrival(last + ".flush"); // the background, on its way to free that once more
            scene.remote(last).restart(before);
            assertThat(scene.versions(last, 0)).containsExactly(1L);
            assertThat(scene.versions(last, 1)).containsExactly(1L);
            for (int i = 0; i < 2; i++) {
                if (kind == PageKind.EPHEMERAL) {
                    assertThat(scene.get(0)).isZero();
                } else {
                    assertThatThrownBy(() -> scene.get(0)).isInstanceOf(PageLostException.class);
                }
                assertThat(scene.get(1)).isZero();
            }
            assertThat(scene.get(2)).isEqualTo(1);
            scene.gate().open(last + ".flush");
            scene.settle();
            assertThat(scene.versions(0)).isEmpty();
            assertThat(scene.versions(1)).isEmpty();
        }
    }

    /** What happened to the pages of a tier while it was away has happened when it is back. */
    @Scenario(on = Shapes.ALL)
    void S41_aTierThatWasAwayBringsNothingOlderBack(ChainShape shape, PageKind kind, GetMode mode) {
        for (int away = 0; away <= shape.last(); away++) {
            try (Scene scene = Scene.with(shape, kind, mode, settings -> settings.firstPages(6))) {
                for (int index = 0; index < 3; index++) {
                    scene.putInto(away, index, 1);
                }
                scene.cutOff(away);
                boolean stored = scene.put(0, 2).stored();
                assertThat(stored).isEqualTo(shape.last() > 0);
                assertThat(scene.flush(1)).isTrue();
                assertThat(scene.versions(away, 0)).containsExactly(1L);
                scene.heal();
                assertThat(scene.contains(0)).isEqualTo(stored);
                assertThat(scene.contains(1)).isFalse();
                scene.settle();
                assertThat(scene.versions(0)).isEqualTo(stored ? List.of(2L) : List.of());
                assertThat(scene.versions(1)).isEmpty();
                assertThat(scene.get(0)).isEqualTo(stored ? 2 : 0);
                assertThat(scene.get(1)).isZero();
                assertThat(scene.get(2)).isEqualTo(1);
            }
        }
    }

    /** Tiers may differ in their codec: every copy is read with the one it was made by, wherever it moves. */
    @Scenario(
            on = Shapes.TWO_TIERS_OR_MORE,
            kinds = PageKind.PERSISTENT,
            points = {"lz4,none", "none,lz4", "lz4,zstd"})
    void S42_everyCopyIsReadWithTheCodecItWasMadeBy(ChainShape shape, PageKind kind, GetMode mode, String codecs) {
        List<String> codecOfTier = List.of(codecs.split(",", -1));
        try (Scene scene = Scene.with(shape, kind, mode, settings -> settings.codecs(codecOfTier))) {
            int pages = 0;
            while (scene.stats(1).demotedIn() < 3) {
                Shape content = pages % 2 == 0 ? Shape.COMPRESSIBLE : Shape.INCOMPRESSIBLE;
                byte[] page = Pages.make(Scene.key(pages), 1, content, Scene.PAGE);
                assertThat(scene.pool().put(Scene.FILE, pages, page).stored()).isTrue();
                pages++;
            }
            for (int index = 0; index < pages; index++) {
                assertThat(scene.get(index)).as("page %d of %d", index, pages).isEqualTo(1);
            }
        }
    }

    /** What comes to the other side is what a frozen pool still has, the first pages too. */
    @Scenario(on = Shapes.ALL, kinds = PageKind.PERSISTENT)
    void S43_aClientThatIsFrozenAndMovedHasWhatItDidNotEnd(ChainShape shape, PageKind kind, GetMode mode)
            throws IOException {
        try (Scene scene = Scene.with(shape, kind, mode, settings -> settings.firstPages(8))) {
            PagePool other = scene.open(kind, mode);
            ObjectId others = ObjectId.of(2);
            Scene.put(other, new PageKey(others, 0), 1);
            Scene.put(other, new PageKey(others, 1), 1);
            for (int index = 0; index < 4; index++) {
                scene.putInto(index % (shape.last() + 1), index, 1);
            }
            List<PagePool> pools = List.of(scene.pool(), other);
            List<ByteArrayOutputStream> streams = List.of(new ByteArrayOutputStream(), new ByteArrayOutputStream());
            try (PoolExport ofPool = scene.pool().transfer().export();
                    PoolExport ofOther = other.transfer().export()) {
                ofPool.write(streams.get(0));
                ofOther.write(streams.get(1));
                assertThat(scene.put(3, 2).stored()).isTrue();
                assertThat(scene.put(5, 1).stored()).isTrue();
                pools.forEach(pool -> pool.transfer().freeze());
                assertThat(scene.put(4, 1).refusal()).isEqualTo(Refusal.FROZEN);
                assertThat(scene.put(1, 2).refusal()).isEqualTo(Refusal.FROZEN);
                assertThat(scene.flush(2)).isTrue();
                assertThat(other.flush(others, 1)).isTrue();
                ofPool.write(streams.get(0));
                ofOther.write(streams.get(1));
            }
            List<Long> left = List.of(1L, 0L, 0L, 2L, 0L, 1L);
            assertThat(moved(streams.get(0), kind, Scene.FILE, 6)).isEqualTo(left);
            assertThat(moved(streams.get(1), kind, others, 2)).containsExactly(1L, 0L);
            assertThat(IntStream.range(0, 6).mapToObj(scene::get)).containsExactlyElementsOf(left);
            scene.settle();
            assertThat(scene.versions(1)).isEmpty();
            assertThat(scene.versions(2)).isEmpty();
        }
    }

    /** The versions of the first pages of an object once a pool has been restored in a store of another chain. */
    private static List<Long> moved(ByteArrayOutputStream stream, PageKind kind, ObjectId object, int pages)
            throws IOException {
        try (PageStore store = PageStore.builder().offHeap("4MiB").open()) {
            PagePool target = store.pool(SceneSettings.pool("moved", kind, GetMode.INCLUSIVE));
            target.transfer().restore(new ByteArrayInputStream(stream.toByteArray()));
            return IntStream.range(0, pages)
                    .mapToObj(index -> Delivery.get(target, new PageKey(object, index)))
                    .toList();
        }
    }
}
