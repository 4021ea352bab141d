package io.github.tmem.bench.mixed;

import io.github.tmem.api.EphemeralPool;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PutResult;
import io.github.tmem.api.Refusal;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicInteger;

/** What a pool can do wrong. */
enum EphemeralPoolLie {
    /** It is honest. */
    NOTHING,
    /** A put over a page changes nothing. */
    KEEPS_THE_OLDER_PAGE,
    /** A put that it calls refused leaves a page. */
    KEEPS_A_REFUSED_PAGE,
    /** A flush changes nothing. */
    IGNORES_FLUSHES,
    /** Some gets miss pages that later ones deliver. */
    BRINGS_PAGES_BACK,
    /** A get delivers a page with a wrong byte. */
    DAMAGES_PAGES,
    /** A get delivers the page of another index. */
    DELIVERS_ANOTHER_PAGE,
    /** A flush throws, but none of the first thousand. */
    FAILS;

    private static final int DAMAGED_BYTE = 1000;
    private static final int WELL = 1000;

    private final AtomicInteger calls = new AtomicInteger();

    /** The pool, lying like this. */
    EphemeralPool told(EphemeralPool pool) {
        return (EphemeralPool) Proxy.newProxyInstance(
                EphemeralPool.class.getClassLoader(),
                new Class<?>[] {EphemeralPool.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "put" -> put(pool, method, arguments);
                    case "get" -> get(pool, method, arguments);
                    case "flush" -> flush(pool, method, arguments);
                    default -> honest(pool, method, arguments);
                });
    }

    private static Object honest(EphemeralPool pool, Method method, Object[] arguments) throws Throwable {
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

    private Object put(EphemeralPool pool, Method method, Object[] arguments) throws Throwable {
        if (this == KEEPS_THE_OLDER_PAGE && pool.contains((ObjectId) arguments[0], (long) arguments[1])) {
            return PutResult.storedIn("nowhere");
        }
        Object result = honest(pool, method, arguments);
        return this == KEEPS_A_REFUSED_PAGE && now(8) ? PutResult.refused(Refusal.FULL) : result;
    }

    private Object get(EphemeralPool pool, Method method, Object[] arguments) throws Throwable {
        if (this == BRINGS_PAGES_BACK && now(8)) {
            return false;
        }
        Object hit = honest(pool, method, arguments);
        byte[] page = (byte[]) arguments[2];
        if (this == DAMAGES_PAGES && now(100)) {
            page[DAMAGED_BYTE]++;
        }
        if (this == DELIVERS_ANOTHER_PAGE && now(100)) {
            page[0]++;
        }
        return hit;
    }

    private Object flush(EphemeralPool pool, Method method, Object[] arguments) throws Throwable {
        if (this == FAILS && calls.incrementAndGet() > WELL) {
            throw new IllegalStateException("as planned");
        }
        return this == IGNORES_FLUSHES ? true : honest(pool, method, arguments);
    }
}
