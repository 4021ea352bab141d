package io.github.tmem.system;

import io.github.tmem.api.GetMode;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PageKind;
import io.github.tmem.api.PagePool;
import io.github.tmem.api.Refusal;
import io.github.tmem.api.config.PoolConfig;
import io.github.tmem.api.config.Size;
import io.github.tmem.kit.PageKey;
import io.github.tmem.kit.Pages;
import io.github.tmem.kit.Shape;
import org.jspecify.annotations.Nullable;

/** Pools with a quota, and pages of every shape for them. */
final class CappedPools {
    /** The object whose pages are put. */
    static final ObjectId FILE = ObjectId.of(1);

    private CappedPools() {}

    /** A pool named {@code capped} that may hold so many pages that do not compress. */
    static PoolConfig config(PageKind kind, int pages) {
        PoolConfig config = kind == PageKind.EPHEMERAL
                ? PoolConfig.ephemeral("capped").withGetMode(GetMode.INCLUSIVE)
                : PoolConfig.persistent("capped");
        return config.withQuota(Size.ofBytes((long) pages * Stage.PAGE));
    }

    /** Why a put of a page was refused, or null. */
    static @Nullable Refusal refusal(PagePool pool, long index, Shape shape) {
        return pool.put(FILE, index, page(index, shape)).refusal();
    }

    /** Whether a put of a page was accepted. */
    static boolean put(PagePool pool, long index, Shape shape) {
        return pool.put(FILE, index, page(index, shape)).stored();
    }

    /** A page of {@link #FILE}. */
    static byte[] page(long index, Shape shape) {
        return Pages.make(new PageKey(FILE, index), 1, shape, Stage.PAGE);
    }
}
