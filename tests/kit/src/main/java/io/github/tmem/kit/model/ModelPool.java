package io.github.tmem.kit.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tmem.api.GetMode;
import io.github.tmem.api.GetResult;
import io.github.tmem.api.ObjectId;
import io.github.tmem.api.PageKind;
import io.github.tmem.api.PutResult;
import io.github.tmem.api.Refusal;
import io.github.tmem.api.stats.PoolStats;
import io.github.tmem.kit.PageKey;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The oracle for one pool used by one thread: told every operation and its result, it fails on the first result that the
 * laws do not allow.
 *
 * <p>A key is absent, or has the one version that a get may deliver. An ephemeral page with a version may still miss, and
 * is absent from then on (L2). A persistent page has to be delivered; between {@link #expectOutages} and {@link
 * #outagesEnded} it may also be unavailable, and once {@link #expectLosses} was called it may be found lost, and is then
 * lost until put or flush (L5). A refused put leaves the key absent (L3). Not thread-safe.
 */
public final class ModelPool {

    private final PageKind kind;
    private final GetMode mode;
    private final Map<PageKey, Page> pages = new HashMap<>();
    private boolean outagesExpected;
    private boolean lossesExpected;
    private long stored;
    private long refused;
    private long hits;
    private long misses;
    private long unavailable;
    private long lostGets;

    /** What the model knows of a page that is not absent. */
    private record Page(long version, State state) {}

    private enum State {
        READABLE,
        LOST
    }

    /** The oracle for an empty pool. */
    public ModelPool(PageKind kind, GetMode mode) {
        this.kind = kind;
        this.mode = mode;
    }

    /** From now on persistent pages may be unavailable. */
    public void expectOutages() {
        outagesExpected = true;
    }

    /** From now on every tier answers: pages that were unavailable have to be delivered again. */
    public void outagesEnded() {
        outagesExpected = false;
    }

    /** From now on persistent pages may be found lost: also later, when a copy that was damaged is read. */
    public void expectLosses() {
        lossesExpected = true;
    }

    /** A put of {@code version} came to {@code result}. */
    public void put(PageKey key, long version, PutResult result) {
        if (result.stored()) {
            stored++;
            pages.put(key, new Page(version, State.READABLE));
        } else {
            refused++;
            pages.remove(key);
        }
    }

    /**
     * A put of {@code version} with a token came to {@code result}.
     *
     * @param changed whether the key was put or flushed since the token was taken
     */
    public void fill(PageKey key, long version, PutResult result, boolean changed) {
        if (changed && result.stored()) {
            throw new AssertionError("a put of " + key + " with a token from before its last change was stored");
        }
        if (result.refusal() == Refusal.OUTDATED) {
            refused++; // and what was there has stayed
        } else {
            put(key, version, result);
        }
    }

    /**
     * A get came to {@code result}.
     *
     * @param version what was delivered; ignored when nothing was
     */
    public void get(PageKey key, GetResult result, long version) {
        Page page = pages.get(key);
        switch (result) {
            case HIT -> hit(key, page, version);
            case MISS -> miss(key, page);
            case UNAVAILABLE -> {
                unavailable++;
                checkFault(key, page, result, outagesExpected && isReadable(page));
            }
            case LOST -> {
                lostGets++;
                checkFault(key, page, result, lossesExpected || !isReadable(page));
                pages.put(key, new Page(page == null ? 0 : page.version, State.LOST));
            }
        }
    }

    /** Contains answered {@code present}. */
    public void contains(PageKey key, boolean present) {
        checkPresence("contains", key, present);
        if (!present) {
            pages.remove(key);
        }
    }

    /** A flush answered {@code present}. */
    public void flush(PageKey key, boolean present) {
        checkPresence("flush", key, present);
        pages.remove(key);
    }

    /** A flush of an object answered {@code count}. */
    public void flushObject(ObjectId object, long count) {
        long known = pages.keySet().stream()
                .filter(key -> key.object().equals(object))
                .count();
        checkCount("pages flushed of object " + object, count, known);
        pages.keySet().removeIf(key -> key.object().equals(object));
    }

    /** The pool says it holds {@code count} pages. */
    public void pageCount(long count) {
        checkCount("pages held", count, pages.size());
    }

    /** The pool was closed and a new one opened under its name. */
    public void reopened() {
        pages.clear();
        stored = 0;
        refused = 0;
        hits = 0;
        misses = 0;
        unavailable = 0;
        lostGets = 0;
    }

    /** Compares the counters of the pool with what the model saw. */
    public void stats(PoolStats stats) {
        assertThat(stats.stored()).as("stored").isEqualTo(stored);
        assertThat(stats.refusedTotal()).as("refused").isEqualTo(refused);
        assertThat(stats.hits()).as("hits").isEqualTo(hits);
        assertThat(stats.misses()).as("misses").isEqualTo(misses);
        assertThat(stats.unavailable()).as("unavailable").isEqualTo(unavailable);
        assertThat(stats.lostGets()).as("lostGets").isEqualTo(lostGets);
        pageCount(stats.pages());
    }

    private void hit(PageKey key, @Nullable Page page, long version) {
        hits++;
        if (page == null || page.state != State.READABLE || page.version != version) {
            throw new AssertionError("get of " + key + " delivered version " + version + ", allowed: " + page);
        }
        if (mode == GetMode.EXCLUSIVE) {
            pages.remove(key);
        }
    }

    private void miss(PageKey key, @Nullable Page page) {
        misses++;
        if (kind == PageKind.PERSISTENT && page != null) {
            throw new AssertionError("get of " + key + " missed a persistent page: " + page);
        }
        pages.remove(key);
    }

    private void checkFault(PageKey key, @Nullable Page page, GetResult result, boolean explained) {
        if (kind != PageKind.PERSISTENT || page == null || !explained) {
            throw new AssertionError("get of " + key + " came to " + result + ", known: " + page);
        }
    }

    private void checkPresence(String what, PageKey key, boolean present) {
        boolean known = pages.containsKey(key);
        boolean allowed = kind == PageKind.PERSISTENT ? present == known : known || !present;
        if (!allowed) {
            throw new AssertionError(what + " of " + key + " said " + present + ", known: " + pages.get(key));
        }
    }

    private void checkCount(String what, long count, long known) {
        if (kind == PageKind.PERSISTENT) {
            assertThat(count).as(what).isEqualTo(known);
        } else {
            assertThat(count).as(what).isBetween(0L, known);
        }
    }

    private static boolean isReadable(@Nullable Page page) {
        return page != null && page.state == State.READABLE;
    }
}
