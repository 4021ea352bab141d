package io.github.tmem.system.scenario;

import io.github.tmem.api.GetMode;
import io.github.tmem.api.GetResult;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PageKind;
import io.github.tmem.api.PageLostException;
import io.github.tmem.api.PagePool;
import io.github.tmem.api.PageUnavailableException;
import io.github.tmem.kit.Delivery;
import io.github.tmem.kit.PageKey;
import io.github.tmem.kit.Pages;
import io.github.tmem.kit.Shape;
import io.github.tmem.kit.model.ModelPool;
import java.util.SplittableRandom;

/** Random operations of one thread on a few keys of one pool of a scene, each held against the oracle. */
final class SceneRun {
    private static final int OBJECTS = 2;
    private static final int INDEXES = 8;
    private static final Shape[] SHAPES = Shape.values();

    private final Scene scene;
    private final PageKind kind;
    private final GetMode mode;
    private final SplittableRandom random;
    private final ModelPool model;
    private PagePool pool;
    private long lastVersion;

    SceneRun(Scene scene, PageKind kind, GetMode mode, long seed) {
        this.scene = scene;
        this.kind = kind;
        this.mode = mode;
        random = new SplittableRandom(seed);
        model = new ModelPool(kind, mode);
        model.expectOutages();
        pool = scene.open(kind, mode);
    }

    void run(int steps) {
        for (int step = 0; step < steps; step++) {
            step(new PageKey(object(), random.nextInt(INDEXES)));
        }
        scene.heal();
        model.outagesEnded();
        for (int index = 0; index < OBJECTS * INDEXES; index++) {
            get(new PageKey(ObjectId.of(10 + index / INDEXES), index % INDEXES));
        }
        model.stats(pool.stats());
    }

    private ObjectId object() {
        return ObjectId.of(10 + random.nextInt(OBJECTS));
    }

    private void step(PageKey key) {
        int of = random.nextInt(1000);
        if (of < 430) {
            put(key);
        } else if (of < 850) {
            get(key);
        } else if (of < 910) {
            model.flush(key, pool.flush(key.object(), key.index()));
        } else if (of < 950) {
            model.contains(key, pool.contains(key.object(), key.index()));
        } else if (of < 960) {
            model.flushObject(key.object(), pool.flushObject(key.object()));
        } else if (of < 962) {
            reopen();
        } else if (of < 975) {
            scene.cutOff(random.nextInt(scene.lastTier() + 1));
        } else {
            scene.heal();
        }
        model.pageCount(pool.pageCount());
    }

    private void put(PageKey key) {
        long version = ++lastVersion;
        byte[] page = Pages.make(key, version, SHAPES[random.nextInt(SHAPES.length)], Scene.PAGE);
        model.put(key, version, pool.put(key.object(), key.index(), page));
    }

    private void get(PageKey key) {
        long version = 0;
        GetResult result;
        try {
            version = Delivery.get(pool, key);
            result = version == 0 ? GetResult.MISS : GetResult.HIT;
        } catch (PageUnavailableException e) {
            result = GetResult.UNAVAILABLE;
        } catch (PageLostException e) {
            result = GetResult.LOST;
        }
        model.get(key, result, version);
    }

    private void reopen() {
        model.stats(pool.stats());
        pool.close();
        pool = scene.open(SceneSettings.pool(pool.name(), kind, mode));
        model.reopened();
    }
}
