package io.github.tmem.bench.replay;

import io.github.tmem.api.GetMode;
import io.github.tmem.bench.peer.policy.KnownFuture;
import io.github.tmem.bench.peer.policy.PageCache;
import io.github.tmem.bench.peer.policy.Peer;
import io.github.tmem.bench.trace.Trace;
import io.github.tmem.node.console.Progress;
import org.jspecify.annotations.Nullable;

/**
 * A trace and how a cache meets it: directly with gets that keep the page, or behind a guest's page cache with gets that
 * remove it. Not thread-safe.
 */
public final class Course {
    private final Trace trace;
    private final int guestPages;
    private @Nullable KnownFuture future;

    private Course(Trace trace, int guestPages) {
        this.trace = trace;
        this.guestPages = guestPages;
    }

    /** Every access is a get, and after a miss a put. Gets are inclusive. */
    public static Course direct(Trace trace) {
        return new Course(trace, 0);
    }

    /** Behind a guest's page cache of {@code guestPages} pages, at least 1. Gets are exclusive. */
    public static Course behindGuest(Trace trace, int guestPages) {
        return new Course(trace, guestPages);
    }

    /** The trace. */
    public Trace trace() {
        return trace;
    }

    /** What a hit does to the page. */
    public GetMode mode() {
        return guestPages == 0 ? GetMode.INCLUSIVE : GetMode.EXCLUSIVE;
    }

    /** Sends the trace to a cache that nobody has used. */
    Hits run(PageCache cache, Progress progress) {
        Replay replay = new Replay(trace, cache, progress);
        return guestPages == 0 ? replay.direct() : replay.behind(new GuestCache(trace.distinctPages(), guestPages));
    }

    /** The same for a store of exactly so many pages. */
    public Hits store(int pages) {
        return new ReplayJob(this, null, pages, Stores.exact().holding(pages))
                .run(Progress.silent())
                .hits();
    }

    /** The same for another policy with so many pages. */
    public Hits peer(Peer peer, int pages) {
        return run(open(peer, pages), Progress.silent());
    }

    /** An empty cache with another policy and so many pages, for this course. */
    PageCache open(Peer peer, int pages) {
        return peer.open(mode(), trace.distinctPages(), pages, this::future);
    }

    private KnownFuture future() {
        if (future == null) {
            KnownFuture.Recorder recorder = new KnownFuture.Recorder(trace.distinctPages());
            run(recorder, Progress.silent());
            future = recorder.future();
        }
        return future;
    }
}
