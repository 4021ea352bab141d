package io.github.tmem.bench.replay;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** The guest's two lists by the plainest means: two queues, searched from end to end. */
final class PlainGuest {
    private final int capacity;
    private final Deque<Integer> inactive = new ArrayDeque<>();
    private final Deque<Integer> active = new ArrayDeque<>();

    PlainGuest(int capacity) {
        this.capacity = capacity;
    }

    boolean touch(int page) {
        if (!inactive.removeFirstOccurrence(page) && !active.removeFirstOccurrence(page)) {
            return false;
        }
        active.addFirst(page);
        if (active.size() > capacity / 2) {
            inactive.addFirst(active.removeLast());
        }
        return true;
    }

    @Nullable
    Integer admit(int page) {
        Integer victim = null;
        if (inactive.size() + active.size() == capacity) {
            victim = inactive.isEmpty() ? active.removeLast() : inactive.removeLast();
        }
        inactive.addFirst(page);
        return victim;
    }
}
