package io.github.tmem.bench.timing;

import java.util.List;
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
        time(from, to);
    }

    /**
     * From when all threads are at work until the last has done its part. They are woken before, and pass a word around until each has
     * a processor of its own: a system may start two threads on one of them, and need longer than a short turn to see that.
     */
    @Override
    public long time(int from, int to) {
        Gathering gathering = new Gathering(parts.size());
        List<Future<Span>> running = IntStream.range(0, parts.size())
                .mapToObj(part -> threads.submit(() -> part(part, from, to, gathering)))
                .toList();
        long begin = Long.MAX_VALUE;
        long end = Long.MIN_VALUE;
        for (Future<Span> one : running) {
            Span span = await(one);
            begin = Math.min(begin, span.begin());
            end = Math.max(end, span.end());
        }
        return end - begin;
    }

    private Span part(int part, int from, int to, Gathering gathering) {
        long length = (long) to - from;
        int first = from + (int) (length * part / parts.size());
        int last = from + (int) (length * (part + 1) / parts.size());
        gathering.await();
        long begin = System.nanoTime();
        parts.get(part).run(first, last);
        return new Span(begin, System.nanoTime());
    }

    private record Span(long begin, long end) {}

    private static Span await(Future<Span> one) {
        try {
            return one.get();
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
