package io.github.tmem.system.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tmem.api.GetMode;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PageKind;
import io.github.tmem.api.PagePool;
import io.github.tmem.api.PoolClosedException;
import io.github.tmem.api.config.Size;
import io.github.tmem.api.live.Evacuated;
import io.github.tmem.api.live.Evacuated.End;
import io.github.tmem.kit.PageKey;
import io.github.tmem.kit.Race;
import java.util.concurrent.CompletableFuture;

/** Tiers that become smaller while the store runs: scenario 44. */
class ShrinkingTiersTest {
    private static final ObjectId OTHER = ObjectId.of(2);

    /** A tier that becomes smaller gives up what does not fit; persistent pages only to other tiers, or it stays as it was. */
    @Scenario(on = Shapes.BOTH_KINDS)
    void S44_aTierThatShrinksLosesNoPersistentPage(ChainShape shape, PageKind kind, GetMode mode) {
        try (Scene scene = Scene.with(shape, kind, mode, settings -> settings.firstPages(8))) {
            long before = scene.stats(0).capacityBytes();
            scene.putInto(shape.last(), 0, 1);
            scene.fill(0);
            long pages = scene.pool().pageCount();
            Evacuated shrunk = scene.chain().resize(scene.name(0), Size.ofBytes(before / 2));
            boolean refused = kind == PageKind.PERSISTENT && shape.last() == 0;
            assertThat(shrunk.isComplete()).isEqualTo(!refused);
            assertThat(scene.stats(0).capacityBytes())
                    .isEqualTo(refused ? before : scene.stats(0).capacityBytes());
            assertThat(scene.stats(0).usedBytes())
                    .isLessThanOrEqualTo(scene.stats(0).capacityBytes());
            if (!refused) {
                assertThat(scene.stats(0).capacityBytes()).isLessThanOrEqualTo(before / 2);
            }
            if (kind == PageKind.PERSISTENT) {
                assertThat(scene.pool().pageCount()).isEqualTo(pages);
                assertThat(scene.get(0)).isEqualTo(1);
            }
            assertThat(scene.chain().resize(scene.name(0), Size.ofBytes(before)).isComplete())
                    .isTrue();
            scene.flushFillers();
            scene.putInto(0, 1, 1);
            assertThat(scene.get(1)).isEqualTo(1);
        }
    }

    /** Of a tier that shrinks ephemeral pages leave before persistent ones, however their slabs lie. */
    @Scenario(on = Shapes.BOTH_KINDS, kinds = PageKind.PERSISTENT)
    void S44_ephemeralPagesOfATierThatShrinksGiveWayToPersistentOnes(ChainShape shape, PageKind kind, GetMode mode) {
        for (int shift = 0; shift < 2; shift++) {
            try (Scene scene = Scene.with(shape, kind, mode, settings -> settings.firstPages(10))) {
                PagePool cache = scene.open(PageKind.EPHEMERAL, GetMode.INCLUSIVE);
                for (int index = 0; index < 10; index++) {
                    if ((index + shift) % 2 == 0) {
                        scene.putInto(0, index, 1);
                    } else {
                        scene.putInto(0, cache, new PageKey(OTHER, index), 1);
                    }
                }
                Size small = Size.ofBytes(scene.stats(0).capacityBytes() * 7 / 10);
                assertThat(scene.chain().resize(scene.name(0), small).isComplete())
                        .isTrue();
                assertThat(scene.stats(0).persistentPages()).isEqualTo(5);
            }
        }
    }

    /** Dead copies of a slow tier that were not freed yet do not make it give up more pages than it has to. */
    @Scenario(on = Shapes.WITH_REMOTE, kinds = PageKind.EPHEMERAL)
    void S44_aTierThatShrinksKeepsWhatFits(ChainShape shape, PageKind kind, GetMode mode) {
        int remote = shape.tiers().indexOf(TierSort.REMOTE);
        try (Scene scene = Scene.with(shape, kind, mode, settings -> settings.firstPages(8))) {
            scene.fill(remote);
            int pages = scene.tier(remote).pages();
            Size half = Size.ofBytes(scene.stats(remote).capacityBytes() / 2);
            assertThat(scene.chain().resize(scene.name(remote), half).isComplete())
                    .isTrue();
            assertThat(scene.stats(remote).ephemeralPages()).isEqualTo(pages / 2);
            scene.cutOff(remote);
            Size quarter = Size.ofBytes(half.bytes() / 2);
            assertThat(scene.chain().resize(scene.name(remote), quarter).end()).isEqualTo(End.UNREADABLE);
            assertThat(scene.stats(remote).capacityBytes()).isEqualTo(half.bytes());
            assertThat(scene.stats(remote).ephemeralPages()).isEqualTo(pages / 2 - 1);
            scene.heal();
        }
    }

    /** The store's close waits for the change under way, which ends with that and puts back what it had begun. */
    @Scenario(on = Shapes.BOTH_KINDS, kinds = PageKind.EPHEMERAL)
    void S44_theStoreClosesOnceTheChangeUnderWayHasEnded(ChainShape shape, PageKind kind, GetMode mode) {
        try (Scene scene = Scene.with(shape, kind, mode, settings -> settings.firstPages(8))) {
            scene.fill(0);
            Size half = Size.ofBytes(scene.stats(0).capacityBytes() / 2);
            scene.gate().shut("progress");
            CompletableFuture<Evacuated> resize =
                    scene.start(() -> scene.chain().resize(scene.name(0), half, (gone, left) -> {
                        scene.gate().arrive("progress");
                        return true;
                    }));
            scene.gate().awaitArrival("progress");
            Thread close = Thread.ofPlatform().daemon().start(scene::closeStore);
            Race.until(() -> !close.isAlive() || Background.waitsForTheChange(close));
            assertThat(close.isAlive()).as("the store's close waits").isTrue();
            scene.gate().open("progress");
            Race.until(() -> !close.isAlive());
            assertThatThrownBy(() -> scene.join(resize)).hasRootCauseInstanceOf(PoolClosedException.class);
        }
    }
}
