package io.github.tmem.kit;

import io.github.tmem.api.PageLostException;
import io.github.tmem.api.PagePool;
import io.github.tmem.api.PageUnavailableException;
import java.util.Arrays;

/** Gets that look at all of their buffer, so that what is delivered, and what must not be, is seen. */
public final class Delivery {

    private static final byte SENTINEL = 0x5A;

    private Delivery() {}

    /**
     * The version of the page a get delivers, or 0 on a miss.
     *
     * @throws AssertionError if the buffer holds anything but the whole page of this key, or was touched although nothing
     *     was delivered (L6)
     * @throws PageUnavailableException as the get does, with the buffer untouched
     * @throws PageLostException as the get does, with the buffer untouched
     */
    public static long get(PagePool pool, PageKey key) {
        byte[] buffer = new byte[pool.pageSize()];
        Arrays.fill(buffer, SENTINEL);
        try {
            if (pool.get(key.object(), key.index(), buffer)) {
                return Pages.version(key, buffer);
            }
        } catch (PageUnavailableException | PageLostException failure) {
            checkUntouched(buffer);
            throw failure;
        }
        checkUntouched(buffer);
        return 0;
    }

    private static void checkUntouched(byte[] buffer) {
        for (byte b : buffer) {
            if (b != SENTINEL) {
                throw new AssertionError("L6: the buffer was touched although nothing was delivered");
            }
        }
    }
}
