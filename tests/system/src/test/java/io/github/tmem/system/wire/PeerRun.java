package io.github.tmem.system.wire;

import io.github.tmem.api.GetMode;
import io.github.tmem.api.GetResult;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PageKind;
import io.github.tmem.api.PageLostException;
import io.github.tmem.api.PageUnavailableException;
import io.github.tmem.kit.Delivery;
import io.github.tmem.kit.PageKey;
import io.github.tmem.kit.Pages;
import io.github.tmem.kit.Shape;
import io.github.tmem.kit.model.ModelPool;
import io.github.tmem.kit.process.PeerProcess;
import java.util.SplittableRandom;

/** Random operations of one thread on a few pages while the peer is frozen, killed and started anew, held against the oracle. */
final class PeerRun {
    private static final int OBJECTS = 2;
    private static final int INDEXES = 64;

    private final PeerProcess peer;
    private final FarStore far;
    private final SplittableRandom random;
    private final ModelPool model;
    private long lastVersion;
    private long lastDelivered;
    private GetResult lastResult = GetResult.MISS;
    private boolean frozen;

    PeerRun(PeerProcess peer, FarStore far, PageKind kind, GetMode mode, long seed) {
        this.peer = peer;
        this.far = far;
        random = new SplittableRandom(seed);
        model = new ModelPool(kind, mode);
        model.expectOutages();
        model.expectLosses();
    }

    /** So many operations; in the middle of them the peer is killed and started anew so often. */
    void run(int steps, int kills) {
        for (int step = 1; step <= steps; step++) {
            step();
            if (step % (steps / (kills + 1)) == 0 && step < steps) {
                thaw();
                peer.kill();
                step();
                peer.restart();
                getAll(); // waits for the peer: steps are faster
            }
        }
        thaw();
        model.outagesEnded();
        getAll();
        model.pageCount(far.pool().pageCount());
        far.settle();
    }

    private void getAll() {
        for (int index = 0; index < OBJECTS * INDEXES; index++) {
            getAtLast(new PageKey(ObjectId.of(1 + index / INDEXES), index % INDEXES));
        }
    }

    /** Unavailable it may be for a moment still, and is asked for again. */
    private void getAtLast(PageKey key) {
        WirePages.await(() -> result(key) != GetResult.UNAVAILABLE);
        model.get(key, lastResult, lastDelivered);
    }

    private void step() {
        int of = random.nextInt(1000);
        PageKey key = new PageKey(object(), random.nextInt(INDEXES));
        if (of < 450) {
            put(key);
        } else if (of < 900) {
            get(key);
        } else if (of < 980) {
            model.flush(key, far.pool().flush(key.object(), key.index()));
        } else if (of < 984) {
            model.flushObject(key.object(), far.pool().flushObject(key.object()));
        } else if (of < 987 && !frozen && peer.process().isAlive()) {
            peer.process().freeze();
            frozen = true;
        } else {
            thaw();
        }
        model.pageCount(far.pool().pageCount());
    }

    private ObjectId object() {
        return ObjectId.of(1 + random.nextInt(OBJECTS));
    }

    private void thaw() {
        if (frozen) {
            peer.process().thaw();
            frozen = false;
        }
    }

    private void put(PageKey key) {
        long version = ++lastVersion;
        byte[] page = Pages.make(key, version, Shape.INCOMPRESSIBLE, far.pool().pageSize());
        model.put(key, version, far.pool().put(key.object(), key.index(), page));
    }

    private void get(PageKey key) {
        GetResult result = result(key);
        model.get(key, result, lastDelivered);
    }

    private GetResult result(PageKey key) {
        lastDelivered = 0;
        try {
            lastDelivered = Delivery.get(far.pool(), key);
            lastResult = lastDelivered == 0 ? GetResult.MISS : GetResult.HIT;
        } catch (PageUnavailableException e) {
            lastResult = GetResult.UNAVAILABLE;
        } catch (PageLostException e) {
            lastResult = GetResult.LOST;
        }
        return lastResult;
    }
}
