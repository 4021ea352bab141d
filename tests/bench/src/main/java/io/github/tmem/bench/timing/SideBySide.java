package io.github.tmem.bench.timing;

import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/**
 * Several contestants of one kind, each in a thread of its own, that share the operations: half the time per operation
 * means twice the throughput.
 */
public final class SideBySide implements Contestant, AutoCloseable {
    private final String name;
    private final List<? extends Contestant> parts;
    private final ExecutorService threads;

    /** The parts must not share anything that only one thread may use. */
    public SideBySide(String name, List<? extends Contestant> parts) {
        this.name = name;
        this.parts = parts;
        threads = Executors.newFixedThreadPool(
                parts.size(), Thread.ofPlatform().daemon().factory());
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void prepare(int from, int to) {
        parts.getFirst().prepare(from, to);
    }

    @Override
    public void run(int from, int to) {
        CyclicBarrier together = new CyclicBarrier(parts.size());
        List<Future<?>> running = IntStream.range(0, parts.size())
                .<Future<?>>mapToObj(part -> threads.submit(() -> {
                    together.await();
                    int length = to - from;
                    parts.get(part)
                            .run(
                                    from + (int) ((long) length * part / parts.size()),
                                    from + (int) ((long) length * (part + 1) / parts.size()));
                    return null;
                }))
                .toList();
        for (Future<?> one : running) {
            await(one);
        }
    }

    private static void await(Future<?> one) {
        try {
            one.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    @Override
    public void close() {
        threads.close();
    }
}
