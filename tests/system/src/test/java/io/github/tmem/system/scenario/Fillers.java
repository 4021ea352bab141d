package io.github.tmem.system.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.ObjectId;
import io.github.tmem.kit.PageKey;
import io.github.tmem.kit.Race;
import java.util.concurrent.CompletableFuture;

/**
 * Pages of a scene's pool that are about nothing but their room: they fill tiers, and push other pages down. What {@link
 * Scene} says of its verbs holds here too.
 */
final class Fillers {
    private static final ObjectId OBJECT = ObjectId.of(1000);

    private final Scene scene;
    private final boolean moving;
    private long puts;
    private volatile boolean standing;

    /** Of a scene whose background moves pages into slow tiers, if {@code moving}. */
    Fillers(Scene scene, boolean moving) {
        this.scene = scene;
        this.moving = moving;
    }

    void fill(int tier) {
        scene.awaitFrees();
        int missing = room(tier); // counted once, for the background may soon move some
        for (int i = 0; i < missing; i++) {
            put(tier);
        }
    }

    private int room(int tier) {
        return scene.tier(tier).pages() - scene.copies(tier);
    }

    private void put(int tier) {
        scene.putInto(tier, scene.pool(), new PageKey(OBJECT, puts++), 1);
    }

    void flush() {
        scene.pool().flushObject(OBJECT);
    }

    void demote(long index) {
        scene.awaitFrees();
        int from = scene.tierOf(index);
        standing = false;
        push(index, from);
        scene.flushFillers();
        assertThat(scene.tierOf(index)).as("tier of page %d, moved down", index).isEqualTo(from + 1);
    }

    /** Pushes a page out of {@code from}; what that puts stays until {@link #flush}. */
    private boolean push(long index, int from) {
        long version = scene.versions(from, index).getFirst(); // a later one may come to the tier meanwhile
        if (moving) {
            Race.until(() -> {
                boolean room = room(from) > 0; // looked at before the others: they change first
                boolean there = scene.versions(from, index).contains(version);
                if (room && there && !standing) {
                    put(from); // never more than it takes: they push each other out below
                }
                return !there;
            });
        } else {
            int most = 2 * scene.tier(from).pages();
            for (int i = most; i >= 0 && scene.versions(from, index).contains(version); i--) {
                put(from);
            }
        }
        return true;
    }

    CompletableFuture<Boolean> demoteUntil(String step, long index) {
        scene.awaitFrees();
        Background.awaitRest(); // or it may begin before its batch is complete
        int from = scene.tierOf(index);
        boolean intoSlow = moving && scene.shape().isSlow(from + 1);
        // the background sends all it finds in one go
        int together = intoSlow && step.startsWith("put") ? scene.tier(from).pages() : 1;
        String point = Scene.pointOf(step, from);
        standing = false;
        scene.gate().shutFor(point, together);
        CompletableFuture<Boolean> demoting = scene.start(() -> push(index, from));
        scene.gate().awaitArrivals(point, together);
        standing = true;
        return demoting;
    }
}
