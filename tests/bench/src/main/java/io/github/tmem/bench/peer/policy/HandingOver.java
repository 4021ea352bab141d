package io.github.tmem.bench.peer.policy;

/** Another cache with exclusive gets: a hit removes the page. */
public final class HandingOver implements PageCache {
    private final PageCache keeping;

    /** The cache {@code keeping}, whose hits keep the page, with hits that do not. */
    public HandingOver(PageCache keeping) {
        this.keeping = keeping;
    }

    @Override
    public boolean get(int page) {
        boolean there = keeping.get(page);
        if (there) {
            keeping.flush(page);
        }
        return there;
    }

    @Override
    public void put(int page) {
        keeping.put(page);
    }

    @Override
    public void flush(int page) {
        keeping.flush(page);
    }
}
