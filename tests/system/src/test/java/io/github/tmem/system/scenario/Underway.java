package io.github.tmem.system.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.PoolClosedException;
import java.util.concurrent.CompletableFuture;

/**
 * A put into the last tier and a move out of the first that stand in mid-step, so that a test can do something to their
 * pages meanwhile. Page 0 moves, {@link #PUT} is put.
 */
final class Underway {
    /** The index of the page that is being put, as version 1. */
    static final long PUT = 50;

    private final Scene scene;
    private final String movePoint;
    private final String putPoint;
    private final CompletableFuture<Boolean> put;
    private final CompletableFuture<Boolean> move;

    private Underway(Scene scene, String step) {
        int last = scene.lastTier();
        this.scene = scene;
        movePoint = Scene.pointOf(step, 0);
        putPoint = last + (step.equals("put") ? ".put-done" : ".put"); // where the move does not stop
        scene.gate().shutForOne(putPoint);
        put = scene.start(() -> {
            scene.putInto(last, PUT, 1);
            return true;
        });
        scene.gate().awaitArrival(putPoint);
        move = scene.demoteUntil(step, 0);
    }

    /** Starts both; page 0 is in the first tier. */
    static Underway in(Scene scene, String step) {
        return new Underway(scene, step);
    }

    /** Lets both end. */
    void end() {
        scene.gate().open(putPoint);
        scene.gate().open(movePoint);
        scene.join(put);
        try {
            scene.join(move);
        } catch (AssertionError failure) { // who pushed the page down may have found the pool destroyed
            assertThat(failure).hasCauseInstanceOf(PoolClosedException.class);
        }
    }
}
