package io.github.tmem.system.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.GetMode;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PageKind;
import io.github.tmem.api.PagePool;
import io.github.tmem.kit.PageKey;
import io.github.tmem.kit.Pages;
import io.github.tmem.kit.Shape;
import java.util.concurrent.CompletableFuture;

/** Pages of 4 KiB in one tier, one of them alone in its slab, and a put of another length that needs that slab. */
final class SparseSlab {
    /** The page of the other length. */
    static final PageKey OTHER = new PageKey(ObjectId.of(2), 0);

    private static final int SMALL_PAGE = 4096;
    private static final int SLAB_PAGES = 4;

    private final Scene scene;
    private final int tier;
    private final PagePool pages;
    private final PagePool others;

    SparseSlab(Scene scene, int tier, GetMode mode) {
        this.scene = scene;
        this.tier = tier;
        pages = scene.open(
                SceneSettings.pool("pages", PageKind.PERSISTENT, mode).withPageSize(SMALL_PAGE));
        others = scene.open(
                SceneSettings.pool("others", PageKind.PERSISTENT, mode).withPageSize(SMALL_PAGE / 8));
        int count = 0;
        for (int copies = -1; copies < scene.copies(tier); count++) {
            copies = scene.copies(tier);
            putHere(pages, Scene.key(count));
        }
        for (int index = 1; index < count; index++) {
            boolean isFirstOfSlab = index % SLAB_PAGES == 0;
            if (index < SLAB_PAGES || isFirstOfSlab || index == count - 1) {
                pages.flush(Scene.FILE, index);
            }
        }
        assertThat(scene.tierOf(0)).isEqualTo(tier);
    }

    private boolean putHere(PagePool pool, PageKey key) {
        for (int above = 0; above < tier; above++) {
            scene.tier(above).door().declineMine();
        }
        boolean stored = put(pool, key, 1);
        for (int above = 0; above < tier; above++) {
            scene.tier(above).door().declineNobody();
        }
        return stored;
    }

    /** Begins the put, which moves the lonely page to another slab, and stops that move at a step. */
    CompletableFuture<Boolean> compactUntil(String step) {
        String read = tier + ".get-done";
        scene.gate().shutForOne(read);
        CompletableFuture<Boolean> compacting = scene.start(() -> putHere(others, OTHER));
        scene.gate().awaitArrival(read);
        if (!step.equals("get-done")) {
            scene.gate().shutForOne(tier + "." + step);
            scene.gate().open(read);
            scene.gate().awaitArrival(tier + "." + step);
        }
        return compacting;
    }

    PagePool pages() {
        return pages;
    }

    PagePool others() {
        return others;
    }

    static boolean put(PagePool pool, PageKey key, long version) {
        byte[] page = Pages.make(key, version, Shape.INCOMPRESSIBLE, pool.pageSize());
        return pool.put(key.object(), key.index(), page).stored();
    }
}
