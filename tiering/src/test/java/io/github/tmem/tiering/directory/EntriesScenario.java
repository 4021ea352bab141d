package io.github.tmem.tiering.directory;

import java.lang.foreign.Arena;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;
import org.jetbrains.lincheck.datastructures.Validate;

/** Threads that take entries and give their own back: an entry that is taken is nobody else's. */
@Param(name = "thread", gen = ThreadIdGen.class)
public final class EntriesScenario {
    private final Arena arena = Arena.ofShared();
    private final EntryTable entries = new EntryTable(0, arena);
    private final AtomicIntegerArray takers = new AtomicIntegerArray(64);
    private final List<Deque<Integer>> taken = List.of(new ArrayDeque<>(), new ArrayDeque<>(), new ArrayDeque<>());

    /** Leaves three entries that have been given back. */
    public EntriesScenario() {
        int[] first = {entries.take(), entries.take(), entries.take()};
        for (int entry : first) {
            entries.give(entry);
        }
    }

    /** Takes an entry; whether nobody else has it. */
    @Operation(params = "thread")
    public boolean take(int thread) {
        int entry = entries.take();
        taken.get(thread).push(entry);
        return takers.incrementAndGet(entry) == 1;
    }

    /** Gives the entry back that was taken first, if there is any. */
    @Operation(params = "thread")
    public void give(int thread) {
        Integer entry = taken.get(thread).pollLast();
        if (entry != null) {
            takers.decrementAndGet(entry);
            entries.give(entry);
        }
    }

    /** Gives the memory back. */
    @Validate
    public void close() {
        arena.close();
    }
}
