package io.github.tmem.node.demo;

import io.github.tmem.api.PageKind;
import io.github.tmem.node.console.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/** One thread's share of the demo: objects nobody else touches, in two pools that everybody uses. */
final class Worker {
    private static final int REPLACE_EVERY = 8;
    private static final int FLUSH_EVERY = 32;
    private static final int FLUSH_OBJECT_EVERY = 16;
    private static final int GET_EVERY = 4;
    private static final int PUT_BACK_EVERY = 8;
    private static final int REREAD_TWICE_EVERY = 16;

    private record Task(VerifiedPool pool, DemoObject object) {}

    private final VerifiedPool ephemeral;
    private final VerifiedPool persistent;
    private final List<Task> tasks = new ArrayList<>();

    Worker(VerifiedPool ephemeral, VerifiedPool persistent) {
        this.ephemeral = ephemeral;
        this.persistent = persistent;
    }

    /** Gives this worker an object of its own. */
    void own(DemoObject object, PageKind kind) {
        tasks.add(new Task(kind == PageKind.EPHEMERAL ? ephemeral : persistent, object));
    }

    VerifiedPool ephemeral() {
        return ephemeral;
    }

    VerifiedPool persistent() {
        return persistent;
    }

    /** The number of keys this worker uses in one of its pools. */
    long keys(VerifiedPool pool) {
        return tasks.stream()
                .filter(task -> task.pool() == pool)
                .mapToLong(task -> task.object().pages())
                .sum();
    }

    /** The pages the persistent pool must hold for this worker. */
    long persistentHeld() {
        return persistentPages(DemoObject::held);
    }

    /** The persistent pages of this worker that were out of reach when they were last asked for. */
    long stillUnavailable() {
        return persistentPages(DemoObject::unavailable);
    }

    /** Asks once more for each persistent page that was out of reach when it was last asked for. */
    void askForUnavailable() {
        for (Task task : tasks) {
            for (int index = 0; index < task.object().pages(); index++) {
                if (task.object().knows(index) == Knowledge.UNAVAILABLE) {
                    task.pool().get(task.object(), index);
                }
            }
        }
    }

    private long persistentPages(ToLongFunction<DemoObject> count) {
        return tasks.stream()
                .filter(task -> task.pool() == persistent)
                .mapToLong(task -> count.applyAsLong(task.object()))
                .sum();
    }

    /** Does one phase over all objects of this worker. */
    void run(Phase phase, Progress progress) {
        for (int i = 0; i < tasks.size(); i++) {
            VerifiedPool pool = tasks.get(i).pool();
            DemoObject object = tasks.get(i).object();
            if (phase == Phase.FLUSH_OBJECTS) {
                // Neighbouring tasks are of different pools, so this takes objects of both.
                if (i / 2 % FLUSH_OBJECT_EVERY == 1) {
                    pool.flushObject(object);
                }
            } else {
                for (int index = 0; index < object.pages(); index++) {
                    visit(phase, pool, object, index);
                }
            }
            progress.advance(object.pages());
        }
    }

    private static void visit(Phase phase, VerifiedPool pool, DemoObject object, int index) {
        switch (phase) {
            case FILL -> pool.put(object, index);
            case REPLACE -> {
                if (index % REPLACE_EVERY == 3) {
                    pool.put(object, index);
                }
            }
            case FLUSH -> {
                if (index % FLUSH_EVERY == 5) {
                    pool.flush(object, index);
                }
            }
            case GET -> getAndPutBack(pool, object, index);
            case REREAD -> {
                pool.get(object, index);
                if (index % REREAD_TWICE_EVERY == 0 || object.knows(index).isAmiss()) {
                    pool.get(object, index);
                }
            }
            case FLUSH_OBJECTS -> throw new IllegalArgumentException("not done page by page");
        }
    }

    private static void getAndPutBack(VerifiedPool pool, DemoObject object, int index) {
        if (index % GET_EVERY != 1) {
            return;
        }
        pool.get(object, index);
        if (index % PUT_BACK_EVERY == 1 && object.knows(index) != Knowledge.CURRENT) {
            pool.put(object, index);
        }
    }
}
