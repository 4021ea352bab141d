package io.github.tmem.system.lincheck;

import io.github.tmem.api.PagePool;
import io.github.tmem.api.PoolClosedException;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.api.spi.SelfChecking;
import io.github.tmem.kit.PageKey;
import io.github.tmem.kit.Pages;
import io.github.tmem.kit.Shape;
import java.util.Arrays;
import java.util.function.Function;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.Validate;

/**
 * What threads do to one pool with three pages of two objects. A page is known by its version; 0 stands for no page. Every
 * scenario has a pool of its own.
 */
@Param(name = "key", gen = IntGen.class, conf = "0:2")
@Param(name = "object", gen = IntGen.class, conf = "0:1")
@Param(name = "version", gen = IntGen.class, conf = "1:40")
public class PagesScenario {
    private static final byte SENTINEL = 0x5A;
    private static final PageKey FILLER = PageKey.of(9, 9);

    private final Terrain terrain = Terrain.current();
    private final PoolConfig settings = terrain.freshPool();
    private final PoolConfig fillers = terrain.freshPool();

    /** For Lincheck. */
    public PagesScenario() {}

    private static PageKey key(int key) {
        return PageKey.of(key / 2, key % 2);
    }

    private static Shape shape(int version) {
        return switch (version % 4) {
            case 0 -> Shape.SAME_FILLED;
            case 1 -> Shape.COMPRESSIBLE;
            default -> Shape.INCOMPRESSIBLE;
        };
    }

    /** Calls the pool that is open now. A call of one that was closed meanwhile has no effect, and is made again. */
    private <T> T call(Function<PagePool, T> operation) {
        while (true) {
            PagePool pool = terrain.store().pool(settings);
            try {
                return operation.apply(pool);
            } catch (PoolClosedException e) {
                if (!pool.isClosed()) {
                    throw e;
                }
            }
        }
    }

    /** Stores a page; whether it was taken. */
    @Operation(params = {"key", "version"})
    public boolean put(int key, int version) {
        PageKey at = key(key);
        byte[] page = Pages.make(at, version, shape(version), Terrain.PAGE);
        return call(pool -> pool.put(at.object(), at.index(), page).stored());
    }

    /** Fetches a page. */
    @Operation(params = "key")
    public int get(int key) {
        PageKey at = key(key);
        byte[] page = new byte[Terrain.PAGE];
        Arrays.fill(page, SENTINEL);
        if (call(pool -> pool.get(at.object(), at.index(), page))) {
            return (int) Pages.version(at, page);
        }
        for (byte b : page) {
            if (b != SENTINEL) {
                throw new AssertionError("the buffer was touched although nothing was delivered");
            }
        }
        return 0;
    }

    /** Forgets a page. */
    @Operation(params = "key")
    public boolean flush(int key) {
        return call(pool -> pool.flush(key(key).object(), key(key).index()));
    }

    /**
     * Forgets the pages of an object. Their number is not looked at: pages of puts that the flush overtook are not in it.
     */
    @Operation(params = "object")
    public void flushObject(int object) {
        call(pool -> pool.flushObject(key(2 * object).object()));
    }

    /** Whether there is a page. */
    @Operation(params = "key")
    public boolean contains(int key) {
        return call(pool -> pool.contains(key(key).object(), key(key).index()));
    }

    /** Pushes pages of the first tier down with a page of another pool, which then goes. */
    @Operation
    public void demote() {
        PagePool pool = terrain.store().pool(fillers);
        byte[] page = Pages.make(FILLER, 1, Shape.INCOMPRESSIBLE, Terrain.PAGE);
        pool.put(FILLER.object(), FILLER.index(), page);
        pool.flush(FILLER.object(), FILLER.index());
    }

    /** Destroys the pool. The next call opens a new one. */
    void destroy() {
        terrain.store().pool(settings).close();
    }

    /** Once no operation is under way: directory and tiers agree, before and after the pools have gone. */
    @Validate
    public void endsWell() {
        ((SelfChecking) terrain.store()).verify();
        destroy();
        terrain.store().pool(fillers).close();
        ((SelfChecking) terrain.store()).verify();
    }
}
