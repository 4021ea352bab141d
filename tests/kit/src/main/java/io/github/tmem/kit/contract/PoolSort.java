package io.github.tmem.kit.contract;

import io.github.tmem.api.GetMode;
import io.github.tmem.api.PageKind;
import io.github.tmem.api.config.PoolConfig;

/** The four sorts of pools. */
public enum PoolSort {
    /** What cleancache has. */
    EPHEMERAL_EXCLUSIVE(PageKind.EPHEMERAL, GetMode.EXCLUSIVE),
    /** A cache in front of something slow. */
    EPHEMERAL_INCLUSIVE(PageKind.EPHEMERAL, GetMode.INCLUSIVE),
    /** What frontswap has. */
    PERSISTENT_INCLUSIVE(PageKind.PERSISTENT, GetMode.INCLUSIVE),
    /** Pages that are handed over. */
    PERSISTENT_EXCLUSIVE(PageKind.PERSISTENT, GetMode.EXCLUSIVE);

    private final PageKind kind;
    private final GetMode mode;

    PoolSort(PageKind kind, GetMode mode) {
        this.kind = kind;
        this.mode = mode;
    }

    /** The kind of the pages. */
    public PageKind kind() {
        return kind;
    }

    /** What a hit does. */
    public GetMode mode() {
        return mode;
    }

    /** A pool of this sort with the defaults for the rest. */
    public PoolConfig pool(String name) {
        PoolConfig config = kind == PageKind.EPHEMERAL ? PoolConfig.ephemeral(name) : PoolConfig.persistent(name);
        return config.withGetMode(mode);
    }
}
