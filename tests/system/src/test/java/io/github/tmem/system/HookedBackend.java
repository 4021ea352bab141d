package io.github.tmem.system;

import io.github.tmem.api.PageKind;
import io.github.tmem.api.spi.Backend;
import io.github.tmem.api.spi.Completion;
import io.github.tmem.api.spi.LocatedBackend.Claim;
import io.github.tmem.api.spi.LocatedBackend.ClaimGoal;
import io.github.tmem.kit.backend.FilterBackend;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Runs what a test hung up at a call, on the thread that makes the call. What a hook throws, the call throws. The points
 * are {@code put}, {@code put-done}, {@code putAsync}, {@code get-done}, {@code flush}, {@code flush-all}, {@code resize} and {@code claim}.
 * Thread-safe.
 */
final class HookedBackend extends FilterBackend {
    private final Map<String, Runnable> hooks = new ConcurrentHashMap<>();

    HookedBackend(Backend wrapped) {
        super(wrapped);
    }

    /** From now on {@code hook} runs at {@code point}, instead of the one before. */
    void at(String point, Runnable hook) {
        hooks.put(point, hook);
    }

    /** Takes all hooks down. */
    void heal() {
        hooks.clear();
    }

    private void run(String point) {
        Runnable hook = hooks.get(point);
        if (hook != null) {
            hook.run();
        }
    }

    @Override
    public long put(long copyId, PageKind kind, int owner, MemorySegment encoded, int length) {
        run("put");
        long result = super.put(copyId, kind, owner, encoded, length);
        run("put-done");
        return result;
    }

    @Override
    public void putAsync(
            long copyId, PageKind kind, int owner, MemorySegment encoded, int length, Completion completion) {
        run("putAsync");
        super.putAsync(copyId, kind, owner, encoded, length, completion);
    }

    @Override
    public int get(long locator, MemorySegment destination, int length) {
        int result = super.get(locator, destination, length);
        run("get-done");
        return result;
    }

    @Override
    public int flush(long locator) {
        run("flush");
        return super.flush(locator);
    }

    @Override
    public void flushAll(long[] locators, int count, int[] outcomes) {
        run("flush-all");
        super.flushAll(locators, count, outcomes);
    }

    @Override
    public long resize(long capacityBytes) {
        run("resize");
        return super.resize(capacityBytes);
    }

    @Override
    protected @Nullable Claim claim(ClaimGoal goal, int length) {
        run("claim");
        return super.claim(goal, length);
    }
}
