package io.github.tmem.bench.mixed;

import io.github.tmem.api.EphemeralPool;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PutResult;
import io.github.tmem.api.Refusal;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicInteger;

/** A pool that does one thing wrong. */
final class LyingPool implements InvocationHandler {
    private static final int DAMAGED_BYTE = 1000;
    private static final int WELL = 1000;

    private final EphemeralPool pool;
    private final Lie lie;
    private final AtomicInteger calls = new AtomicInteger();

    /** What it does wrong. */
    enum Lie {
        /** It is honest. */
        NOTHING,
        /** A put over a page changes nothing. */
        KEEPS_THE_OLDER_PAGE,
        /** A put that it calls refused leaves a page. */
        KEEPS_A_REFUSED_PAGE,
        /** A flush changes nothing. */
        IGNORES_FLUSHES,
        /** A flush of an object changes nothing. */
        IGNORES_OBJECT_FLUSHES,
        /** Some gets miss pages that later ones deliver. */
        BRINGS_PAGES_BACK,
        /** A get delivers a page with a wrong byte. */
        DAMAGES_PAGES,
        /** A get delivers the page of another index. */
        DELIVERS_ANOTHER_PAGE,
        /** A flush throws, but none of the first thousand. */
        FAILS
    }

    private LyingPool(EphemeralPool pool, Lie lie) {
        this.pool = pool;
        this.lie = lie;
    }

    /** The pool, lying like this. */
    static EphemeralPool of(EphemeralPool pool, Lie lie) {
        return (EphemeralPool) Proxy.newProxyInstance(
                EphemeralPool.class.getClassLoader(), new Class<?>[] {EphemeralPool.class}, new LyingPool(pool, lie));
    }

    @Override
    public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
        return switch (method.getName()) {
            case "put" -> put(method, arguments);
            case "get" -> get(method, arguments);
            case "flush" -> flush(method, arguments);
            case "flushObject" -> lie == Lie.IGNORES_OBJECT_FLUSHES ? 0L : honest(method, arguments);
            default -> honest(method, arguments);
        };
    }

    private Object honest(Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(pool, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    /** One call in so many. */
    private boolean now(int every) {
        return calls.incrementAndGet() % every == 0;
    }

    private Object put(Method method, Object[] arguments) throws Throwable {
        if (lie == Lie.KEEPS_THE_OLDER_PAGE && pool.contains((ObjectId) arguments[0], (long) arguments[1])) {
            return PutResult.storedIn("nowhere");
        }
        Object result = honest(method, arguments);
        return lie == Lie.KEEPS_A_REFUSED_PAGE && now(8) ? PutResult.refused(Refusal.FULL) : result;
    }

    private Object get(Method method, Object[] arguments) throws Throwable {
        if (lie == Lie.BRINGS_PAGES_BACK && now(8)) {
            return false;
        }
        Object hit = honest(method, arguments);
        byte[] page = (byte[]) arguments[2];
        if (lie == Lie.DAMAGES_PAGES && now(100)) {
            page[DAMAGED_BYTE]++;
        }
        if (lie == Lie.DELIVERS_ANOTHER_PAGE && now(100)) {
            page[0]++;
        }
        return hit;
    }

    private Object flush(Method method, Object[] arguments) throws Throwable {
        if (lie == Lie.FAILS && calls.incrementAndGet() > WELL) {
            throw new IllegalStateException("as planned");
        }
        return lie == Lie.IGNORES_FLUSHES ? true : honest(method, arguments);
    }
}
